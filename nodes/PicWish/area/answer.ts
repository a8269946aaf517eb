// Searches a detection step's answer for marks: objects, lists and JSON in text, at any depth.

import { invalidInput, PicWishError } from '../errors';
import { shown } from '../untrusted';
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
	SIDE_LIST,
	TEXT_KEYS,
	type Row,
} from './detectors';
import { findJson } from './findJson';
import { asList, fieldsOf, toNumbers, type Marked } from './marks';
import { hasUnknownMark, mostExact, readObject, rowFor, shownKeys } from './objectMarks';

export interface Mark extends Marked {
	context: Context;
	/** The object that the mark belongs to. */
	owner: object;
}

/** Larger answers are refused. Bounds the time that any input can cost. */
const MOST = { shapes: 20_000, values: 350_000, 'characters of text': 4_000_000, texts: 2000 };
/** Bracketed stretches that are not JSON, in all texts; beyond it, texts count as broken. */
const MAX_FAILED = 1000;
/** Cost of searching an object or a list, in values; charged before any is searched. */
const ENTRY = 3;

const ADVICE =
	'Give each box as x, y, width and height, or as four numbers and choose Box Format. Ask a language model for valid JSON.';

interface Visit {
	value: unknown;
	key: string;
	context: Context;
	/** Set if the value is a part of this object. */
	owner?: object;
	/** The format of the lists in the value. */
	row?: Row;
	/** Whether the value is the entry of a list. */
	isListed?: boolean;
	/** For text: whether a language model returned it. */
	isAnswer?: boolean;
}

/** Iterative, so depth cannot overflow the stack; visits each object once, so cycles end. */
export class AnswerReader {
	private readonly marks: Mark[] = [];
	private readonly visits: Visit[] = [];
	private readonly seen = new Set<object>();
	/** Of the outermost object, or a description of what is there instead; for messages. */
	private keys: string[] = [];
	/** The first problem found while reading, in words; completes "the answer …". */
	private unreadable?: string;
	/** The error that a service returned instead of an answer. */
	private failure?: string;
	/** Of each empty list that may mean "nothing found". */
	private readonly empty: Context[] = [];
	/** If a model's text is there, only empty lists in its JSON count. */
	private hasText = false;
	/** Something is marked in an unknown form. */
	private hasUnknownMark = false;
	private readonly left = { ...MOST };
	private failuresLeft = MAX_FAILED;

	/** @param field display name of the parameter, for messages */
	constructor(private readonly field: string) {}

	/**
	 * @returns in the order of the answer, only the most exact kind of mark per object; none = nothing found
	 * @throws PicWishError INVALID_INPUT when the answer is too large, cannot be read or says nothing
	 */
	read(answer: unknown): Mark[] {
		this.visits.push({ value: answer, key: '', context: {}, isAnswer: true });
		try {
			for (let visit = this.visits.pop(); visit; visit = this.visits.pop()) this.visit(visit);
		} catch (error) {
			// Values from expressions may throw when read: getters, proxies.
			throw error instanceof PicWishError ? error : this.refusal('cannot be read');
		}
		if (this.unreadable !== undefined) throw this.refusal(this.unreadable);
		const hasEmpty = this.empty.some(({ inText }) => inText || !this.hasText);
		const isEmpty = hasEmpty && !this.hasUnknownMark;
		if (this.marks.length === 0 && (this.failure !== undefined || !isEmpty)) {
			throw this.refusal(
				`has no x, y, width, height and no other box or outline${this.instead(answer)}`,
				'Give the answer of a detection step. Ask a language model to answer with a JSON list, with [] for nothing.',
			);
		}
		return mostExact(this.marks);
	}

	/** What the answer has instead of marks. */
	private instead(answer: unknown): string {
		if (this.failure !== undefined) return `; it is an error (${this.failure.slice(0, 200)})`;
		if (this.keys.length > 0) return `; it has ${shownKeys(this.keys)}`;
		return typeof answer === 'object' ? '' : `: ${shown(answer)}`;
	}

	private visit(visit: Visit): void {
		const { value } = visit;
		if (typeof value === 'string') this.readText(value, visit);
		if (!isOpen(value) || this.seen.has(value)) return;
		this.seen.add(value);
		if (Array.isArray(value)) this.readList(value, visit);
		else this.readFields(value, visit);
	}

	private readText(text: string, { key, context, isAnswer = false, row }: Visit): void {
		this.spend('characters of text', text.length);
		this.spend('texts', 1);
		this.hasText ||= isAnswer;
		const { values, broken, failed } = findJson(text, this.failuresLeft);
		this.failuresLeft = Math.max(0, this.failuresLeft - failed);
		if (broken && isAnswer) this.unreadable ??= 'has JSON that is cut off or not valid';
		// Fields around the text describe the reply, not the objects in it.
		const inside = isAnswer ? { inText: true, frame: context.frame } : context;
		this.push(values.map((value) => ({ value, key, context: inside, row, isAnswer })));
	}

	private readList(list: unknown[], visit: Visit): void {
		const { key, context, row } = visit;
		this.count(list.length);
		if (list.length === 0) {
			if (!SIDE_LIST.test(key)) this.empty.push(context);
			return;
		}
		if (this.readNumbers(list, visit)) return;
		// Google Vision omits lists without entries.
		const isBare = key === 'responses' && list.every((entry) => fieldsOf(entry).size === 0);
		if (isBare) this.empty.push(context);
		const isAnswer = TEXT_KEYS.includes(key);
		const entries = list.filter((each) => isOpen(each) || (isAnswer && typeof each === 'string'));
		this.count(entries.length * ENTRY);
		this.push(entries.map((value) => ({ value, key, context, row, isAnswer, isListed: true })));
	}

	/** @returns whether the list was handled */
	private readNumbers(list: unknown[], visit: Visit): boolean {
		const { key, context, row, owner = list, isListed = false } = visit;
		const numbers = NO_BOX_LIST.test(key) ? undefined : toNumbers(list);
		if (!numbers) return false;
		const { length } = numbers;
		if (length === 4) {
			const { form = 'list', unit = 'pixels' } = row ?? {};
			this.add({ form, numbers, unit, key }, context, owner);
		} else if (OUTLINE_LISTS.includes(key) && length >= 6) {
			this.add({ form: 'outline', numbers, unit: 'pixels' }, context, list);
		} else if (row || (BOX_LIST.test(key) && !(length === 2 && /coord/i.test(key)))) {
			// Two coordinates are a point.
			this.unreadable ??= `has ${length} numbers in ${shownKeys([key])}, where a box has 4`;
		} else {
			this.hasUnknownMark ||= isListed && length > 1;
			if (this.keys.length === 0) this.keys = [`a list of ${length} numbers`];
		}
		return true;
	}

	private readFields(value: object, visit: Visit): void {
		const fields = fieldsOf(value);
		this.count(fields.size);
		if (this.keys.length === 0) this.keys = [...fields.keys()];
		// The page itself is no mark: it encloses all words (Amazon Textract, Google Document AI).
		const isPage = fields.get('BlockType') === 'PAGE';
		const isPageLayout = fields.has('pageNumber') && fields.delete('layout');
		if (isPage || isPageLayout) this.empty.push(visit.context);
		if (isPage || isQuestion(fields)) return;
		if (!visit.context.inText) this.failure ??= failureIn(fields);
		const owner = visit.owner ?? value;
		const context = inherited(visit.context, fields);
		const { marks, read, unreadable } = readObject(fields, this.count);
		this.unreadable ??= unreadable;
		for (const mark of marks) this.add(mark, context, owner);
		// It matters only to an answer without any mark.
		this.hasUnknownMark ||= this.marks.length === 0 && hasUnknownMark(fields);
		const visits: Visit[] = [];
		for (const [key, given] of fields) {
			const child = BOX_LIST.test(key) ? asList(given) : given;
			const isSearched = typeof child === 'string' || isOpen(child);
			if (!isSearched || read.includes(key) || isAsked(key, fields)) continue;
			// A model's empty reply does not mean that nothing was found.
			if (fields.has('role') && Array.isArray(child) && child.length === 0) continue;
			this.count(ENTRY);
			const row = rowFor(LIST_ROWS, key, fields);
			if (typeof child === 'string') {
				// Text beside a box is what the box contains.
				const kind = marks.length > 0 ? undefined : textKind(key, child, fields);
				if (kind) visits.push({ value: child, key, context, row, isAnswer: kind === 'answer' });
			} else if (Array.isArray(child)) {
				const entries = parallel(child, fields, context);
				this.count((entries?.length ?? 0) * ENTRY);
				const whole = { value: child, context, owner };
				for (const entry of entries ?? [whole]) visits.push({ ...entry, key, row });
			} else {
				const isPart = PART_KEYS.includes(key);
				visits.push({ value: child, key, context, owner: isPart ? owner : undefined });
			}
		}
		this.push(visits);
	}

	/** Visits them next, in order. */
	private push(visits: Visit[]): void {
		for (const visit of visits.reverse()) this.visits.push(visit);
	}

	private add(mark: Marked, context: Context, owner: object): void {
		const { form, numbers, unit, key, rotation, png } = mark;
		this.spend('shapes', 1);
		// Not spread: that takes several times as long.
		this.marks.push({ form, numbers, unit, key, rotation, png, context, owner });
	}

	/** Before so many values are read. */
	private readonly count = (values: number) => this.spend('values', values);

	private spend(what: keyof typeof MOST, amount: number): void {
		this.left[what] -= amount;
		if (this.left[what] >= 0) return;
		const advice = 'Give only the list of what you want to remove.';
		throw this.refusal(`holds more than ${MOST[what]} ${what}`, advice);
	}

	private refusal(what: string, advice = ADVICE): PicWishError {
		return invalidInput(`${this.field}: the answer ${what}`, advice);
	}
}

function isOpen(value: unknown): value is object {
	return typeof value === 'object' && value !== null;
}
