/** Contract tests of something that older n8n cannot do, whatever the node does. */
export interface NewerFeature {
	/** The first n8n-core that can. */
	since: [major: number, minor: number];
	/** On the whole names of the tests. */
	tests: RegExp;
	/** Ends the sentence "Before, …". */
	before: string;
}

/**
 * Each test is still run on every version: where one of these passes although it should not be
 * able to, the row is out of date, and that counts as a failure, too.
 */
const newerFeatures: readonly NewerFeature[] = [
	{
		since: [1, 79],
		tests:
			/^(going on after errors a hint tells|the hint about large areas (a pixel more|many|two that do not))/,
		before: 'nodes cannot show hints below their output',
	},
	{
		since: [2, 6],
		tests: /^an expression may give the binary data itself in mode/,
		before: 'a binary field is chosen by its name only, not by an expression that gives the file',
	},
	{
		since: [2, 6],
		tests: /^combined with JSON/,
		before: 'workflows have no combined binary mode',
	},
];

/** The feature without which a test cannot pass on this version of n8n-core, if any. */
export function missingFeature(test: string, coreVersion: string): NewerFeature | undefined {
	const [major = 0, minor = 0] = coreVersion.split('.').map(Number);
	return newerFeatures.find(
		({ since, tests }) =>
			tests.test(test) && (major < since[0] || (major === since[0] && minor < since[1])),
	);
}
