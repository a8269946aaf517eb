// What an object says about everything inside it: label, confidence, size of the image.

import type { PixelSize } from '../picture/picture';
import { toNumber, toText } from '../untrusted';
import {
	BOX_ROWS,
	CONFIDENCE_KEYS,
	FAILED_STATUS,
	FRAME_KEYS,
	LABEL_KEYS,
	LABEL_LISTS,
	LABEL_NAMES,
	OUTLINE_KEYS,
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
	/** Nesting depth of text in text. */
	depth?: number;
}

/** With one of these keys, width and height are a box's own, not those of a page or an image. */
const BOX_KEYS = new Set(
	[...BOX_ROWS.flatMap(({ keys }) => keys), ...OUTLINE_KEYS].filter(
		(key) => key !== 'width' && key !== 'height',
	),
);

/** An object without any of these passes its context on unchanged. */
const TELLING_KEYS = new Set([
	...LABEL_KEYS,
	...LABEL_NAMES,
	...LABEL_LISTS.map(({ key, within = key }) => within),
	...FRAME_KEYS,
	...CONFIDENCE_KEYS,
	...['Confidence', 'width', 'imageWidth'],
]);

export function inherited(context: Context, fields: Fields): Context {
	if (![...fields.keys()].some((key) => TELLING_KEYS.has(key))) return context;
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
	if (list.length === 0 || fields.size < 2) return undefined;
	if (!list.every((entry) => typeof entry === 'object')) return undefined;
	const beside = (keys: string[]) => {
		const lists = keys.map((key) => fields.get(key));
		return lists.find(
			(each): each is unknown[] => Array.isArray(each) && each.length === list.length,
		);
	};
	const labels = beside(PARALLEL_LABELS);
	const scores = beside(PARALLEL_SCORES);
	if (!labels && !scores) return undefined;
	return list.map((value, index) => {
		const label = asLabel(labels?.[index]) ?? context.label;
		const score = toNumber(scores?.[index]);
		const confidence =
			score === undefined ? context.confidence : { value: score, inPercent: false };
		return { value, context: { ...context, label, confidence } };
	});
}

/**
 * Whether to search a text: as a model's answer, where JSON may follow a sentence, or because it starts
 * like JSON. Text with a confidence is a caption or a word in the image.
 */
export function textKind(key: string, text: string, fields: Fields): 'answer' | 'json' | undefined {
	if (LABEL_KEYS.includes(key)) return undefined;
	// Gemini marks a model's reasoning before the answer.
	if (text.trim() === '' || fields.get('thought') === true) return undefined;
	// The full text of the pages that were read.
	if (fields.has('pages')) return undefined;
	if (TEXT_KEYS.has(key) && !confidenceOf(fields)) return 'answer';
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

function labelOf(fields: Fields): string | undefined {
	for (const key of LABEL_KEYS) {
		const label = asLabel(fields.get(key));
		if (label !== undefined) return label;
	}
	for (const key of LABEL_NAMES) {
		const list = fields.get(key);
		if (Array.isArray(list) && list.length > 0) return asLabel(list[0]);
	}
	return asLabel(firstOf(fields, 'name'));
}

function asLabel(value: unknown): string | undefined {
	return typeof value === 'number' ? String(value) : toText(value)?.trim() || undefined;
}

function confidenceOf(fields: Fields): Confidence | undefined {
	const percent = toNumber(fields.get('Confidence'));
	if (percent !== undefined) return { value: percent, inPercent: true };
	const said = [...CONFIDENCE_KEYS.map((key) => fields.get(key)), firstOf(fields, 'confidence')];
	for (const each of said) {
		const inPercent = typeof each === 'string' && each.trimEnd().endsWith('%');
		const value = toNumber(inPercent ? each.replace('%', '') : each);
		if (value !== undefined) return { value, inPercent };
	}
	return undefined;
}

/** From the first entry of a label list; only beside a box, as such lists also describe images. */
function firstOf(fields: Fields, what: 'name' | 'confidence'): unknown {
	if (![...PART_KEYS].some((key) => fields.has(key))) return undefined;
	for (const row of LABEL_LISTS) {
		const around = row.within ? fieldsOf(fields.get(row.within)) : fields;
		const list = around.get(row.key);
		if (Array.isArray(list) && list.length > 0) return fieldsOf(list[0]).get(row[what]);
	}
	return undefined;
}

function frameOf(fields: Fields): PixelSize | undefined {
	for (const key of FRAME_KEYS) {
		const value = fields.get(key);
		const only: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
		const frame = sizeOf(fieldsOf(only), 'width', 'height');
		if (frame) return frame;
	}
	const own = sizeOf(fields, 'width', 'height');
	const isBox = own && [...fields.keys()].some((key) => BOX_KEYS.has(key));
	return sizeOf(fields, 'imageWidth', 'imageHeight') ?? (isBox ? undefined : own);
}

function sizeOf(fields: Fields, widthKey: string, heightKey: string): PixelSize | undefined {
	const [width, height] = [toNumber(fields.get(widthKey)), toNumber(fields.get(heightKey))];
	return width && height && width > 0 && height > 0 ? { width, height } : undefined;
}
