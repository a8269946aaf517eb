// What the fields of one object in an answer mark.

import { toNumber } from '../untrusted';
import { BOX_ROWS, OUTLINE_KEYS, OUTLINE_ROWS, PLAIN_KEYS, QUADS, SIDE_KEY } from './detectors';
import {
	inPairs,
	toCorners,
	toNumbers,
	toOutlines,
	toPng,
	type Count,
	type Fields,
	type Marked,
} from './marks';
import type { Point } from './shapes';
import type { Unit } from './units';

interface ObjectMarks {
	marks: Marked[];
	/** Keys already read, which are not searched again. */
	read: string[];
	/** Describes what looks like a mark but cannot be read. */
	unreadable?: string;
}

/** Of an object's marks, only those of the highest rank count. */
const RANK = { list: 0, plain: 1, box: 2, outline: 3, mask: 4 };

/** @param key the key of the object, for messages */
export function readObject(fields: Fields, key: string, count: Count): ObjectMarks {
	const found: ObjectMarks = { marks: [], read: [] };
	readMask(fields, found);
	readOutlines(fields, found, count);
	readBox(fields, key, found);
	return found;
}

export const isPoint = (fields: Fields) =>
	(fields.has('x') && fields.has('y')) || (fields.has('X') && fields.has('Y'));

/** The first row for a key whose `beside` keys are present. */
export function rowFor<Row extends { key: string; beside?: ReadonlyArray<readonly string[]> }>(
	rows: readonly Row[],
	key: string,
	fields: Fields,
): Row | undefined {
	return rows.find((row) => row.key === key && isBeside(row, fields));
}

/** At most eight keys, for a message. */
export function shownKeys(keys: Iterable<string>): string {
	const all = [...keys];
	const first = all.slice(0, 8).map((key) => (key.length > 40 ? `${key.slice(0, 40)}…` : key));
	return first.join(', ') + (all.length > first.length ? ', …' : '');
}

function readMask(fields: Fields, { marks, read }: ObjectMarks): void {
	const png = toPng(fields.get('mask'));
	if (!png) return;
	const box = fields.get('box_2d');
	const numbers = Array.isArray(box) && box.length === 4 ? toNumbers(box) : undefined;
	if (fields.has('box_2d') && !numbers) return;
	read.push('mask', 'box_2d');
	const corners = numbers && toCorners('cornersYFirst', numbers);
	marks.push({
		shape: { kind: 'mask', png, corners },
		numbers: numbers ?? [],
		unit: 'thousandths',
	});
}

function readOutlines(fields: Fields, found: ObjectMarks, count: Count): void {
	for (const key of OUTLINE_KEYS) {
		if (!fields.has(key)) continue;
		const row = rowFor(OUTLINE_ROWS, key, fields);
		const outlines = row && toOutlines(fields.get(key), count);
		if (!outlines) continue;
		const isTwin = key === 'vertices' && found.read.some((each) => /^normalized_?v/i.test(each));
		found.read.push(key);
		if (isTwin) continue;
		if (fields.get('shape_type') === 'circle') {
			found.unreadable ??= 'is a circle, given by two points';
		}
		for (const points of outlines) found.marks.push(outlineOf(points, row.unit));
	}
}

function outlineOf(points: Point[], unit: Unit): Marked {
	if (points.length > 2) return { shape: { kind: 'outline', points }, numbers: [], unit };
	const numbers = points.flatMap(({ x, y }) => [x, y]);
	return { shape: { kind: 'box', corners: toCorners('corners', numbers) }, numbers, unit };
}

function readBox(fields: Fields, key: string, found: ObjectMarks): void {
	// Most objects are no boxes; those with fewer than three fields skip the checks.
	if (fields.size < 3) return;
	const has = (keys: readonly string[]) => keys.every((each) => fields.has(each));
	const row = BOX_ROWS.find((each) => has(each.keys) && isBeside(each, fields));
	const quad = QUADS.find(has);
	const keys = quad ?? row?.keys ?? (has(PLAIN_KEYS) ? PLAIN_KEYS : undefined);
	if (!keys) {
		found.unreadable ??= missingSides(fields);
		return;
	}
	const numbers = toNumbers(keys.map((each) => fields.get(each)));
	if (!numbers) {
		const wrong = keys.find((each) => toNumber(fields.get(each)) === undefined) ?? '';
		found.unreadable ??= `has a box whose ${wrong} is not a number (${shownValue(fields.get(wrong))})`;
	} else if (quad) {
		found.marks.push(outlineOf(inPairs(numbers), 'pixels'));
	} else if (row) {
		const rotation = row.unit === 'percent' ? toNumber(fields.get('rotation')) : undefined;
		const corners = toCorners(row.form, numbers);
		found.marks.push({ shape: { kind: 'box', corners, rotation }, numbers, unit: row.unit });
	} else {
		found.marks.push({ shape: { kind: 'plain', key, isObject: true }, numbers, unit: 'pixels' });
	}
}

function missingSides(fields: Fields): string | undefined {
	let sides = 0;
	for (const [key, value] of fields) {
		const isNumber = typeof value === 'number' || typeof value === 'string';
		if (isNumber && key.length < 12 && SIDE_KEY.test(key) && toNumber(value) !== undefined) sides++;
	}
	if (sides < 3) return undefined;
	const missing = PLAIN_KEYS.filter((key) => !fields.has(key)).join(', ');
	return `has a box without ${missing}; it has ${shownKeys(fields.keys())}`;
}

function isBeside(row: { beside?: ReadonlyArray<readonly string[]> }, fields: Fields): boolean {
	return row.beside?.some((keys) => keys.every((key) => fields.has(key))) ?? true;
}

function shownValue(value: unknown): string {
	if (typeof value === 'object' && value !== null) return 'an object';
	return String(value).slice(0, 40);
}

/** Keeps only the most exact kind of mark per object. */
export function mostExact<M extends { owner: object; shape: Marked['shape'] }>(marks: M[]): M[] {
	const best = new Map<object, number>();
	for (const { owner, shape } of marks) {
		best.set(owner, Math.max(best.get(owner) ?? 0, rankOf(shape)));
	}
	return marks.filter(({ owner, shape }) => rankOf(shape) === best.get(owner));
}

function rankOf(shape: Marked['shape']): number {
	return shape.kind === 'plain' && !shape.isObject ? RANK.list : RANK[shape.kind];
}
