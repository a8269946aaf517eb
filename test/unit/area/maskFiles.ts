import sharp from 'sharp';
import type { MaskFileOrder } from '../../../nodes/PicWish/area/mask';
import { PicWishError } from '../../../nodes/PicWish/errors';
import { bitmapOf, drawn } from './bitmaps';
import { inPieces, pngFile } from './pngFiles';

export const SIZE = { width: 20, height: 10 };
export const shapeOrder = {
	name: 'Mask Binary Field: m.png',
	size: SIZE,
	growBy: 0,
	orientation: 1,
} as const;
export const order: MaskFileOrder = { ...shapeOrder, marks: 'white', redraw: false };

export type Pixel = [red: number, green: number, blue: number, alpha: number];
export const WHITE: Pixel = [255, 255, 255, 255];
export const BLACK: Pixel = [0, 0, 0, 255];
export const CLEAR: Pixel = [0, 0, 0, 0];
export const grey = (value: number): Pixel => [value, value, value, 255];

export function fileOf(
	pixel: (x: number, y: number) => Pixel,
	size = SIZE,
): () => Promise<AsyncIterable<Uint8Array>> {
	return async () => inPieces(pngFile({ ...size, colorType: 6, depth: 8, samples: pixel }));
}

/** The picture that is sent, by sharp; a file that is sent as it is gives undefined. */
export async function sent(png: Buffer | undefined): Promise<string[] | undefined> {
	if (!png) return undefined;
	const { data, info } = await sharp(png)
		.toColourspace('b-w')
		.raw()
		.toBuffer({ resolveWithObject: true });
	expect(new Set(data)).toEqual(new Set([0, 255]));
	return drawn({ width: info.width, height: info.height, pixels: data });
}

export const picture = (isOne: (x: number, y: number) => boolean, { width, height } = SIZE) =>
	drawn(bitmapOf(width, height, isOne));

export const inSpot = (x: number, y: number) => x >= 3 && x < 8 && y >= 2 && y < 5;

export async function refusal(work: Promise<unknown>) {
	const error = await work.then(
		() => undefined,
		(thrown: unknown) => thrown,
	);
	expect(error).toBeInstanceOf(PicWishError);
	return error instanceof PicWishError ? error.details : undefined;
}
