// Readers for single form fields. Labels, defaults and limits come from the field's description.

import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { options } from '../form/optionsProperty';
import { properties } from '../form/properties';
import { asPicWishError, invalidInput } from '../errors';
import { isNothing, shown, toNumber, toObject, toTyped } from '../untrusted';

/** Returns the value of a parameter or an option by name. */
export type Values = (name: string) => unknown;

const FIELDS = [...properties, ...options];
/** The unit at the end of a number field's label, such as " (Seconds)". */
const UNIT = / \((\w+)\)$/;

/**
 * An item's parameters, without its options; '' if not set.
 *
 * @throws PicWishError INVALID_INPUT naming the field if its expression cannot be evaluated
 */
export function parametersOf(context: IExecuteFunctions, itemIndex: number): Values {
	return (name) => read(context, itemIndex, name, name);
}

/** The same for an item's options. If one of them cannot be evaluated, they are read one by one. */
export function optionsOf(context: IExecuteFunctions, itemIndex: number): Values {
	try {
		const all = toObject(context.getNodeParameter('options', itemIndex, {}));
		return (name) => all?.[name];
	} catch {
		return (name) => read(context, itemIndex, `options.${name}`, name);
	}
}

function read(context: IExecuteFunctions, itemIndex: number, path: string, name: string): unknown {
	try {
		return context.getNodeParameter(path, itemIndex, '');
	} catch (error) {
		const { message, description } = asPicWishError(error).details;
		const [field = name] = name.split('.');
		throw invalidInput(
			`${labelOf(field)}: the expression cannot be evaluated: ${message}`,
			description,
		);
	}
}

/** A field's description in the form; for a field with a tool variant, that of the canvas. */
function described(name: string): INodeProperties {
	const field = FIELDS.find((one) => one.name === name);
	if (!field) throw new Error(`The form has no field ${name}`);
	return field;
}

/** A field's label in the form, without the unit of a number. */
export function labelOf(name: string): string {
	const { displayName, type } = described(name);
	return type === 'number' ? displayName.replace(UNIT, '') : displayName;
}

/** A field's default in the form. */
export function defaultOf(name: string): unknown {
	return described(name).default;
}

/** The value, or the default if none is given. */
export function valueOrDefault(values: Values, name: string): unknown {
	const given = values(name);
	return isNothing(given) ? defaultOf(name) : given;
}

/**
 * One of a field's allowed values; the default if none is given.
 *
 * @throws PicWishError INVALID_INPUT naming the field
 */
export function choice<const T extends readonly string[]>(
	values: Values,
	name: string,
	allowed: T,
): T[number] {
	return oneOf(valueOrDefault(values, name), allowed, labelOf(name));
}

/**
 * One of the allowed values. Ignores case, spaces, hyphens and underscores, as agents vary them.
 *
 * @throws PicWishError INVALID_INPUT naming the field
 */
export function oneOf<const T extends readonly string[]>(
	value: unknown,
	allowed: T,
	label: string,
): T[number] {
	const found = allowed.find((one) => isChoice(value, one));
	if (found !== undefined) return found;
	throw invalidInput(
		`${label}: ${shown(value)} is not one of ${allowed.join(', ')}`,
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

/**
 * A number within the field's limits, also given as text; the default if none is given.
 *
 * @throws PicWishError INVALID_INPUT naming the field
 */
export function numberIn(values: Values, name: string): number {
	const field = described(name);
	const { minValue = -Infinity, maxValue = Infinity } = field.typeOptions ?? {};
	const value = valueOrDefault(values, name);
	const read = toNumber(value);
	if (read !== undefined && read >= minValue && read <= maxValue) return read;
	const [, unit] = UNIT.exec(field.displayName) ?? [];
	throw invalidInput(
		`${labelOf(name)}: must be a number from ${minValue} to ${maxValue}${unit ? ` ${unit.toLowerCase()}` : ''}, not ${shown(value)}`,
		'Correct it in the options of the node.',
	);
}

/**
 * A boolean, also given as text by an expression; the default if none is given.
 *
 * @throws PicWishError INVALID_INPUT naming the field
 */
export function bool(values: Values, name: string): boolean {
	const value = valueOrDefault(values, name);
	if (typeof value === 'boolean') return value;
	if (plain(value) === 'true' || plain(value) === 'false') return plain(value) === 'true';
	throw invalidInput(
		`${labelOf(name)}: must be true or false, not ${shown(value)}`,
		'Correct the expression.',
	);
}

/**
 * Trimmed text, also given as a number by an expression; the default if none is given.
 *
 * @throws PicWishError INVALID_INPUT naming the field
 */
export function text(values: Values, name: string): string {
	const value = valueOrDefault(values, name);
	const typed = toTyped(value);
	if (typed !== undefined || value === '') return typed ?? '';
	throw invalidInput(
		`${labelOf(name)}: must be text, not ${shown(value)}`,
		'Correct the expression.',
	);
}
