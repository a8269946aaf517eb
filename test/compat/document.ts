/* eslint-disable @n8n/community-nodes/no-restricted-globals -- test code, runs on a developer's machine */
import type { Verdict } from './contractSuite';

/** The page about the versions, as Markdown. */
export function toDocument(verdicts: readonly Verdict[]): string {
	return `# n8n versions

The tests of \`test/contract\` run the built node in the engine of each of these versions (\`npm run test:compat\`,
which writes this page), against the stand-in for PicWish, under Node ${process.versions.node}.

| n8n-core | part of n8n | which asks for Node | passed | failed | not possible in this version |
|---|---|---|---|---|---|
${verdicts.map(row).join('\n')}

**${oldestSentence(verdicts)}**

${missingList(verdicts)}
`;
}

/** A suite of which nothing ran proves nothing. */
export const passes = ({ passed, failed, unexpected }: Verdict) =>
	passed > 0 && failed.length === 0 && unexpected.length === 0;

function row({ engine, passed, failed, missing }: Verdict): string {
	const absent = [...missing.values()].reduce((sum, count) => sum + count, 0);
	const { core, n8n, nodeRange } = engine;
	return `| ${core} | ${n8n} | ${nodeRange} | ${passed} | ${failed.length} | ${absent || ''} |`;
}

/** Only what holds for all versions from one on can be promised. */
function oldestSentence(verdicts: readonly Verdict[]): string {
	const lastFailing = verdicts.findLastIndex((verdict) => !passes(verdict));
	const oldest = verdicts[lastFailing + 1];
	return oldest ? `Oldest supported n8n: ${oldest.engine.n8n}` : 'The newest n8n does not pass.';
}

function missingList(verdicts: readonly Verdict[]): string {
	const features = new Map(verdicts.flatMap(({ missing }) => [...missing]));
	if (features.size === 0) return 'Nothing is missing in any of them.';
	const lines = [...features.keys()].map(({ first, lastWithout, lack }) => {
		const versions = [lastWithout, first].map(({ n8n, core }) => `${n8n} (n8n-core ${core})`);
		return `* Up to n8n ${versions[0]}, ${lack}; possible from n8n ${versions[1]} on.`;
	});
	return `Limits of older n8n versions, which no node can remove:\n\n${lines.join('\n')}`;
}
