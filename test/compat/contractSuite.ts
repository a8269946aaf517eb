/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-dangerous-functions -- a command-line program for a developer's machine, which starts Jest */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, rm } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { EngineVersion } from './engines';
import { missingFeature, type NewerFeature } from './newerFeatures';

interface Judgement {
	passed: number;
	/** Tests that failed and should not, and suites that could not run. */
	failed: string[];
	/** Tests that failed as they must: this version cannot do what they test. */
	missing: Map<NewerFeature, number>;
	/** Tests that passed although their feature should be missing: its row is out of date. */
	unexpected: string[];
}

/** What the contract suite says about one version. */
export interface Verdict extends Judgement {
	engine: EngineVersion;
	seconds: number;
	/** All that Jest has printed. */
	logFile: string;
}

interface JestReport {
	testResults: Array<{
		name: string;
		message: string;
		assertionResults: Array<{ fullName: string; status: string }>;
	}>;
}

const root = resolve(__dirname, '../..');

/** @param folder as `installEngine` gives it */
export async function runContractSuite(engine: EngineVersion, folder: string): Promise<Verdict> {
	const startedAt = performance.now();
	const reportFile = join(folder, 'contract.json');
	const logFile = join(folder, 'contract.log');
	await rm(reportFile, { force: true });
	await runJest(join(folder, 'node_modules'), reportFile, logFile);
	const report: JestReport = JSON.parse(
		await readFile(reportFile, 'utf8').catch(() => {
			throw new Error(`Jest could not run; see ${logFile}`);
		}),
	);
	const seconds = Math.round((performance.now() - startedAt) / 1000);
	return { engine, ...judge(report, engine.core), seconds, logFile };
}

async function runJest(engineFolder: string, reportFile: string, logFile: string): Promise<void> {
	const log = await open(logFile, 'w');
	const jest = join(root, 'node_modules/jest/bin/jest.js');
	// Some versions leave a timer behind, which would keep Jest waiting for its end.
	const options = ['--json', `--outputFile=${reportFile}`, '--silent', '--forceExit'];
	const child = spawn(process.execPath, [jest, 'test/contract', ...options], {
		cwd: root,
		env: { ...process.env, N8N_ENGINE_DIR: engineFolder },
		stdio: ['ignore', 'ignore', log.fd],
	});
	await once(child, 'exit');
	await log.close();
}

function judge({ testResults }: JestReport, coreVersion: string): Judgement {
	const judgement: Judgement = { passed: 0, failed: [], missing: new Map(), unexpected: [] };
	const { failed, missing, unexpected } = judgement;
	for (const { name, message, assertionResults } of testResults) {
		if (assertionResults.length === 0) failed.push(`${relative(root, name)}: ${message}`);
		for (const { fullName, status } of assertionResults) {
			const feature = missingFeature(fullName, coreVersion);
			if (status === 'passed') judgement.passed += 1;
			if (status === 'passed' && feature) unexpected.push(fullName);
			if (status !== 'passed' && feature) missing.set(feature, (missing.get(feature) ?? 0) + 1);
			if (status !== 'passed' && !feature) failed.push(fullName);
		}
	}
	return judgement;
}
