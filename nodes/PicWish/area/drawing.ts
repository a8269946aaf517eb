// Shapes → one bitmap.

import { inOnePiece, type PixelSize } from '../picture/picture';
import { type Bitmap, eachRun, emptyBitmap, fillBoxes, grow, MARKED } from './bitmap';
import { Slices } from './eventLoop';
import { readMarks } from './maskReader';
import { fillOutlines } from './outline';
import { endPixel, firstPixel } from './pixels';
import type { Box, Shape } from './shapes';

/**
 * Draws shapes into one bitmap: marks every pixel that a shape touches, then grows the marks by
 * `growBy` pixels on every side. Clips at the image.
 *
 * @param name the field, for messages
 * @throws PicWishError INVALID_INPUT if a mask among the shapes cannot be read
 */
export async function drawShapes(
	shapes: readonly Shape[],
	size: PixelSize,
	growBy: number,
	name: string,
): Promise<Bitmap> {
	const bitmap = emptyBitmap(size);
	const boxes = shapes.filter((shape) => shape.kind === 'box');
	const outlines = shapes.filter((shape) => shape.kind === 'outline');
	await fillBoxes(bitmap, boxes);
	await fillOutlines(
		bitmap,
		outlines.map(({ points }) => points),
	);
	for (const [index, shape] of shapes.entries()) {
		if (shape.kind !== 'mask') continue;
		const shapeName = `${name}: the mask of shape ${index + 1}`;
		const mask = await readMarks(inOnePiece(shape.png), shapeName, 'white');
		await stamp(bitmap, mask.bitmap, shape);
	}
	await grow(bitmap, growBy);
	return bitmap;
}

/** Draws a mask stretched to a box. Each run of marked pixels becomes a rectangle, rounded outwards. */
export async function stamp(target: Bitmap, mask: Bitmap, box: Box): Promise<void> {
	const slices = new Slices();
	const scaleX = (box.right - box.left) / mask.width;
	const scaleY = (box.bottom - box.top) / mask.height;
	for (let y = 0; y < mask.height; y++) {
		const row = mask.pixels.subarray(y * mask.width, (y + 1) * mask.width);
		const top = firstPixel(box.top + y * scaleY);
		const bottom = endPixel(box.top + (y + 1) * scaleY, target.height);
		eachRun(row, (from, end) => {
			const left = firstPixel(box.left + from * scaleX);
			const right = endPixel(box.left + end * scaleX, target.width);
			for (let line = top; line < bottom && left < right; line++) {
				target.pixels.fill(MARKED, line * target.width + left, line * target.width + right);
			}
		});
		if (slices.due()) await slices.pause();
	}
}
