import sharp from 'sharp';
import { decodeBmp } from '../sandbox/bmp';
import type { Area } from '../sandbox/samples/samples';

/** Marked for removal: rectangles in pixels, or a picture that is white there. */
export type MarkedArea = { rectangles: readonly Area[] } | { mask: Buffer };

/** More than a JPEG's own loss, less than anything one would call an object. */
const VISIBLE_CHANGE = 24;

/** Shares of the pixels that have visibly changed, 0 to 1; NaN for a part without a pixel. */
export interface Difference {
	inside: number;
	outside: number;
}

interface Size {
	width: number;
	height: number;
}

/** Opens every format the service takes; no turning by EXIF, so that pixels stay where they are. */
export function openPicture(bytes: Buffer): sharp.Sharp {
	if (bytes.toString('latin1', 0, 2) !== 'BM') return sharp(bytes).toColourspace('srgb');
	const { width, height, rgb } = decodeBmp(bytes);
	return sharp(rgb, { raw: { width, height, channels: 3 } });
}

async function pixelsOf(picture: Buffer) {
	return await openPicture(picture).removeAlpha().raw().toBuffer({ resolveWithObject: true });
}

/** One byte a pixel, 255 where marked. */
async function drawArea(area: MarkedArea, { width, height }: Size): Promise<Buffer> {
	if ('mask' in area) {
		const mask = openPicture(area.mask).flatten({ background: '#000' }).greyscale();
		return await mask.resize(width, height, { fit: 'fill' }).threshold(128).raw().toBuffer();
	}
	const pixels = Buffer.alloc(width * height);
	for (const rectangle of area.rectangles) {
		const right = Math.min(width, rectangle.x + rectangle.width);
		const bottom = Math.min(height, rectangle.y + rectangle.height);
		for (let y = rectangle.y; y < bottom; y++) {
			pixels.fill(255, y * width + Math.min(rectangle.x, right), y * width + right);
		}
	}
	return pixels;
}

/**
 * Tells how much a picture has changed, where it should and where it should not.
 *
 * @returns undefined when the two are not of the same size
 */
export async function compare(
	before: Buffer,
	after: Buffer,
	area: MarkedArea,
): Promise<Difference | undefined> {
	const [a, b] = [await pixelsOf(before), await pixelsOf(after)];
	if (a.info.width !== b.info.width || a.info.height !== b.info.height) return undefined;
	const marked = await drawArea(area, a.info);
	const changed = { inside: 0, outside: 0 };
	const all = { inside: 0, outside: 0 };
	const differs = (i: number) => Math.abs((a.data[i] ?? 0) - (b.data[i] ?? 0)) > VISIBLE_CHANGE;
	for (let i = 0; i < a.data.length; i += 3) {
		const place = marked[i / 3] === 255 ? 'inside' : 'outside';
		all[place]++;
		if (differs(i) || differs(i + 1) || differs(i + 2)) changed[place]++;
	}
	return { inside: changed.inside / all.inside, outside: changed.outside / all.outside };
}

export const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

/** A picture with the marked area tinted, as PNG. */
export async function tint(picture: Buffer, area: MarkedArea): Promise<Buffer> {
	const { data, info } = await pixelsOf(picture);
	const { width, height } = info;
	const marked = await drawArea(area, info);
	const red = { width, height, channels: 3 as const, background: '#ff2d6f' };
	const alpha = Buffer.from(marked.map((value) => (value === 255 ? 110 : 0)));
	const layer = await sharp({ create: red })
		.joinChannel(alpha, { raw: { width, height, channels: 1 } })
		.png()
		.toBuffer();
	return await sharp(data, { raw: { width, height, channels: 3 } })
		.composite([{ input: layer }])
		.png()
		.toBuffer();
}
