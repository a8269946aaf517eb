// The JSON in a language model's text: all of it, in fences, or behind a sentence.

import { readJson } from '../untrusted';

/** As many as an answer may have shapes, one object a line. */
const MAX_PIECES = 20_000;
/** Of brackets that are never closed, those that are looked at. */
const MAX_UNCLOSED = 1000;

interface FoundJson {
	values: unknown[];
	/** Something begins like JSON and is cut off or not valid. Nothing is repaired. */
	broken: boolean;
	/** How many brackets held no JSON. */
	failed: number;
}

/**
 * Each object and list of the text, in order. Where there are fences with JSON, only what is in them.
 *
 * @param mostFailed brackets without JSON at which the text is given up: each costs a thrown error
 */
export function findJson(answer: string, mostFailed: number): FoundJson {
	if (!/[[{]/.test(answer)) return { values: [], broken: false, failed: 0 };
	const whole = readJson(answer);
	if (whole !== undefined) return { values: [whole], broken: false, failed: 0 };
	// What models that think aloud write first is a draft.
	const text = answer.split('</think>').at(-1) ?? '';
	const fenced = text
		.split('```')
		.filter((_part, index) => index % 2 === 1)
		.join('\n');
	const inFences = readAll(fenced, mostFailed);
	if (inFences.values.length > 0 && !inFences.broken) return inFences;
	// Fences may also stand in a string of the JSON.
	return readAll(text, mostFailed);
}

function readAll(text: string, mostFailed: number): FoundJson {
	const { stretches, broken } = bracketed(text);
	const found: FoundJson = { values: [], broken, failed: 0 };
	if (stretches.length > MAX_PIECES) return { ...found, broken: true };
	for (const [from, to] of stretches) {
		const value = readJson(text.slice(from, to));
		if (value !== undefined) {
			found.values.push(value);
		} else {
			found.broken ||= beginsLikeJson(text, from);
			if (++found.failed > mostFailed) return { ...found, values: [], broken: true };
		}
	}
	return found;
}

/**
 * The stretches between matching brackets that are in no other, in one pass. A bracket of prose that
 * is never closed does not hide what follows.
 */
function bracketed(text: string): {
	stretches: Array<[from: number, to: number]>;
	broken: boolean;
} {
	const open: number[] = [];
	const stretches: Array<[from: number, to: number]> = [];
	for (let at = 0; at < text.length; at++) {
		const char = text[at];
		if (char === '[' || char === '{') {
			open.push(at);
		} else if (char === '"' && open.length > 0) {
			at = endOfString(text, at);
		} else if ((char === ']' || char === '}') && open.length > 0) {
			const from = open.pop() ?? 0;
			while ((stretches.at(-1)?.[0] ?? -1) > from) stretches.pop();
			stretches.push([from, at + 1]);
		}
	}
	return {
		stretches,
		broken: open.slice(0, MAX_UNCLOSED).some((from) => beginsLikeJson(text, from)),
	};
}

/** JSON strings end in their line; a lone quotation mark of prose reaches no further either. */
function endOfString(text: string, start: number): number {
	for (let at = start + 1; at < text.length; at++) {
		if (text[at] === '\\') at++;
		else if (text[at] === '"' || text[at] === '\n') return at;
	}
	return text.length;
}

/** A list of lists or objects, or an object with quoted keys; `[1]` and `{sic}` are prose. */
function beginsLikeJson(text: string, from: number): boolean {
	const start = text.slice(from, from + 100).replace(/\s+/g, '');
	return /^(?:\[[[{]|\{["'])/.test(start);
}
