// Readers for untrusted values: each returns a value of its type, or undefined.

/** Whether an expression gave no value, or the field is empty. */
export function isNothing(value: unknown): boolean {
	return value === undefined || value === null || (typeof value === 'string' && !value.trim());
}

export function toText(value: unknown): string | undefined {
	return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Trimmed text; also accepts a number, which an expression may give. */
export function toTyped(value: unknown): string | undefined {
	if (typeof value === 'number' && Number.isFinite(value)) return String(value);
	return toText(value)?.trim() || undefined;
}

/** At most 60 characters, for a message. */
export function shortened(text: string): string {
	return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

/** A value as messages quote it, shortened. */
export function shown(value: unknown): string {
	const json = typeof value === 'object' ? attempt(() => JSON.stringify(value)) : String(value);
	// JSON cannot represent some, such as a circular object.
	const short = shortened(json ?? 'an object');
	return typeof value === 'string' ? `"${short}"` : short;
}

/** The message of anything thrown. */
export function messageOf(thrown: unknown): string {
	return thrown instanceof Error ? thrown.message : String(thrown);
}

/** A finite number, given as a number or as text. */
export function toNumber(value: unknown): number | undefined {
	const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

export function toObject(value: unknown): Record<string, unknown> | undefined {
	return typeof value === 'object' && value !== null && !Array.isArray(value)
		? Object.fromEntries(Object.entries(value))
		: undefined;
}

export function readJson(text: string): unknown {
	return attempt<unknown>(() => JSON.parse(text));
}

function attempt<T>(read: () => T): T | undefined {
	try {
		return read();
	} catch {
		return undefined;
	}
}
