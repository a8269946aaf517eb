/** Two packages that belong together: an n8n, and the n8n-core it depends on. */
interface Release {
	n8n: string;
	core: string;
}

/** Contract tests of something that older n8n cannot do, whatever the node does. */
export interface NewerFeature {
	/** The first release seen with it, and the last seen without; between them may be some that no registry has. */
	first: Release;
	lastWithout: Release;
	/** On the whole names of the tests. */
	tests: RegExp;
	/** A sentence without its end: what is not possible. */
	lack: string;
}

/**
 * Each test is still run on every version: where one of these passes although it should not be
 * able to, the row is out of date, and that counts as a failure, too.
 */
const newerFeatures: readonly NewerFeature[] = [
	{
		// `addExecutionHints`
		first: { n8n: '1.79.0', core: '1.79.0' },
		lastWithout: { n8n: '1.78.1', core: '1.78.0' },
		tests:
			/a hint tells|^errors name the file in the hint|^the hint about large areas (a pixel more|many|two that do not)/,
		lack: 'nodes cannot show hints below their output',
	},
	{
		first: { n8n: '2.6.4', core: '2.6.2' },
		lastWithout: { n8n: '2.4.8', core: '2.4.4' },
		tests: /^combined with JSON/,
		lack: 'workflows have no combined binary mode',
	},
	{
		first: { n8n: '2.41.1', core: '2.41.1' },
		lastWithout: { n8n: '2.20.12', core: '2.20.6' },
		tests: /^where n8n may not open internal addresses (the head|the whole|nor is)/,
		lack: 'the guard against internal addresses is missing, or belongs to the server and not to the engine',
	},
];

/** The feature without which a test cannot pass on this version of n8n-core, if any. */
export function missingFeature(test: string, coreVersion: string): NewerFeature | undefined {
	return newerFeatures.find(
		({ first, tests }) => tests.test(test) && isBefore(coreVersion, first.core),
	);
}

function isBefore(version: string, other: string): boolean {
	return version.localeCompare(other, 'en', { numeric: true }) < 0;
}
