/**
 * Reads the format in which n8n sends executions: a JSON list whose first entry is the root, and in
 * which every text inside an object or array is the index of the entry that stands there.
 *
 * @throws SyntaxError when it is no JSON
 */
export function parseFlatted(text: string): unknown {
	const entries: unknown[] = JSON.parse(text);
	const revived = new Map<number, unknown>();

	function entry(index: number): unknown {
		if (revived.has(index)) return revived.get(index);
		const raw = entries[index];
		if (typeof raw !== 'object' || raw === null) return raw;
		const target: object = Array.isArray(raw) ? [] : {};
		// Before its values are read: they may lead back to it.
		revived.set(index, target);
		for (const [key, value] of Object.entries(raw)) {
			Reflect.set(target, key, typeof value === 'string' ? entry(Number(value)) : value);
		}
		return target;
	}

	return entry(0);
}
