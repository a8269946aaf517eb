// Readers for untrusted values: each returns a value of its type, or undefined.

export function toText(value: unknown): string | undefined {
	return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Trimmed text; also accepts a number, which an expression may give. */
export function toTyped(value: unknown): string | undefined {
	if (typeof value === 'number' && Number.isFinite(value)) return String(value);
	return toText(value)?.trim() || undefined;
}

const LONGEST_SHOWN = 60;

/** A value as messages quote it, shortened to 60 characters. */
export function shown(value: unknown): string {
	const text = typeof value === 'object' ? (asJson(value) ?? 'an object') : String(value);
	const short = text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN - 1)}…` : text;
	return typeof value === 'string' ? `"${short}"` : short;
}

/** Undefined for what JSON cannot represent, such as a circular object. */
function asJson(value: unknown): string | undefined {
	try {
		return JSON.stringify(value);
	} catch {
		return undefined;
	}
}

/** The message of anything thrown. */
export function messageOf(thrown: unknown): string {
	return thrown instanceof Error ? thrown.message : String(thrown);
}

/** A finite number, given as a number or as text. */
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
