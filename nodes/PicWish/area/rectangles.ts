// Reads rectangles from the form, in any unit and from any corner, and clips them.

import { invalidInput } from '../errors';
import type { PixelSize } from '../picture/picture';
import { readJson, shown, toNumber, toObject } from '../untrusted';
import { toPixelBox } from './pixels';
import type { Box, Shape } from './shapes';
import { looksLikeFractions, pixelsPerUnit, type Unit } from './units';

export const CORNERS = ['topLeft', 'topRight', 'bottomLeft', 'bottomRight'] as const;

export interface RectangleSettings {
	unit: Unit;
	/** The corner of the image from which x and y are measured, to the rectangle's nearest corner. */
	measuredFrom: (typeof CORNERS)[number];
	/** Display name of the parameter, for messages. */
	field: string;
}

interface TypedRectangles {
	/** Rounded outwards to whole pixels and clipped to the image. */
	shapes: Shape[];
	/** One per rectangle that reaches outside the image. */
	hints: string[];
}

interface Typed {
	x: number;
	y: number;
	width: number;
	height: number;
}

const EXAMPLE = 'Give a list such as [{"x":10,"y":20,"width":300,"height":80}].';

/** In pixels: thirds in percent add up to slightly more than the image. */
const HAIR = 1e-3;

/** Whether this unit and this corner need the size of the image. */
export function needsSize({ unit, measuredFrom }: RectangleSettings): boolean {
	return unit !== 'pixels' || measuredFrom !== 'topLeft';
}

/**
 * Reads an array of rectangles, one rectangle, or JSON text of either; numbers may be text.
 *
 * @param size required if `needsSize`; without it, only left and top are clipped
 * @throws PicWishError INVALID_INPUT if one cannot be read or lies outside the image
 */
export function readRectangles(
	value: unknown,
	settings: RectangleSettings,
	size: PixelSize | undefined,
): TypedRectangles {
	const { field, unit } = settings;
	const typed = listOf(value, field).map((entry, index) => readOne(entry, nameOf(field, index)));
	if (!size && needsSize(settings)) {
		throw invalidInput(
			`${field}: ${unit === 'pixels' ? 'Measured From' : unit} needs the size of the image, which is not known`,
			'Give the rectangles in pixels from the top left corner.',
		);
	}
	const numbers = typed.flatMap(({ x, y, width, height }) => [x, y, width, height]);
	if (unit !== 'fraction' && looksLikeFractions(numbers)) {
		throw invalidInput(
			`${field}: all numbers are at most 1, such as ${describe(typed[0])}; these look like fractions of the image, not ${unit}`,
			'Set Unit to Fraction of Image.',
		);
	}
	const hints: string[] = [];
	const shapes = typed.map((each, index): Shape => {
		const box = place(each, settings, size);
		const pixels = toPixelBox(box, size);
		const image = size ? `; the image has ${size.width} × ${size.height} pixels` : '';
		const seen = `${describe(each)}${unit === 'pixels' ? '' : ` ${unit}`}${image}`;
		if (!pixels) {
			throw invalidInput(
				`${nameOf(field, index)}: lies outside the image (${seen})`,
				'Check the numbers, Unit and Measured From.',
			);
		}
		const { width = Infinity, height = Infinity } = size ?? {};
		const beyond = Math.max(-box.left, -box.top, box.right - width, box.bottom - height);
		if (beyond > HAIR) {
			hints.push(`${nameOf(field, index)} reaches outside the image and is clipped (${seen})`);
		}
		const { x, y } = pixels;
		return { kind: 'box', left: x, top: y, right: x + pixels.width, bottom: y + pixels.height };
	});
	return { shapes, hints };
}

function listOf(value: unknown, field: string): unknown[] {
	const isText = typeof value === 'string' && value.trim() !== '';
	const parsed = isText ? readJson(value) : value;
	if (isText && parsed === undefined) {
		throw invalidInput(`${field}: the text is not valid JSON`, EXAMPLE);
	}
	const list: unknown[] = Array.isArray(parsed) ? parsed : [parsed];
	if (list.length === 0 || parsed === null || parsed === undefined || isBlank(parsed)) {
		throw invalidInput(`${field}: no rectangle is given`, 'Add at least one rectangle.');
	}
	return list;
}

function readOne(entry: unknown, name: string): Typed {
	const given = toObject(entry);
	if (!given) {
		throw invalidInput(`${name}: is not an object with x, y, width and height`, EXAMPLE);
	}
	const read = (side: keyof Typed): number => {
		const value = toNumber(given[side]);
		if (value === undefined) {
			const seen = given[side] === undefined ? 'missing' : `not a number (${shown(given[side])})`;
			throw invalidInput(`${name}: ${side} is ${seen}`, 'Give x, y, width and height as numbers.');
		}
		return value;
	};
	const typed = { x: read('x'), y: read('y'), width: read('width'), height: read('height') };
	if (typed.width <= 0 || typed.height <= 0) {
		throw invalidInput(
			`${name}: width and height must be more than 0 (${describe(typed)})`,
			'Give the size of the area to remove.',
		);
	}
	return typed;
}

/** In pixels from the top left corner; not rounded. */
function place(
	typed: Typed,
	{ unit, measuredFrom }: RectangleSettings,
	size: PixelSize | undefined,
): Box {
	const scale = size ? pixelsPerUnit(unit, size) : { x: 1, y: 1 };
	const [width, height] = [typed.width * scale.x, typed.height * scale.y];
	const [x, y] = [typed.x * scale.x, typed.y * scale.y];
	const fromRight = measuredFrom === 'topRight' || measuredFrom === 'bottomRight';
	const fromBottom = measuredFrom === 'bottomLeft' || measuredFrom === 'bottomRight';
	const left = fromRight && size ? size.width - x - width : x;
	const top = fromBottom && size ? size.height - y - height : y;
	return { left, top, right: left + width, bottom: top + height };
}

const nameOf = (field: string, index: number) => `${field}, rectangle ${index + 1}`;

const isBlank = (value: unknown) => typeof value === 'string' && value.trim() === '';

function describe(typed: Typed | undefined): string {
	return typed ? `x ${typed.x}, y ${typed.y}, width ${typed.width}, height ${typed.height}` : '';
}
