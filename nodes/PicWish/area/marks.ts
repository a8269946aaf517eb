// Marks as given in an answer: numbers in its own unit, read from lists and objects.

import { toNumber } from '../untrusted';
import type { Form } from './detectors';
import type { Unit } from './units';

/** Fields of an object; a Map, because the keys are untrusted. */
export type Fields = Map<string, unknown>;

/** What an object or a list marks. Keys determine the unit; for plain numbers, Unit may replace it. */
export interface Marked {
	form: Form;
	/** As given. */
	numbers: number[];
	unit: Unit;
	/** The key of a `list`. */
	key?: string;
	/** Of a box: degrees clockwise around its top left corner. */
	rotation?: number;
	/** A mask that fills the box or, without numbers, the image. */
	png?: Uint8Array;
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
export function fieldsOf(value: unknown): Fields {
	const fields: Fields = new Map();
	if (!isRecord(value)) return fields;
	for (const key of Object.keys(value)) fields.set(key, value[key]);
	return fields;
}

/** The entries of a list as numbers, numeric text included; undefined if any is not a number. */
export function toNumbers(list: unknown): number[] | undefined {
	if (!Array.isArray(list)) return undefined;
	const numbers: number[] = [];
	for (const entry of list) {
		const number = toNumber(entry);
		if (number === undefined) return undefined;
		numbers.push(Math.max(-FAR, Math.min(FAR, number)));
	}
	return numbers;
}

/** Four numbers or more in one text as a list of them; any other value as it is. */
export function asList(value: unknown): unknown {
	const numbers = typeof value === 'string' ? toNumbers(value.trim().split(/[\s,;]+/)) : undefined;
	return numbers && numbers.length > 3 ? numbers : value;
}

/**
 * The outlines of one object, each as x, y, x, y, …, from any known notation: points as objects or
 * pairs, one flat list of numbers, a list per axis, or a list of such outlines. Two points are the
 * corners of a box. Undefined if the value is none of these.
 */
export function toOutlines(value: unknown, count: Count): number[][] | undefined {
	const list: unknown[] = Array.isArray(value) ? value : [];
	const [first] = list;
	const areOutlines = Array.isArray(first) && (first.length > 2 || Array.isArray(first[0]));
	const outlines: number[][] = [];
	for (const entry of areOutlines ? list : [value]) {
		const numbers = toOutline(entry, count);
		if (!numbers || numbers.length < 4) return undefined;
		outlines.push(numbers);
	}
	return outlines;
}

function toOutline(value: unknown, count: Count): number[] | undefined {
	/** Filled in a loop, because flatMap takes several times as long. */
	const sides: unknown[] = [];
	if (Array.isArray(value)) {
		count(value.length);
		const numbers = toNumbers(value);
		if (numbers) return numbers.length >= 6 ? numbers : undefined;
		for (const point of value) sides.push(...pairOf(point));
		return toNumbers(sides);
	}
	const fields = fieldsOf(value);
	const [xs, ys] = [fields.get('x'), fields.get('y')];
	if (!Array.isArray(xs) || !Array.isArray(ys) || xs.length !== ys.length) return undefined;
	count(xs.length * 2);
	for (const [index, x] of xs.entries()) sides.push(x, ys[index]);
	return toNumbers(sides);
}

/** A pair or an object. Google omits an x or y of 0, so an empty object is the origin. */
function pairOf(point: unknown): unknown[] {
	if (Array.isArray(point) && point.length === 2) return point;
	if (!isRecord(point)) return [undefined];
	const { x = point.X, y = point.Y } = point;
	const isPoint = x !== undefined || y !== undefined || Object.keys(point).length === 0;
	return isPoint ? [x ?? 0, y ?? 0] : [undefined];
}

/** A PNG file from base64 text, with or without a `data:` prefix. */
export function toPng(value: unknown): Uint8Array | undefined {
	if (typeof value !== 'string') return undefined;
	const base64 = value.startsWith('data:') ? value.slice(value.indexOf(',') + 1) : value;
	// The signature of PNG.
	return base64.trimStart().startsWith('iVBORw0KGgo') ? Buffer.from(base64, 'base64') : undefined;
}
