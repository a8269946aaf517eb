// What the fields of one object in an answer mark.

import { toNumber } from '../untrusted';
import type { Mark } from './answer';
import {
	COORDINATE_KEY,
	MASK_KEY,
	OBJECT_ROWS,
	OUTLINE_KEYS,
	OUTLINE_ROWS,
	SIDE_KEY,
	type Row,
} from './detectors';
import { toNumbers, toOutlines, toPng, type Count, type Fields, type Marked } from './marks';

interface ObjectMarks {
	marks: Marked[];
	/** Keys already read, which are not searched again. */
	read: string[];
	/** Describes what looks like a mark but cannot be read. */
	unreadable?: string;
}

export function readObject(fields: Fields, count: Count): ObjectMarks {
	const found: ObjectMarks = { marks: [], read: [] };
	readMask(fields, found);
	readOutlines(fields, found, count);
	// Most objects are no boxes; those with fewer than three fields skip the checks.
	if (fields.size > 2) readBox(fields, found);
	return found;
}

const hasAll = (fields: Fields, keys: readonly string[]) => keys.every((key) => fields.has(key));

const isMatch = ({ keys, beside }: Row, fields: Fields) =>
	hasAll(fields, keys) && (beside.length === 0 || beside.some((others) => hasAll(fields, others)));

/** The row for a list or an outline under this key. */
export const rowFor = (rows: readonly Row[], key: string, fields: Fields) =>
	rows.find((row) => row.keys.includes(key) && isMatch(row, fields));

/** At most eight keys, for a message. */
export function shownKeys(keys: Iterable<string>): string {
	const all = [...keys];
	const first = all.slice(0, 8).map((key) => (key.length > 40 ? `${key.slice(0, 40)}…` : key));
	return first.join(', ') + (all.length > first.length ? ', …' : '');
}

/** Gemini's masks fill the box beside them, those of Hugging Face the image. */
function readMask(fields: Fields, { marks, read }: ObjectMarks): void {
	const png = toPng(fields.get('mask'));
	const box = fields.get('box_2d');
	const numbers = Array.isArray(box) && box.length === 4 ? toNumbers(box) : undefined;
	if (!png || (fields.has('box_2d') && !numbers)) return;
	read.push('mask', 'box_2d');
	marks.push({ form: 'cornersYFirst', numbers: numbers ?? [], unit: 'thousandths', png });
}

function readOutlines(fields: Fields, found: ObjectMarks, count: Count): void {
	for (const key of OUTLINE_KEYS) {
		const row = fields.has(key) ? rowFor(OUTLINE_ROWS, key, fields) : undefined;
		const outlines = row && toOutlines(fields.get(key), count);
		if (!outlines) continue;
		const isTwin = key === 'vertices' && found.read.some((each) => /^normalized_?v/i.test(each));
		found.read.push(key);
		if (isTwin) continue;
		if (fields.get('shape_type') === 'circle') {
			found.unreadable ??= 'is a circle, given by two points';
		}
		for (const numbers of outlines) {
			const form = numbers.length > 4 ? row.form : 'corners';
			found.marks.push({ form, numbers, unit: row.unit });
		}
	}
}

function readBox(fields: Fields, found: ObjectMarks): void {
	const row = OBJECT_ROWS.find((each) => isMatch(each, fields));
	const numbers = toNumbers(row?.keys.map((key) => fields.get(key)));
	if (!row) {
		found.unreadable ??= missingSides(fields);
	} else if (!numbers) {
		const wrong = row.keys.find((key) => toNumber(fields.get(key)) === undefined) ?? '';
		found.unreadable ??= `has a box whose ${wrong} is not a number (${shownValue(fields.get(wrong))})`;
	} else {
		const rotation = row.unit === 'percent' ? toNumber(fields.get('rotation')) : undefined;
		found.marks.push({ form: row.form, numbers, unit: row.unit, rotation });
	}
}

function missingSides(fields: Fields): string | undefined {
	const isSide = ([key, value]: [string, unknown]) =>
		SIDE_KEY.test(key) && toNumber(value) !== undefined;
	if ([...fields].filter(isSide).length < 3) return undefined;
	const missing = ['x', 'y', 'width', 'height'].filter((key) => !fields.has(key)).join(', ');
	return `has a box without ${missing}; it has ${shownKeys(fields.keys())}`;
}

/** Whether an object without a known mark has coordinates or a mask: it does not mean "nothing found". */
export function hasUnknownMark(fields: Fields): boolean {
	let coordinates = 0;
	for (const [key, value] of fields) {
		if (MASK_KEY.test(key) && (Array.isArray(value) ? value.length > 0 : value)) return true;
		if (!COORDINATE_KEY.test(key)) continue;
		if (Array.isArray(value) && value.length === 2 && toNumbers(value)) coordinates += 2;
		else if (toNumber(value) !== undefined) coordinates++;
	}
	return coordinates > 2 || hasAll(fields, ['x', 'y']) || hasAll(fields, ['X', 'Y']);
}

function shownValue(value: unknown): string {
	return typeof value === 'object' && value !== null ? 'an object' : String(value).slice(0, 40);
}

/** Of an object's marks, only those of the highest rank count. */
const RANK = { list: 0, sides: 1, box: 2, outline: 3, mask: 4 };

function rankOf({ form, png }: Marked): number {
	if (png) return RANK.mask;
	return form === 'list' || form === 'sides' || form === 'outline' ? RANK[form] : RANK.box;
}

/** Keeps only the most exact kind of mark per object. */
export function mostExact(marks: Mark[]): Mark[] {
	const best = new Map<object, number>();
	for (const mark of marks) {
		best.set(mark.owner, Math.max(best.get(mark.owner) ?? 0, rankOf(mark)));
	}
	return marks.filter((mark) => rankOf(mark) === best.get(mark.owner));
}
