// What an object says about everything inside it: label, confidence, size of the image.

import type { PixelSize } from '../picture/picture';
import { toNumber, toText, toTyped } from '../untrusted';
import {
	CONFIDENCE_KEYS,
	FAILED_STATUS,
	FRAME_KEYS,
	LABEL_KEYS,
	LABEL_LISTS,
	LABEL_NAMES,
	OBJECT_ROWS,
	OUTLINE_ROWS,
	PART_KEYS,
	PARALLEL_LABELS,
	PARALLEL_SCORES,
	QUESTION_KEY,
	TEXT_KEYS,
} from './detectors';
import { fieldsOf, type Fields } from './marks';

export interface Confidence {
	value: number;
	/** True = certainly 0…100. Others are 0…1, unless the answer has one above 1. */
	inPercent: boolean;
}

export interface Context {
	label?: string;
	confidence?: Confidence;
	/** The size of the image to which pixels refer. */
	frame?: PixelSize;
	/** Inside the JSON of a language model's text. */
	inText?: boolean;
}

/** With one of these keys, width and height are a box's own, not those of a page or an image. */
const BOX_KEYS = new Set([...OBJECT_ROWS, ...OUTLINE_ROWS].flatMap(({ keys }) => keys));
BOX_KEYS.delete('width');
BOX_KEYS.delete('height');

export function inherited(context: Context, fields: Fields): Context {
	return {
		...context,
		label: labelOf(fields) ?? context.label,
		confidence: confidenceOf(fields) ?? context.confidence,
		frame: frameOf(fields) ?? context.frame,
	};
}

/** The entries of a list, each with its label and score, if parallel lists of the same length exist. */
export function parallel(
	list: readonly unknown[],
	fields: Fields,
	context: Context,
): Array<{ value: unknown; context: Context }> | undefined {
	if (list.length === 0 || !list.every((entry) => typeof entry === 'object')) return undefined;
	const beside = (keys: string[]) =>
		keys
			.map((key) => fields.get(key))
			.find((each): each is unknown[] => Array.isArray(each) && each.length === list.length);
	const labels = beside(PARALLEL_LABELS);
	const scores = beside(PARALLEL_SCORES);
	if (!labels && !scores) return undefined;
	return list.map((value, index) => {
		const label = toTyped(labels?.[index]) ?? context.label;
		const confidence = asConfidence(scores?.[index]) ?? context.confidence;
		return { value, context: { ...context, label, confidence } };
	});
}

/**
 * Whether to search a text: as a model's answer, where JSON may follow a sentence, or because it starts
 * like JSON. Text with a confidence is a caption or a word in the image.
 */
export function textKind(key: string, text: string, fields: Fields): 'answer' | 'json' | undefined {
	if (LABEL_KEYS.includes(key) || text.trim() === '') return undefined;
	// A model's reasoning before the answer (Gemini); the full text beside the pages that were read.
	if (fields.get('thought') === true || fields.has('pages')) return undefined;
	if (TEXT_KEYS.includes(key) && !confidenceOf(fields)) return 'answer';
	return /^\s*(?:[[{]|```)/.test(text) ? 'json' : undefined;
}

/** A prompt, which may contain an example of an answer. */
export function isQuestion(fields: Fields): boolean {
	return ['user', 'system', 'developer'].some((role) => fields.get('role') === role);
}

/** Whether a field holds the prompt; the `input` of a model's tool call is its answer. */
export function isAsked(key: string, fields: Fields): boolean {
	return QUESTION_KEY.test(key) && !(key === 'input' && fields.get('type') === 'tool_use');
}

/** The error that a service returned instead of an answer. */
export function failureIn(fields: Fields): string | undefined {
	const error = fields.get('error');
	const text = toText(error) ?? toText(fieldsOf(error).get('message'));
	if (text !== undefined) return text;
	const status = toText(fields.get('status')) ?? '';
	if (fields.get('success') !== false && !FAILED_STATUS.test(status)) return undefined;
	return toText(fields.get('message')) ?? (status || 'success is false');
}

/** The first usable value under these keys, in their order. */
function firstUnder<T>(
	keys: readonly string[],
	fields: Fields,
	read: (value: unknown) => T | undefined,
): T | undefined {
	for (const key of keys) {
		const value = read(fields.get(key));
		if (value !== undefined) return value;
	}
	return undefined;
}

const firstIn = (list: unknown): unknown => (Array.isArray(list) ? list[0] : undefined);

function labelOf(fields: Fields): string | undefined {
	return (
		firstUnder(LABEL_KEYS, fields, toTyped) ??
		firstUnder(LABEL_NAMES, fields, (names) => toTyped(firstIn(names))) ??
		toTyped(besideBox(fields, 'name'))
	);
}

function confidenceOf(fields: Fields): Confidence | undefined {
	const percent = toNumber(fields.get('Confidence'));
	if (percent !== undefined) return { value: percent, inPercent: true };
	const said = firstUnder(CONFIDENCE_KEYS, fields, asConfidence);
	return said ?? asConfidence(besideBox(fields, 'confidence'));
}

function asConfidence(said: unknown): Confidence | undefined {
	const inPercent = typeof said === 'string' && said.trimEnd().endsWith('%');
	const value = toNumber(inPercent ? said.replace('%', '') : said);
	return value === undefined ? undefined : { value, inPercent };
}

/** From the first entry of a label list; only beside a box, as such lists also describe images. */
function besideBox(fields: Fields, what: 'name' | 'confidence'): unknown {
	if (!PART_KEYS.some((key) => fields.has(key))) return undefined;
	for (const row of LABEL_LISTS) {
		const around = row.within ? fieldsOf(fields.get(row.within)) : fields;
		const first = firstIn(around.get(row.key));
		if (first !== undefined) return fieldsOf(first).get(row[what]);
	}
	return undefined;
}

function frameOf(fields: Fields): PixelSize | undefined {
	const own = sizeOf(fields, 'width', 'height');
	const isBox = own && [...fields.keys()].some((key) => BOX_KEYS.has(key));
	return (
		firstUnder(FRAME_KEYS, fields, sizeIn) ??
		sizeOf(fields, 'imageWidth', 'imageHeight') ??
		(isBox ? undefined : own)
	);
}

/** The size that an object states, or the only object of a list. */
function sizeIn(value: unknown): PixelSize | undefined {
	const only: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
	return only === undefined ? undefined : sizeOf(fieldsOf(only), 'width', 'height');
}

function sizeOf(fields: Fields, widthKey: string, heightKey: string): PixelSize | undefined {
	const [width, height] = [toNumber(fields.get(widthKey)), toNumber(fields.get(heightKey))];
	return width && height && width > 0 && height > 0 ? { width, height } : undefined;
}
