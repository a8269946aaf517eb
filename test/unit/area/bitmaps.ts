import fc from 'fast-check';
import { type Bitmap, MARKED } from '../../../nodes/PicWish/area/bitmap';

/** A bitmap by a rule for its pixels. */
export function bitmapOf(
	width: number,
	height: number,
	isMarked: (x: number, y: number) => boolean,
): Bitmap {
	const pixels = Uint8Array.from({ length: width * height }, (_, i) =>
		isMarked(i % width, Math.floor(i / width)) ? MARKED : 0,
	);
	return { width, height, pixels };
}

export const isMarked = ({ width, height, pixels }: Bitmap, x: number, y: number) =>
	x >= 0 && y >= 0 && x < width && y < height && pixels[y * width + x] === MARKED;

/** Rows of `#` and `.`, to be read in a failed test. */
export function drawn(bitmap: Bitmap): string[] {
	return Array.from({ length: bitmap.height }, (_, y) =>
		Array.from({ length: bitmap.width }, (__, x) => (isMarked(bitmap, x, y) ? '#' : '.')).join(''),
	);
}

export const sides = fc.integer({ min: 1, max: 24 });

export const bitmaps = fc
	.tuple(sides, sides, fc.array(fc.nat({ max: 6 }), { minLength: 3, maxLength: 600 }))
	.map(([width, height, seed]) =>
		bitmapOf(width, height, (x, y) => seed[(x * 7 + y * 13) % seed.length] === 0),
	);
