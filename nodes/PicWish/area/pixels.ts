// Shapes → whole pixels, and what is sent for them.

import { MAX_RECTANGLES } from '../api/tasks';
import type { PixelSize } from '../picture/picture';
import type { Box, Point, Shape } from './shapes';

/** Whole pixels of the image, from its top left corner. */
type PixelBox = Point & PixelSize;

/** In pixels: 29 % of 100 is 28.999999999999996, which must not cost a whole pixel. */
export const HAIR = 1e-6;

/** First pixel that a span touches, at least 0. */
export function firstPixel(start: number): number {
	return Math.max(0, Math.floor(start + HAIR));
}

/** The pixel after the last one that a span touches, at most `total`. */
export function endPixel(end: number, total: number): number {
	return Math.min(total, Math.ceil(end - HAIR));
}

/** Larger than any image. */
export const UNKNOWN: PixelSize = { width: 1e9, height: 1e9 };

/**
 * Rounds a box outwards, so that nothing marked remains, then grows it and clips it to the image.
 * Undefined if it has no area in the image.
 *
 * @param size undefined = unknown: only left and top are clipped
 * @param grow pixels on every side
 */
export function toPixelBox(box: Box, size: PixelSize = UNKNOWN, grow = 0): PixelBox | undefined {
	const across = span(box.left, box.right, size.width, grow);
	const down = span(box.top, box.bottom, size.height, grow);
	return (
		across && down && { x: across.from, y: down.from, width: across.length, height: down.length }
	);
}

/** Whether a shape's bounds have no area in the image. */
export function isOutside(shape: Shape, size: PixelSize): boolean {
	return toPixelBox(shape.kind === 'outline' ? boundsOf(shape.points) : shape, size) === undefined;
}

/** The shapes as grown rectangles; undefined if they can only be sent as a mask. */
export function asRectangles(
	shapes: readonly Shape[],
	size: PixelSize | undefined,
	grow: number,
): PixelBox[] | undefined {
	const boxes = shapes.filter((shape) => shape.kind === 'box');
	const rectangles = boxes.flatMap((box) => toPixelBox(box, size, grow) ?? []);
	const isExact = boxes.length === shapes.length && rectangles.length <= MAX_RECTANGLES;
	return isExact ? rectangles : undefined;
}

/**
 * The share of the image, 0…1, that boxes cover together; overlaps count once. Only for as many as one
 * request can carry: the time is quadratic in their number.
 */
export function coveredShare(boxes: readonly PixelBox[], size: PixelSize): number {
	const edges = new Set(boxes.flatMap((box) => [box.x, box.x + box.width]));
	const columns = [...edges].sort((a, b) => a - b);
	const byTop = [...boxes].sort((a, b) => a.y - b.y);
	let covered = 0;
	for (const [i, from] of columns.entries()) {
		const to = columns[i + 1] ?? from;
		let reached = 0;
		for (const { x, y, width, height } of byTop) {
			if (x > from || x + width < to) continue;
			covered += (to - from) * Math.max(0, y + height - Math.max(reached, y));
			reached = Math.max(reached, y + height);
		}
	}
	return covered / (size.width * size.height);
}

function boundsOf(points: readonly Point[]): Box {
	const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
	for (const { x, y } of points) {
		box.left = Math.min(box.left, x);
		box.top = Math.min(box.top, y);
		box.right = Math.max(box.right, x);
		box.bottom = Math.max(box.bottom, y);
	}
	return box;
}

function span(one: number, other: number, total: number, grow: number) {
	const [low, high] = [Math.min(one, other), Math.max(one, other)];
	const [start, end] = [Math.max(0, low), Math.min(total, high)];
	const isClipped = start > low || end < high;
	if (!(end - start > (isClipped ? HAIR : 0))) return undefined;
	// A span thinner than HAIR still gets its pixel.
	const first = Math.min(firstPixel(start), total - 1);
	const last = Math.max(endPixel(end, total), first + 1);
	const from = Math.max(0, first - grow);
	return { from, length: Math.min(total, last + grow) - from };
}
