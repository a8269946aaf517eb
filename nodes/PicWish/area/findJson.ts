// The JSON in a language model's text: the whole text, in code fences, or after a sentence.

import { readJson } from '../untrusted';

/** As many as an answer may have shapes: one object per line. */
const MAX_PIECES = 20_000;
/** How many unclosed brackets are examined. */
const MAX_UNCLOSED = 1000;

interface FoundJson {
	values: unknown[];
	/** Something starts like JSON but is cut off or invalid. Nothing is repaired. */
	broken: boolean;
	/** Bracketed stretches that are not JSON. */
	failed: number;
}

/**
 * The outermost objects and lists, in order; only those in code fences if these hold JSON.
 *
 * @param mostFailed gives up after so many stretches that are not JSON: each costs a thrown error
 */
export function findJson(answer: string, mostFailed: number): FoundJson {
	const whole = readJson(answer);
	if (whole !== undefined) return { values: [whole], broken: false, failed: 0 };
	// Reasoning models write a draft before this tag.
	const text = answer.split('</think>').at(-1) ?? '';
	const fenced = text
		.split('```')
		.filter((_part, index) => index % 2 === 1)
		.join('\n');
	const inFences = readAll(fenced, mostFailed);
	// Otherwise, the fences may be part of a JSON string.
	return inFences.values.length > 0 && !inFences.broken ? inFences : readAll(text, mostFailed);
}

function readAll(text: string, mostFailed: number): FoundJson {
	const { stretches, unclosed } = bracketed(text);
	const broken = unclosed.slice(0, MAX_UNCLOSED).some((from) => beginsLikeJson(text, from));
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

/** The outermost stretches between brackets. An unclosed one in prose does not hide what follows. */
function bracketed(text: string) {
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
	return { stretches, unclosed: open };
}

/** JSON strings end on their line, so a stray quotation mark in prose reaches no further. */
function endOfString(text: string, start: number): number {
	for (let at = start + 1; at < text.length; at++) {
		if (text[at] === '\\') at++;
		else if (text[at] === '"' || text[at] === '\n') return at;
	}
	return text.length;
}

/** A list of lists or objects, or an object with quoted keys; `[1]` and `{sic}` count as prose. */
function beginsLikeJson(text: string, from: number): boolean {
	const start = text.slice(from, from + 100).replace(/\s+/g, '');
	return /^(?:\[[[{]|\{["'])/.test(start);
}
