/** Readers for values that come from outside: each gives what it could make sure of, or undefined. */

export function toText(value: unknown): string | undefined {
	return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Text, also when an expression gave a number. */
export function toTyped(value: unknown): string | undefined {
	return typeof value === 'number' ? String(value) : toText(value)?.trim() || undefined;
}

/** A finite number, also when written as text. */
export function toNumber(value: unknown): number | undefined {
	const number =
		typeof value === 'number'
			? value
			: typeof value === 'string' && value.trim() !== ''
				? Number(value)
				: NaN;
	return Number.isFinite(number) ? number : undefined;
}

export function toObject(value: unknown): Record<string, unknown> | undefined {
	return typeof value === 'object' && value !== null && !Array.isArray(value)
		? Object.fromEntries(Object.entries(value))
		: undefined;
}

export function readJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
