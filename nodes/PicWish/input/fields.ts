// Readers for single fields of the form. A field's label, default and limits are those of its description.

import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { options } from '../form/optionsProperty';
import { properties } from '../form/properties';
import { asPicWishError, invalidInput } from '../errors';
import { shown, toNumber, toObject, toTyped } from '../untrusted';

/** A parameter's or an option's value, by name. */
export type Values = (name: string) => unknown;

const FIELDS = [...properties, ...options];
/** How the name of a number ends in the form. */
const UNIT = / \((\w+)\)$/;

/**
 * An item's parameters, but for its options; empty where they are not set.
 *
 * @throws PicWishError INVALID_INPUT naming the field, where its expression cannot be evaluated
 */
export function parametersOf(context: IExecuteFunctions, itemIndex: number): Values {
	return (name) => read(context, itemIndex, name, name);
}

/** An item's options, in the same way: one by one where not all of them can be evaluated. */
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

/** A field as the form describes it; of one that starts differently in a tool, as on the canvas. */
function described(name: string): INodeProperties {
	const field = FIELDS.find((one) => one.name === name);
	if (!field) throw new Error(`The form has no field ${name}`);
	return field;
}

/** A field's name in the form, without the unit of a number. */
export function labelOf(name: string): string {
	const { displayName, type } = described(name);
	return type === 'number' ? displayName.replace(UNIT, '') : displayName;
}

/** What the form shows for a field that nobody has touched. */
export function defaultOf(name: string): unknown {
	return described(name).default;
}

/** The value as given; nothing at all means the default. */
export function valueOrDefault(values: Values, name: string): unknown {
	const given = values(name);
	return isNothing(given) ? defaultOf(name) : given;
}

/**
 * One of a field's values; nothing at all means the default.
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
 * One of these values; in any letter case, as expressions and agents write it.
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

/** Whether it is this choice, in any letter case. */
export function isChoice(value: unknown, choice: string): boolean {
	return plain(value) === plain(choice);
}

/** Without what people write differently: "Top Left" is topLeft. */
function plain(value: unknown): string {
	return String(value)
		.replace(/[\s_-]/g, '')
		.toLowerCase();
}

/** As an expression gives it for a field that is left empty. */
function isNothing(value: unknown): boolean {
	return value === undefined || value === null || (typeof value === 'string' && !value.trim());
}

/**
 * A number within the field's limits, also as text; nothing at all means the default.
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
 * Also as text, which expressions give; nothing at all means the default.
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
 * Text without spaces around it, also when an expression gave a number; nothing at all means the default.
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
