// Finds the file of an item that a field refers to.

import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import { invalidInput, type PicWishError } from '../errors';
import { shown, toObject } from '../untrusted';
import { defaultOf, labelOf, parametersOf } from './fields';

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
export function findFile(
	context: IExecuteFunctions,
	itemIndex: number,
	field: FileField,
): IBinaryData {
	const given = parametersOf(context, itemIndex)(field.parameter);
	const files = filesOf(context, itemIndex);
	if (isFile(given)) return given;
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
function filesOf(context: IExecuteFunctions, itemIndex: number): Map<string, IBinaryData> {
	const item = context.getInputData()[itemIndex];
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
	const label = labelOf(field.parameter);
	const { otherwise } = field;
	const has = whatItHas(names, field);
	if (given === undefined || given === null) {
		return invalidInput(
			`${label}: the expression gave nothing (${String(given)})`,
			`Check the names of the node and the field in the expression, such as ${FETCH_FROM_NODE}. ${has}`,
		);
	}
	if (typeof given === 'object') return notAName(given, has, label);
	const text = String(given).trim();
	if (isBase64(text)) {
		return invalidInput(
			`${label}: the value is base64 text, not the name of a field`,
			`Turn it into a file with a Convert to File node${text.startsWith('data:') ? ', without the part up to the comma' : ''}. Then give the name of that file’s field. ${has}`,
		);
	}
	if (/^https?:\/\//i.test(text)) {
		return invalidInput(
			`${label}: the value is a web address, not the name of a field`,
			`${otherwise} ${has}`,
		);
	}
	const fetch =
		names.length > 0
			? ''
			: ` A node before this one did not pass the file on. To take the file from the node that has it, set this field to the expression ${FETCH_FROM_NODE}. ${otherwise}`;
	return invalidInput(
		text === ''
			? `${label}: no name is given`
			: `${label}: the item has no binary field ${shown(text)}`,
		has + fetch,
	);
}

function notAName(given: object, has: string, label: string): PicWishError {
	if (Array.isArray(given)) {
		return invalidInput(`${label}: the expression gave a list, not one file`, has);
	}
	if ('mimeType' in given) {
		return invalidInput(
			`${label}: the expression gave a file without its bytes`,
			`This n8n keeps files in memory (binary data mode "default"), and then expressions cannot pass them on. Give the name of the field, or set N8N_DEFAULT_BINARY_DATA_MODE to filesystem. ${has}`,
		);
	}
	const keys = Object.keys(given).join(', ') || 'none';
	return invalidInput(
		`${label}: the expression gave an object that is not a file (its fields: ${keys.slice(0, LONGEST_NAME)})`,
		has,
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
