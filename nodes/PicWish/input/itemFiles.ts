// Finds the file of an item that a field refers to.

import type { IBinaryData, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { invalidInput, type PicWishError } from '../errors';
import { shown, toObject } from '../untrusted';
import { defaultOf, labelOf, type Item } from './fields';

/** A form field that names a file of the item. */
export interface FileField {
	/** Name of the parameter. */
	parameter: string;
	/** Advice if the item has no file, besides taking one from another node. */
	otherwise: string;
	/** Whether the field's default also matches the item's only file, whatever its name. */
	takesOnlyFile?: boolean;
	/** The value of another field, whose file must not be used here. */
	taken?: unknown;
}

/** For files that a node in between has dropped. */
const FETCH_FROM_NODE = "{{ $('Name of the node with the image').item.binary.data }}";
/** For several files in one item. */
const FIRST_KEY = '{{ Object.keys($binary)[0] }}';
/** The longest name that a binary field can be expected to have. */
const LONGEST_NAME = 100;

/**
 * The file that a field refers to, by name or by an expression that returns the file itself.
 *
 * @throws PicWishError INVALID_INPUT that lists the item's files
 */
export function findFile({ context, itemIndex, values }: Item, field: FileField): IBinaryData {
	const given = values(field.parameter);
	if (isFile(given)) return given;
	const files = filesOf(context.getInputData()[itemIndex]);
	const named =
		typeof given === 'string' ? (files.get(given) ?? byPath(context, itemIndex, given)) : undefined;
	if (named) return named;
	const [first, ...others] = files;
	const mayBeOnly = field.takesOnlyFile && given === defaultOf(field.parameter);
	if (first && others.length === 0 && mayBeOnly && !isTaken(field, ...first)) return first[1];
	throw notFound(given, [...files.keys()], field);
}

function isTaken({ taken }: FileField, name: string, file: IBinaryData): boolean {
	return taken === name || (isFile(taken) && taken.id !== undefined && taken.id === file.id);
}

/** Keyed by name; in n8n's combined binary mode, by the path in the item's JSON. */
function filesOf(item: INodeExecutionData | undefined): Map<string, IBinaryData> {
	const combined = Object.entries(toObject(item?.json._files) ?? {}).flatMap(
		([key, file]): Array<[string, IBinaryData]> => (isFile(file) ? [[`_files.${key}`, file]] : []),
	);
	return new Map([...Object.entries(item?.binary ?? {}), ...combined]);
}

function byPath(context: IExecuteFunctions, itemIndex: number, path: string) {
	try {
		const file = context.helpers.assertBinaryData(itemIndex, path);
		return isFile(file) ? file : undefined;
	} catch {
		return undefined;
	}
}

function isFile(value: unknown): value is IBinaryData {
	const file = toObject(value);
	return typeof file?.mimeType === 'string' && ('id' in file || 'data' in file);
}

/** The error for a value that refers to no file of the item. */
function notFound(given: unknown, names: string[], field: FileField): PicWishError {
	const { parameter, otherwise } = field;
	const has = whatItHas(names, field);
	const problem = (what: string, advice = has) =>
		invalidInput(`${labelOf(parameter)}: ${what}`, advice);
	if (given === undefined || given === null) {
		return problem(
			`the expression gave nothing (${String(given)})`,
			`Check the names of the node and the field in the expression, such as ${FETCH_FROM_NODE}. ${has}`,
		);
	}
	if (Array.isArray(given)) return problem('the expression gave a list, not one file');
	if (typeof given === 'object' && 'mimeType' in given) {
		return problem(
			'the expression gave a file without its bytes',
			`This n8n keeps files in memory (binary data mode "default"), and then expressions cannot pass them on. Give the name of the field, or set N8N_DEFAULT_BINARY_DATA_MODE to filesystem. ${has}`,
		);
	}
	if (typeof given === 'object') {
		const keys = Object.keys(given).join(', ').slice(0, LONGEST_NAME) || 'none';
		return problem(`the expression gave an object that is not a file (its fields: ${keys})`);
	}
	const text = String(given).trim();
	if (isBase64(text)) {
		return problem(
			'the value is base64 text, not the name of a field',
			`Turn it into a file with a Convert to File node${text.startsWith('data:') ? ', without the part up to the comma' : ''}. Then give the name of that file’s field. ${has}`,
		);
	}
	if (/^https?:\/\//i.test(text)) {
		return problem('the value is a web address, not the name of a field', `${otherwise} ${has}`);
	}
	const what = text === '' ? 'no name is given' : `the item has no binary field ${shown(text)}`;
	if (names.length > 0) return problem(what);
	return problem(
		what,
		`${has} A node before this one did not pass the file on. To take the file from the node that has it, set this field to the expression ${FETCH_FROM_NODE}. ${otherwise}`,
	);
}

function whatItHas(names: string[], { parameter, taken }: FileField): string {
	const label = labelOf(parameter);
	const [only] = names;
	if (only === undefined) return 'The item has no binary fields at all.';
	if (names.length === 1) {
		return only === taken
			? `Its only binary field is ${only}, which is the mask.`
			: `Its only binary field is ${only}: set ${label} to it.`;
	}
	return `Its binary fields are: ${names.join(', ')}. Set ${label} to one of them. To process all of them, put a Split Out node with the field $binary before this one and set ${label} to the expression ${FIRST_KEY}.`;
}

function isBase64(text: string): boolean {
	if (/^data:[^,]*;base64,/i.test(text)) return true;
	return text.length > LONGEST_NAME && /^[\w+/-]+={0,2}$/.test(text.replace(/\s/g, ''));
}
