// Readers for single fields of the form.

import { invalidInput } from './api/errors';

/** @throws PicWishError INVALID_INPUT naming the field */
export function oneOf<const T extends readonly string[]>(
	value: unknown,
	allowed: T,
	field: string,
): T[number] {
	const found = allowed.find((one) => one === value);
	if (found !== undefined) return found;
	throw invalidInput(
		`${field}: ${shown(value)} is not one of ${allowed.join(', ')}`,
		'Choose a value from the list, or correct the expression.',
	);
}

/**
 * Also as text, which expressions give; nothing at all means the fallback.
 *
 * @throws PicWishError INVALID_INPUT naming the field
 */
export function bool(value: unknown, fallback: boolean, field: string): boolean {
	if (value === undefined || value === null || value === '') return fallback;
	if (typeof value === 'boolean') return value;
	if (value === 'true' || value === 'false') return value === 'true';
	throw invalidInput(
		`${field}: must be true or false, not ${shown(value)}`,
		'Correct the expression.',
	);
}

/** A value as it stands in a message. */
export function shown(value: unknown): string {
	const text = typeof value === 'string' ? `"${value}"` : String(JSON.stringify(value));
	return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
