// Readers for single fields of the form and the credential. Labels, defaults and limits come from the
// field's description. All throw PicWishError INVALID_INPUT naming the field.

import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { PicWishApi } from '../../../credentials/PicWishApi.credentials';
import { options } from '../form/optionsProperty';
import { properties } from '../form/properties';
import { asPicWishError, invalidInput, type PicWishError } from '../errors';
import { isNothing, shown, toNumber, toObject, toTyped } from '../untrusted';

/** Returns the value of a parameter or an option by name; undefined or '' if not set. */
export type Values = (name: string) => unknown;

/** One input item and its fields. */
export interface Item {
	context: IExecuteFunctions;
	itemIndex: number;
	values: Values;
}

const FIELDS = [...properties, ...options, ...new PicWishApi().properties];
const OPTIONS = new Set(options.map(({ name }) => name));
/** The unit at the end of a number field's label, such as " (Seconds)". */
const UNIT = / \((\w+)\)$/;

export function itemOf(context: IExecuteFunctions, itemIndex: number): Item {
	const chosen = optionsOf(context, itemIndex);
	const values = (name: string) => {
		if (!OPTIONS.has(name)) return read(context, itemIndex, name);
		return chosen ? chosen[name] : read(context, itemIndex, `options.${name}`);
	};
	return { context, itemIndex, values };
}

/** Undefined if one of them cannot be evaluated: then they must be read one by one. */
function optionsOf(context: IExecuteFunctions, itemIndex: number) {
	try {
		return toObject(context.getNodeParameter('options', itemIndex, {}));
	} catch {
		return undefined;
	}
}

function read(context: IExecuteFunctions, itemIndex: number, path: string): unknown {
	try {
		return context.getNodeParameter(path, itemIndex, '');
	} catch (error) {
		const { message, description } = asPicWishError(error).details;
		const [name = path] = path.replace('options.', '').split('.');
		throw invalidInput(
			`${labelOf(name)}: the expression cannot be evaluated: ${message}`,
			description,
		);
	}
}

/** A field's description; for a field with a tool variant, that of the canvas. */
function described(name: string): INodeProperties {
	const field = FIELDS.find((one) => one.name === name);
	if (!field) throw new Error(`There is no field ${name}`);
	return field;
}

/** A field's label, without the unit of a number. */
export function labelOf(name: string): string {
	const { displayName, type } = described(name);
	return type === 'number' ? displayName.replace(UNIT, '') : displayName;
}

export function defaultOf(name: string): unknown {
	return described(name).default;
}

/** The value, or the default if the field is empty or its expression gave nothing. */
export function valueOrDefault(values: Values, name: string): unknown {
	const given = values(name);
	return isNothing(given) ? defaultOf(name) : given;
}

/** One of a field's allowed values. */
export function choice<T extends string>(values: Values, name: string, allowed: readonly T[]): T {
	return oneOf(name, valueOrDefault(values, name), allowed);
}

/** One of the allowed values. Ignores case, spaces, hyphens and underscores, as agents vary them. */
export function oneOf<T extends string>(name: string, value: unknown, allowed: readonly T[]): T {
	const found = allowed.find((one) => isChoice(value, one));
	if (found !== undefined) return found;
	throw invalidInput(
		`${labelOf(name)}: ${shown(value)} is not one of ${allowed.join(', ')}`,
		'Choose a value from the list, or correct the expression.',
	);
}

/** Whether the value is this choice, compared as in `oneOf`. */
export function isChoice(value: unknown, choice: string): boolean {
	return plain(value) === plain(choice);
}

/** Normalized for comparison: "Top Left" equals topLeft. */
function plain(value: unknown): string {
	return String(value)
		.replace(/[\s_-]/g, '')
		.toLowerCase();
}

/** A number within the field's limits, also given as text. */
export function numberIn(values: Values, name: string): number {
	const value = valueOrDefault(values, name);
	return withinLimits(name, value, 'Correct it in the options of the node.');
}

/** The same, of a value that may be undefined but not empty. */
export function withinLimits(name: string, given: unknown, advice: string): number {
	const value = given ?? defaultOf(name);
	const { displayName, typeOptions } = described(name);
	const { minValue = -Infinity, maxValue = Infinity } = typeOptions ?? {};
	const read = toNumber(value);
	if (read !== undefined && read >= minValue && read <= maxValue) return read;
	const [, unit = ''] = UNIT.exec(displayName) ?? [];
	const range = `from ${minValue} to ${maxValue} ${unit.toLowerCase()}`.trim();
	throw mustBe(name, `a number ${range}`, value, advice);
}

/** A boolean, also given as text by an expression. */
export function bool(values: Values, name: string): boolean {
	const value = valueOrDefault(values, name);
	if (isChoice(value, 'true')) return true;
	if (isChoice(value, 'false')) return false;
	throw mustBe(name, 'true or false', value);
}

/** Trimmed text, also given as a number by an expression. */
export function text(values: Values, name: string): string {
	const value = valueOrDefault(values, name);
	const typed = toTyped(value);
	if (typed !== undefined || value === '') return typed ?? '';
	throw mustBe(name, 'text', value);
}

/** The error for a value of the wrong kind. */
export function mustBe(name: string, what: string, value: unknown, advice?: string): PicWishError {
	const message = `${labelOf(name)}: must be ${what}, not ${shown(value)}`;
	return invalidInput(message, advice ?? 'Correct the expression.');
}
