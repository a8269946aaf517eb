/** A version of n8n's engine, and the n8n it came with. */
export interface EngineVersion {
	/** Of the package n8n-core. */
	core: string;
	/** The newest n8n that depends on exactly this engine. */
	n8n: string;
	/** The Node versions which that n8n asks for, as its package.json says. */
	nodeRange: string;
	/** Other versions of packages that n8n-core's own dependencies depend on. */
	overrides?: Record<string, string>;
}

/** Oldest first: what is said about "the oldest that passes" follows from this order. */
export const engineVersions: readonly EngineVersion[] = [
	{ core: '1.70.0', n8n: '1.70.0', nodeRange: '>=18.17 <= 22' },
	{ core: '1.100.0', n8n: '1.101.1', nodeRange: '>=20.19 <= 24.x' },
	{ core: '1.122.48', n8n: '1.123.81', nodeRange: '>=20.19 <= 24.x' },
	{
		core: '2.0.2',
		n8n: '2.0.3',
		nodeRange: '>=20.19 <= 24.x',
		// Newer ones are ES modules, which Jest cannot load by `require`. Only LangChain has a use for it.
		overrides: { 'p-retry': '4.6.2' },
	},
	{ core: '2.20.6', n8n: '2.20.12', nodeRange: '>=22.16' },
	{ core: '2.41.1', n8n: '2.41.1', nodeRange: '>=24.0.0' },
];
