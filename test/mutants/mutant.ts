/** One small change of what the code means. */
export interface Mutant {
	/** Under nodes/PicWish. */
	file: string;
	/** There once in the file. */
	from: string;
	to: string;
	/** Paths for jest, the quickest first; behind a # some tests of the file alone, by their name. */
	tests: string[];
}

/**
 * Mutants of one file.
 *
 * @param tests as in {@link Mutant}, but under test/ and without the file's ending
 */
export function mutantsOf(
	file: string,
	tests: string[],
	changes: Array<[from: string, to: string]>,
): Mutant[] {
	const paths = tests.map((name) => name.replace(/^[^#]*/, 'test/$&.test.ts'));
	return changes.map(([from, to]) => ({ file, from, to, tests: paths }));
}
