// Searches a detection step's answer for marks: objects, lists and JSON in text, at any depth.

import { invalidInput } from '../errors';
import {
	failureIn,
	inherited,
	isAsked,
	isQuestion,
	parallel,
	textKind,
	type Context,
} from './context';
import {
	BOX_LIST,
	LIST_ROWS,
	NO_BOX_LIST,
	OUTLINE_LISTS,
	PART_KEYS,
	POINT_LIST,
	SIDE_LIST,
	TEXT_KEYS,
	type ListRow,
} from './detectors';
import { findJson } from './findJson';
import { fieldsOf, inPairs, toCorners, toNumbers, type Count, type Marked } from './marks';
import { isPoint, mostExact, readObject, rowFor, shownKeys } from './objectMarks';

export interface Mark extends Marked {
	context: Context;
	/** The object that the mark belongs to. */
	owner: object;
}

export interface Answer {
	/** In the order of the answer; only the most exact kind of mark per object. */
	marks: Mark[];
	/** It has an empty list that means "nothing found". */
	empty: boolean;
	/** The first problem found while reading, in words; completes "the answer …". */
	unreadable?: string;
	/** The error that a service returned instead of an answer. */
	failure?: string;
	/** Keys of the outermost object, or a description of what is there instead; for messages. */
	keys: string[];
}

const LIST_KEYS = new Set(LIST_ROWS.map(({ key }) => key));

/** Larger answers are refused. Bounds the time that any input can cost. */
const MAX_MARKS = 20_000;
const MAX_VALUES = 350_000;
const MAX_CHARACTERS = 4_000_000;
const MAX_TEXTS = 2000;
/** Bracketed stretches that are not JSON, in all texts; beyond it, texts count as broken. */
const MAX_FAILED = 1000;
/** Cost of searching an object or a list, in values; charged before any is searched. */
const ENTRY = 3;
/** Levels of JSON text inside JSON text. */
const MAX_DEPTH_OF_TEXT = 4;

interface Visit {
	value: unknown;
	key: string;
	context: Context;
	/** Set if the value is a part of this object. */
	owner?: object;
	row?: ListRow;
	/** For text: whether a language model returned it. */
	isAnswer?: boolean;
}

/** Iterative, so depth cannot overflow the stack; visits each object once, so cycles end. */
export class AnswerReader {
	private readonly marks: Mark[] = [];
	private readonly visits: Visit[] = [];
	private readonly seen = new Set<object>();
	private keys: string[] = [];
	private unreadable?: string;
	private failure?: string;
	private emptyLists = 0;
	private emptyListsInText = 0;
	private hasText = false;
	/** An object has x and y. Without any mark, these are points in an unknown form. */
	private hasPoints = false;
	private valuesLeft = MAX_VALUES;
	private charactersLeft = MAX_CHARACTERS;
	private textsLeft = MAX_TEXTS;
	private failuresLeft = MAX_FAILED;

	/** @param field display name of the parameter, for messages */
	constructor(private readonly field: string) {}

	/** @throws PicWishError INVALID_INPUT when the answer is too large */
	read(answer: unknown): Answer {
		this.visits.push({ value: answer, key: '', context: {}, isAnswer: true });
		for (let visit = this.visits.pop(); visit; visit = this.visits.pop()) this.visit(visit);
		const emptyLists = this.hasText ? this.emptyListsInText : this.emptyLists;
		const empty = emptyLists > 0 && !this.hasPoints;
		const { keys, unreadable, failure } = this;
		return { marks: mostExact(this.marks), empty, unreadable, failure, keys };
	}

	private visit(visit: Visit): void {
		const { value } = visit;
		if (typeof value === 'string') {
			this.readText(value, visit);
		} else if (typeof value === 'object' && value !== null && !this.seen.has(value)) {
			this.seen.add(value);
			if (Array.isArray(value)) this.readList(value, visit);
			else this.readFields(value, visit);
		}
	}

	private readText(text: string, { key, context, isAnswer = false, row }: Visit): void {
		const depth = (context.depth ?? 0) + 1;
		if (depth > MAX_DEPTH_OF_TEXT) return;
		this.charactersLeft -= text.length;
		if (this.charactersLeft < 0) this.refuse(`more than ${MAX_CHARACTERS} characters of text`);
		if (--this.textsLeft < 0) this.refuse(`more than ${MAX_TEXTS} texts`);
		this.hasText ||= isAnswer;
		const { values, broken, failed } = findJson(text, this.failuresLeft);
		this.failuresLeft = Math.max(0, this.failuresLeft - failed);
		if (broken && isAnswer) this.unreadable ??= 'has JSON that is cut off or not valid';
		// Fields around the text describe the reply, not the objects in it.
		const inside = isAnswer ? { inText: true, frame: context.frame } : context;
		this.push(
			values.map((value) => ({ value, key, context: { ...inside, depth }, row, isAnswer })),
		);
	}

	private readList(list: unknown[], visit: Visit): void {
		const { key, context, row } = visit;
		this.count(list.length);
		if (list.length === 0) {
			if (!SIDE_LIST.test(key)) this.noteEmpty(context);
			return;
		}
		if (typeof list[0] !== 'object' && this.readNumbers(list, visit)) return;
		const isText = TEXT_KEYS.has(key);
		// Google Vision omits lists without entries.
		if (key === 'responses' && list.every((entry) => fieldsOf(entry).size === 0)) {
			this.noteEmpty(context);
		}
		const isSearched = (entry: unknown) => isOpen(entry) || (isText && typeof entry === 'string');
		const entries = list.filter(isSearched);
		this.count(entries.length * ENTRY);
		this.push(entries.map((value) => ({ value, key, context, row, isAnswer: isText })));
	}

	/** @returns whether the list was handled */
	private readNumbers(list: unknown[], { key, context, row, owner = list }: Visit): boolean {
		const numbers = NO_BOX_LIST.test(key) ? undefined : toNumbers(list);
		if (!numbers) return false;
		if (numbers.length === 4 && row) {
			const corners = toCorners(row.form, numbers);
			this.add({ shape: { kind: 'box', corners }, numbers, unit: row.unit }, context, owner);
		} else if (numbers.length === 4) {
			const shape = { kind: 'plain' as const, key, isObject: false };
			this.add({ shape, numbers, unit: 'pixels' }, context, owner);
		} else if (OUTLINE_LISTS.has(key) && numbers.length >= 6) {
			const shape = { kind: 'outline' as const, points: inPairs(numbers) };
			this.add({ shape, numbers: [], unit: 'pixels' }, context, list);
		} else if (row || (BOX_LIST.test(key) && !(numbers.length === 2 && POINT_LIST.test(key)))) {
			this.unreadable ??= `has ${numbers.length} numbers in ${shownKeys([key])}, where a box has 4`;
		} else if (this.keys.length === 0) {
			this.keys = [`a list of ${numbers.length} numbers`];
		}
		return true;
	}

	private readFields(value: object, visit: Visit): void {
		const fields = fieldsOf(value, this.count);
		if (this.keys.length === 0) this.keys = [...fields.keys()];
		// The page itself is no mark: it encloses all words (Amazon Textract, Google Document AI).
		const isPage = fields.get('BlockType') === 'PAGE';
		const isPageLayout = fields.has('pageNumber') && fields.delete('layout');
		if (isPage || isPageLayout) this.noteEmpty(visit.context);
		if (isPage || isQuestion(fields)) return;
		if (!visit.context.inText) this.failure ??= failureIn(fields);
		const owner = visit.owner ?? value;
		const context = inherited(visit.context, fields);
		const { marks, read, unreadable } = readObject(fields, visit.key, this.count);
		this.unreadable ??= unreadable;
		this.hasPoints ||= isPoint(fields);
		for (const mark of marks) this.add(mark, context, owner);
		const visits: Visit[] = [];
		for (const [key, child] of fields) {
			const isSearched = typeof child === 'string' || isOpen(child);
			if (!isSearched || read.includes(key) || isAsked(key, fields)) continue;
			// A model's empty reply does not mean that nothing was found.
			if (fields.has('role') && Array.isArray(child) && child.length === 0) continue;
			this.count(ENTRY);
			const row = LIST_KEYS.has(key) ? rowFor(LIST_ROWS, key, fields) : undefined;
			if (typeof child === 'string') {
				// Text beside a box is what the box contains.
				const kind = marks.length > 0 ? undefined : textKind(key, child, fields);
				if (kind) visits.push({ value: child, key, context, row, isAnswer: kind === 'answer' });
			} else if (Array.isArray(child)) {
				const entries = parallel(child, fields, context);
				if (entries) this.count(entries.length * ENTRY);
				const whole = [{ value: child, context, owner }];
				for (const each of entries ?? whole) visits.push({ ...each, key, row });
			} else {
				visits.push({ value: child, key, context, owner: PART_KEYS.has(key) ? owner : undefined });
			}
		}
		this.push(visits);
	}

	/** Visits them next, in order. */
	private push(visits: Visit[]): void {
		for (let i = visits.length - 1; i >= 0; i--) this.visits.push(visits[i]!);
	}

	private add({ shape, numbers, unit }: Marked, context: Context, owner: object): void {
		this.marks.push({ shape, numbers, unit, context, owner });
		if (this.marks.length > MAX_MARKS) this.refuse(`more than ${MAX_MARKS} shapes`);
	}

	private noteEmpty({ inText }: Context): void {
		if (inText) this.emptyListsInText++;
		else this.emptyLists++;
	}

	private readonly count: Count = (values) => {
		this.valuesLeft -= values;
		if (this.valuesLeft < 0) this.refuse(`more than ${MAX_VALUES} values`);
	};

	private refuse(what: string): never {
		throw invalidInput(
			`${this.field}: the answer holds ${what}`,
			'Give only the list of what you want to remove.',
		);
	}
}

function isOpen(value: unknown): value is object {
	return typeof value === 'object' && value !== null;
}
