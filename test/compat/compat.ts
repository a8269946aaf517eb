/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, no-console -- test code, runs on a developer's machine */
import { writeFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { runContractSuite, type Verdict } from './contractSuite';
import { passes, toDocument } from './document';
import { engineVersions, type EngineVersion } from './engines';
import { installEngine } from './install';

/**
 * Runs the contract suite on each version of n8n's engine, or on those named on the command line,
 * e.g. `npm run test:compat -- 1.70.0 2.20.6`. All of them together are written to `docs/`.
 */
async function main(wanted: readonly string[]): Promise<void> {
	const unknown = wanted.filter((core) => !engineVersions.some((engine) => engine.core === core));
	if (unknown.length > 0) {
		const known = engineVersions.map(({ core }) => core).join(', ');
		throw new Error(
			`Not among the versions of n8n-core tested here (${known}): ${unknown.join(', ')}`,
		);
	}
	const all = wanted.length === 0;
	const verdicts: Verdict[] = [];
	for (const engine of engineVersions) {
		if (all || wanted.includes(engine.core)) verdicts.push(await check(engine));
	}
	if (all) {
		const page = resolve(__dirname, '../../docs/compatibility.md');
		await writeFile(page, toDocument(verdicts));
		console.log(`\nWritten: ${relative(process.cwd(), page)}`);
	}
	if (!verdicts.every(passes)) process.exitCode = 1;
}

async function check(engine: EngineVersion): Promise<Verdict> {
	process.stdout.write(`n8n-core ${engine.core} (n8n ${engine.n8n}): `);
	const verdict = await runContractSuite(engine, await installEngine(engine));
	const { passed, failed, missing, unexpected, seconds, logFile } = verdict;
	console.log(`${passed} passed, ${failed.length} failed, in ${seconds} s`);
	for (const [{ lastWithout, lack }, count] of missing) {
		console.log(`  ${count} not possible: up to n8n-core ${lastWithout.core}, ${lack}`);
	}
	for (const test of failed) console.log(`  failed: ${test}`);
	for (const test of unexpected) {
		console.log(`  passed, though test/compat/newerFeatures.ts says it cannot: ${test}`);
	}
	if (!passes(verdict)) console.log(`  see ${logFile}`);
	return verdict;
}

main(process.argv.slice(2)).catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
