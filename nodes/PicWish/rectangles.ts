// Rectangles: parsed, converted from percent, checked.

import { invalidInput } from './api/errors';
import type { Rectangle } from './api/order';
import type { PixelSize } from './api/picture';
import { MAX_RECTANGLES } from './api/tasks';
import { readJson, toNumber, toObject } from './api/untrusted';

const EXAMPLE = 'Give a list such as [{"x":10,"y":20,"width":300,"height":80}].';

const SIDES = ['x', 'y', 'width', 'height'] as const;

/**
 * Reads rectangles from what a person or a detection model gives: an array, one object, or JSON text
 * of either; numbers may be text.
 *
 * @param field display name of the parameter, for the message
 * @throws PicWishError INVALID_INPUT
 */
export function parseRectangles(value: unknown, field: string): Rectangle[] {
	const isText = typeof value === 'string' && value.trim() !== '';
	const parsed = isText ? readJson(value) : value;
	if (isText && parsed === undefined) {
		throw invalidInput(`${field}: the text is not valid JSON`, EXAMPLE);
	}
	const list: unknown[] = Array.isArray(parsed) ? parsed : [parsed];
	if (list.length === 0 || parsed === null || parsed === undefined || parsed === '') {
		throw invalidInput(`${field}: no rectangle is given`, 'Add at least one rectangle.');
	}
	if (list.length > MAX_RECTANGLES) {
		throw invalidInput(
			`${field}: ${list.length} rectangles are given, PicWish takes at most ${MAX_RECTANGLES}`,
			'Merge neighbouring rectangles, use a mask, or process the image in two steps.',
		);
	}
	return list.map((entry, index) => parseRectangle(entry, `${field}, rectangle ${index + 1}`));
}

/**
 * Rectangles in percent of the image → whole pixels, rounded outwards so that nothing marked is left,
 * and never beyond the image.
 *
 * @throws PicWishError INVALID_INPUT when a rectangle reaches beyond 100 %
 */
export function percentToPixels(
	rectangles: Rectangle[],
	size: PixelSize,
	field: string,
): Rectangle[] {
	return rectangles.map((rectangle, index) => {
		const { x, y, width, height } = rectangle;
		// Models give 33.3 + 66.7; the sum of two such numbers may pass 100 by rounding alone.
		if (x < 0 || y < 0 || x + width > 100 + 1e-6 || y + height > 100 + 1e-6) {
			throw invalidInput(
				`${field}, rectangle ${index + 1}: reaches outside the image (${describe(rectangle)} percent)`,
				'X + width and Y + height may be at most 100.',
			);
		}
		const [left, right] = span(x, width, size.width);
		const [top, bottom] = span(y, height, size.height);
		return { x: left, y: top, width: right - left, height: bottom - top };
	});
}

/**
 * Whole, positive, and inside the image where its size is known.
 *
 * @throws PicWishError INVALID_INPUT
 */
export function checkRectangles(
	rectangles: Rectangle[],
	size: PixelSize | undefined,
	field: string,
): void {
	rectangles.forEach((rectangle, index) => {
		const name = `${field}, rectangle ${index + 1}`;
		for (const side of SIDES) {
			if (!Number.isInteger(rectangle[side])) {
				throw invalidInput(
					`${name}: ${side} must be a whole number, not ${rectangle[side]}`,
					'Round the numbers, or set Unit to Percent if they are percentages.',
				);
			}
		}
		if (rectangle.x < 0 || rectangle.y < 0) {
			throw invalidInput(
				`${name}: X and Y must not be negative (${describe(rectangle)})`,
				'Coordinates start with 0, 0 at the top left corner of the image.',
			);
		}
		if (size && (right(rectangle) > size.width || bottom(rectangle) > size.height)) {
			throw invalidInput(
				`${name}: reaches outside the image (${describe(rectangle)}; the image is ${size.width} × ${size.height} pixels)`,
				'X + width and Y + height must stay inside the image.',
			);
		}
	});
}

/** The part of the image, 0…1, that the rectangles cover together; overlaps count once. */
export function coveredShare(rectangles: Rectangle[], size: PixelSize): number {
	const edges = [...new Set(rectangles.flatMap((r) => [r.x, right(r)]))].sort((a, b) => a - b);
	let covered = 0;
	for (let i = 0; i + 1 < edges.length; i++) {
		const from = edges[i]!;
		const to = edges[i + 1]!;
		const strips = rectangles
			.filter((r) => r.x <= from && right(r) >= to)
			.sort((a, b) => a.y - b.y);
		let reached = 0;
		for (const strip of strips) {
			covered += (to - from) * Math.max(0, bottom(strip) - Math.max(reached, strip.y));
			reached = Math.max(reached, bottom(strip));
		}
	}
	return covered / (size.width * size.height);
}

function parseRectangle(entry: unknown, name: string): Rectangle {
	const given = toObject(entry);
	if (!given) {
		throw invalidInput(`${name}: is not an object with x, y, width and height`, EXAMPLE);
	}
	const read = (side: (typeof SIDES)[number]): number => {
		const value = toNumber(given[side]);
		if (value === undefined) {
			const shown = given[side] === undefined ? 'missing' : `not a number (${asText(given[side])})`;
			throw invalidInput(`${name}: ${side} is ${shown}`, 'Give x, y, width and height as numbers.');
		}
		return value;
	};
	const rectangle = { x: read('x'), y: read('y'), width: read('width'), height: read('height') };
	if (rectangle.width <= 0 || rectangle.height <= 0) {
		throw invalidInput(
			`${name}: width and height must be more than 0 (${describe(rectangle)})`,
			'Give the size of the area to remove.',
		);
	}
	return rectangle;
}

function asText(value: unknown): string {
	return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

/** A stretch in percent → first and last edge in pixels, at least one pixel apart. */
function span(start: number, length: number, total: number): [number, number] {
	// 29 % of 100 is 28.999999999999996 in floating point: a hair must not cost a whole pixel.
	const from = Math.min(total - 1, Math.floor((start / 100) * total + 1e-6));
	const to = Math.min(total, Math.ceil(((start + length) / 100) * total - 1e-6));
	return [from, Math.max(to, from + 1)];
}

function describe({ x, y, width, height }: Rectangle): string {
	return `x ${x}, y ${y}, width ${width}, height ${height}`;
}

const right = (r: Rectangle) => r.x + r.width;
const bottom = (r: Rectangle) => r.y + r.height;
