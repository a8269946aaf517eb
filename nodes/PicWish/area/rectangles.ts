// Reads rectangles from the form, in any unit and from any corner, and clips them.

import { invalidInput } from '../errors';
import type { PixelSize } from '../picture/picture';
import { isNothing, readJson, shown, toNumber, toObject } from '../untrusted';
import { toPixelBox, UNKNOWN } from './pixels';
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

const SIDES = ['x', 'y', 'width', 'height'] as const;
type Typed = Record<(typeof SIDES)[number], number>;

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
 * @returns shapes rounded outwards to whole pixels and clipped; a hint per shape that is clipped
 * @throws PicWishError INVALID_INPUT if one cannot be read or lies outside the image
 */
export function readRectangles(
	value: unknown,
	settings: RectangleSettings,
	size: PixelSize | undefined,
): { shapes: Shape[]; hints: string[] } {
	const { field, unit } = settings;
	const nameOf = (index: number) => `${field}, rectangle ${index + 1}`;
	const typed = listOf(value, field).map((entry, index) => readOne(entry, nameOf(index)));
	if (!size && needsSize(settings)) {
		throw invalidInput(
			`${field}: ${unit === 'pixels' ? 'Measured From' : unit} needs the size of the image, which is not known`,
			'Give the rectangles in pixels from the top left corner.',
		);
	}
	const [first] = typed;
	if (first && unit !== 'fraction' && looksLikeFractions(typed.map(numbersOf))) {
		throw invalidInput(
			`${field}: all numbers are at most 1, such as ${describe(first)}; these look like fractions of the image, not ${unit}`,
			'Set Unit to Fraction of Image.',
		);
	}
	const hints: string[] = [];
	const { width: imageWidth, height: imageHeight } = size ?? UNKNOWN;
	const image = size ? `; the image has ${imageWidth} × ${imageHeight} pixels` : '';
	const shapes = typed.map((each, index): Shape => {
		const box = place(each, settings, size ?? UNKNOWN);
		const pixels = toPixelBox(box, size);
		const seen = `${describe(each)}${unit === 'pixels' ? '' : ` ${unit}`}${image}`;
		if (!pixels) {
			throw invalidInput(
				`${nameOf(index)}: lies outside the image (${seen})`,
				'Check the numbers, Unit and Measured From.',
			);
		}
		const beyond = Math.max(-box.left, -box.top, box.right - imageWidth, box.bottom - imageHeight);
		if (beyond > HAIR) {
			hints.push(`${nameOf(index)} reaches outside the image and is clipped (${seen})`);
		}
		const { x, y, width, height } = pixels;
		return { kind: 'box', left: x, top: y, right: x + width, bottom: y + height };
	});
	return { shapes, hints };
}

function listOf(value: unknown, field: string): unknown[] {
	const parsed = typeof value === 'string' ? readJson(value) : value;
	if (parsed === undefined && !isNothing(value)) {
		throw invalidInput(`${field}: the text is not valid JSON`, EXAMPLE);
	}
	const list = isNothing(parsed) ? [] : [parsed].flat();
	if (list.length > 0) return list;
	throw invalidInput(`${field}: no rectangle is given`, 'Add at least one rectangle.');
}

function readOne(entry: unknown, name: string): Typed {
	const given = toObject(entry);
	if (!given) {
		throw invalidInput(`${name}: is not an object with x, y, width and height`, EXAMPLE);
	}
	const read = (side: keyof Typed): number => {
		const value = toNumber(given[side]);
		if (value !== undefined) return value;
		const seen = given[side] === undefined ? 'missing' : `not a number (${shown(given[side])})`;
		throw invalidInput(`${name}: ${side} is ${seen}`, 'Give x, y, width and height as numbers.');
	};
	const typed = { x: read('x'), y: read('y'), width: read('width'), height: read('height') };
	if (typed.width > 0 && typed.height > 0) return typed;
	throw invalidInput(
		`${name}: width and height must be more than 0 (${describe(typed)})`,
		'Give the size of the area to remove.',
	);
}

/** In pixels from the top left corner; not rounded. */
function place(typed: Typed, { unit, measuredFrom }: RectangleSettings, image: PixelSize): Box {
	const scale = pixelsPerUnit(unit, image);
	const [width, height] = [typed.width * scale.x, typed.height * scale.y];
	const [x, y] = [typed.x * scale.x, typed.y * scale.y];
	const left = measuredFrom.endsWith('Right') ? image.width - x - width : x;
	const top = measuredFrom.startsWith('bottom') ? image.height - y - height : y;
	return { left, top, right: left + width, bottom: top + height };
}

const numbersOf = (typed: Typed) => SIDES.map((side) => typed[side]);

const describe = (typed: Typed) => SIDES.map((side) => `${side} ${typed[side]}`).join(', ');
