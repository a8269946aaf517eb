// Marks as given in an answer: numbers in its own unit, read from lists and objects.

import { toNumber } from '../untrusted';
import type { Form } from './detectors';
import { SIGNATURE } from './pngChunks';
import type { Box, Point } from './shapes';
import type { Unit } from './units';

/** Fields of an object; a Map, because the keys are untrusted. */
export type Fields = Map<string, unknown>;

/** What an object or a list marks. Keys determine the unit; for plain numbers, Unit may replace it. */
export interface Marked {
	shape:
		| { kind: 'plain'; key: string; isObject: boolean }
		/** `rotation`: degrees clockwise around the top left corner. */
		| { kind: 'box'; corners: Box; rotation?: number }
		| { kind: 'outline'; points: Point[] }
		/** Without `corners` it covers the image. */
		| { kind: 'mask'; png: Uint8Array; corners?: Box };
	/** Those of its box, as given. */
	numbers: number[];
	unit: Unit;
}

/** Called with the number of values to be read next; throws if there are too many. */
export type Count = (values: number) => void;

/** Numbers are clamped to this: far outside any image. */
const FAR = 1e9;

/** No list, and no bytes, which have a field per byte. */
function isRecord(value: unknown): value is Record<string, unknown> {
	const isObject = typeof value === 'object' && value !== null;
	return isObject && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

/** The own fields of a value, each read once; none if it is not an object. */
export function fieldsOf(value: unknown, count?: Count): Fields {
	const fields: Fields = new Map();
	if (!isRecord(value)) return fields;
	const keys = Object.keys(value);
	count?.(keys.length);
	for (const key of keys) fields.set(key, value[key]);
	return fields;
}

function numberOf(value: unknown): number | undefined {
	const number = toNumber(value);
	return number === undefined ? undefined : Math.max(-FAR, Math.min(FAR, number));
}

/** The entries as numbers, numeric text included; undefined if any is not a number. */
export function toNumbers(list: readonly unknown[]): number[] | undefined {
	const numbers: number[] = [];
	for (const entry of list) {
		const number = numberOf(entry);
		if (number === undefined) return undefined;
		numbers.push(number);
	}
	return numbers;
}

export function toCorners(form: Form, numbers: readonly number[]): Box {
	const [a = 0, b = 0, c = 0, d = 0] = numbers;
	switch (form) {
		case 'corners':
			return { left: a, top: b, right: c, bottom: d };
		case 'cornersYFirst':
			return { left: b, top: a, right: d, bottom: c };
		case 'sizes':
			return { left: a, top: b, right: a + c, bottom: b + d };
		case 'centers':
			return { left: a - c / 2, top: b - d / 2, right: a + c / 2, bottom: b + d / 2 };
		case 'edges':
			return { left: a, top: c, right: b, bottom: d };
	}
}

/**
 * The outlines of one object, in any known notation: points as objects or pairs, one flat list of
 * numbers, a list per axis, or a list of such outlines. Two points are the corners of a box. Undefined
 * if the value is none of these.
 */
export function toOutlines(value: unknown, count: Count): Point[][] | undefined {
	const [first]: unknown[] = Array.isArray(value) ? value : [];
	const isListOfOutlines = Array.isArray(first) && (first.length > 2 || Array.isArray(first[0]));
	const outlines: Point[][] = [];
	for (const entry of isListOfOutlines && Array.isArray(value) ? value : [value]) {
		const points = Array.isArray(entry)
			? toPoints(entry, count)
			: fromSides(fieldsOf(entry), count);
		if (!points || points.length < 2) return undefined;
		outlines.push(points);
	}
	return outlines;
}

function toPoints(list: readonly unknown[], count: Count): Point[] | undefined {
	count(list.length);
	const numbers = toNumbers(list);
	if (numbers) return numbers.length >= 6 ? inPairs(numbers) : undefined;
	const points: Point[] = [];
	for (const entry of list) {
		const point = pointOf(entry);
		if (!point) return undefined;
		points.push(point);
	}
	return points;
}

/** A pair or an object. Google omits an x or y of 0, so an empty object is the origin. */
function pointOf(entry: unknown): Point | undefined {
	if (Array.isArray(entry)) return entry.length === 2 ? toPoint(entry[0], entry[1]) : undefined;
	if (!isRecord(entry)) return undefined;
	const { x = entry.X, y = entry.Y } = entry;
	if (x === undefined && y === undefined && Object.keys(entry).length > 0) return undefined;
	return toPoint(x ?? 0, y ?? 0);
}

function toPoint(across: unknown, down: unknown): Point | undefined {
	const [x, y] = [numberOf(across), numberOf(down)];
	return x === undefined || y === undefined ? undefined : { x, y };
}

function fromSides(fields: Fields, count: Count): Point[] | undefined {
	const [xs, ys] = [fields.get('x'), fields.get('y')];
	if (!Array.isArray(xs) || !Array.isArray(ys) || xs.length !== ys.length) return undefined;
	count(xs.length);
	return toPoints(
		xs.map((x: unknown, index) => [x, ys[index]]),
		count,
	);
}

export function inPairs(numbers: readonly number[]): Point[] {
	const points: Point[] = [];
	for (let i = 0; i + 1 < numbers.length; i += 2) {
		points.push({ x: numbers[i] ?? 0, y: numbers[i + 1] ?? 0 });
	}
	return points;
}

/** A PNG file from base64 text, with or without a `data:` prefix. */
export function toPng(value: unknown): Uint8Array | undefined {
	if (typeof value !== 'string') return undefined;
	const base64 = value.startsWith('data:') ? value.slice(value.indexOf(',') + 1) : value;
	if (!base64.trimStart().startsWith('iVBORw0KGgo')) return undefined;
	const bytes = Buffer.from(base64, 'base64');
	return bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE) ? bytes : undefined;
}

/** Label Studio rotates boxes clockwise around their top left corner. */
export function turned({ left, top, right, bottom }: Box, degrees: number): Point[] {
	const angle = (degrees * Math.PI) / 180;
	const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
	const at = (x: number, y: number) => ({
		x: left + x * cos - y * sin,
		y: top + x * sin + y * cos,
	});
	const [width, height] = [right - left, bottom - top];
	return [at(0, 0), at(width, 0), at(width, height), at(0, height)];
}
