import { checkSection } from './document';

interface RowTests<Row> {
	/** Of the section in docs/reliability.md. */
	title: string;
	rows: readonly Row[];
	/** What a run of the row showed. */
	observe: (row: Row) => Promise<string | undefined>;
	note: string;
	/** Default: that of jest. */
	timeoutMs?: number;
	/** Whether rows start together instead of one after another. */
	concurrent?: boolean;
}

/**
 * Tests that each row shows what it says, then that docs/reliability.md says the same.
 *
 * @param key the field that names a row
 */
export function testRows<Key extends string, Row extends Record<Key | 'promise' | 'seen', string>>(
	key: Key,
	{ title, rows, observe, note, timeoutMs, concurrent = false }: RowTests<Row>,
): void {
	const seen = new Map<string, string>();
	const each = concurrent ? test.concurrent.each(rows) : test.each(rows);
	each(
		`$${key}: $promise`,
		async (row) => {
			const text = await observe(row);

			expect(text).toBe(row.seen);
			seen.set(row[key], text ?? '');
		},
		timeoutMs,
	);

	test('docs/reliability.md matches what was observed', () => {
		expect(seen.size).toBe(rows.length);
		checkSection(
			title,
			rows.map((row) => [row[key], row.promise, seen.get(row[key]) ?? '']),
			note,
		);
	});
}
