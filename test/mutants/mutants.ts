/* eslint-disable @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-dangerous-functions, no-console -- test code, runs on a developer's machine */
// Changes one thing of the code at a time, and says which changes no test notices.

import { runCLI } from 'jest';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Mutant } from './mutant';
import { MUTANTS } from './table';

/** Jest keeps what it has loaded: with more, a process runs out of memory. */
const IN_ONE_PROCESS = 15;
/** A mutant may make a loop endless. */
const LONGEST_MS = 20 * 60_000;
/** The first argument of such a process; the names of its mutants follow. */
const OF_PARENT = '--these';

const ROOT = resolve(__dirname, '../..');
const COPIED = 'nodes credentials test package.json tsconfig.json gulpfile.js index.js'.split(' ');

/** As in jest.config.js, but dist/ is built only for tests that run it. */
const JEST_CONFIG = {
	testEnvironment: 'node',
	roots: ['<rootDir>/test'],
	setupFiles: ['<rootDir>/test/engine/errorRealm.ts', '<rootDir>/test/mutants/endOnFailure.ts'],
	transform: { '^.+\\.ts$': ['ts-jest', { diagnostics: false }] },
	testTimeout: 30_000,
};
const BUILD = { globalSetup: '<rootDir>/test/build.js' };

function copyRepository(): string {
	const folder = mkdtempSync(join(tmpdir(), 'mutants-'));
	for (const name of COPIED) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
	symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
	return folder;
}

/** The names of the tests that fail. In this process: a start of jest takes seconds. */
async function failingTests(folder: string, test: string): Promise<string[]> {
	const [path = '', testNamePattern] = test.split('#');
	const config = { ...JEST_CONFIG, ...(!path.startsWith('test/unit/') && BUILD), rootDir: folder };
	const options = { config: JSON.stringify(config), runInBand: true, reporters: [] };
	const { results } = await runCLI(
		{ ...options, testNamePattern, silent: true, $0: '', _: [path] },
		[folder],
	);
	const [file] = results.testResults;
	if (!file) throw new Error(`There is no ${test}`);
	if (file.numPassingTests + file.numFailingTests === 0 && !file.failureMessage) {
		throw new Error(`No test of ${test}`);
	}
	const failed = file.testResults.filter(({ status }) => status === 'failed');
	if (failed.length === 0 && file.failureMessage) throw new Error(file.failureMessage);
	return failed.map(({ fullName }) => fullName);
}

async function killerOf(folder: string, { file, from, to, tests }: Mutant) {
	const path = join(folder, 'nodes/PicWish', file);
	const original = readFileSync(path, 'utf8');
	writeFileSync(
		path,
		original.replace(from, () => to),
	);
	let killer: string | undefined;
	for (const test of tests) killer ??= (await failingTests(folder, test))[0];
	writeFileSync(path, original);
	return killer;
}

const nameOf = ({ file, from, to }: Mutant) => `${file}: ${from} → ${to}`;

/** Tries each, and says how many survive. */
async function tryAll(mutants: readonly Mutant[]): Promise<number> {
	const folder = copyRepository();
	let survivors = 0;
	try {
		for (const mutant of mutants) {
			const name = nameOf(mutant);
			const killer = await killerOf(folder, mutant);
			if (killer === undefined) survivors++;
			console.log(killer === undefined ? `SURVIVES  ${name}` : `killed    ${name}  by: ${killer}`);
		}
	} finally {
		rmSync(folder, { recursive: true });
	}
	return survivors;
}

/** Its exit code says how many survive. */
async function tryInChild(mutants: readonly Mutant[]): Promise<number> {
	const child = fork(__filename, [OF_PARENT, ...mutants.map(nameOf)], { timeout: LONGEST_MS });
	const [code] = (await once(child, 'exit')) as [number | null];
	if (code === null || code > mutants.length) throw new Error('The tests could not be run');
	return code;
}

async function main([first = '', ...others]: string[]): Promise<void> {
	if (first === OF_PARENT) {
		const survivors = await tryAll(MUTANTS.filter((mutant) => others.includes(nameOf(mutant))));
		// A loop that a mutant made endless may still run.
		process.exit(survivors);
	}
	const wanted = [first, ...others];
	const chosen = MUTANTS.filter((mutant) => wanted.some((part) => nameOf(mutant).includes(part)));
	let survivors = 0;
	for (let from = 0; from < chosen.length; from += IN_ONE_PROCESS) {
		survivors += await tryInChild(chosen.slice(from, from + IN_ONE_PROCESS));
	}
	console.log(`${survivors} of ${chosen.length} survive`);
	process.exitCode = survivors > 0 ? 1 : 0;
}

void main(process.argv.slice(2));
