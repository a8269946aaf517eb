/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- test code, runs on a developer's machine */
import { existsSync } from 'node:fs';
import { copyFile, readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';

import { cache, cachedFolder } from '../../cachedFolder';
import { sha256 } from '../../sandbox/sha256';
import { runCommand } from './command';
import { buildTools, ensurePrograms } from './systemPrograms';

/** A ready n8n installation with the Node.js it runs on. */
export interface N8nHost {
	directory: string;
	nodePath: string;
	/** The script that `nodePath` runs. */
	n8nPath: string;
}

const hostPackage = path.join(__dirname, '..', 'host');
const packageFiles = ['package.json', 'package-lock.json'];
const hourMs = 3_600_000;

/**
 * Installs what `host/package-lock.json` lists, once, into a folder of the user's cache that is named
 * after the lock file.
 *
 * @throws Error when the machine is none that Node.js comes packaged for, or npm fails
 */
export async function installN8nHost(say: (text: string) => void): Promise<N8nHost> {
	const directory = await cachedFolder(await hostName(), async (unfinished) => {
		await ensurePrograms(buildTools, say);
		say(`Installing n8n into ${cache} (about 3 GB, 5 minutes; once for this lock file)`);
		await installInto(unfinished);
	});
	// For `removeStale` of other checkouts: it is in use.
	await utimes(directory, new Date(), new Date());
	await removeStale();
	return hostIn(directory);
}

/** What `installN8nHost` has installed before. */
export async function findN8nHost(): Promise<N8nHost> {
	return hostIn(path.join(cache, await hostName()));
}

async function hostName(): Promise<string> {
	const lockFile = await readFile(path.join(hostPackage, 'package-lock.json'));
	return `e2e-${sha256(lockFile).slice(0, 16)}`;
}

/** Removes installs that were interrupted, and those of lock files that nobody has used for a week. */
async function removeStale(): Promise<void> {
	for (const name of await readdir(cache)) {
		if (!name.startsWith('e2e-')) continue;
		// No install takes that long; a younger one may be at work, in another checkout.
		const staleAfterMs = name.includes('.unfinished-') ? 6 * hourMs : 7 * 24 * hourMs;
		const directory = path.join(cache, name);
		// Undefined when another run has just moved or removed it.
		const found = await stat(directory).catch(() => undefined);
		if (found && Date.now() - found.mtimeMs > staleAfterMs) {
			await rm(directory, { recursive: true, force: true });
		}
	}
}

async function installInto(folder: string): Promise<void> {
	for (const name of packageFiles) {
		await copyFile(path.join(hostPackage, name), path.join(folder, name));
	}
	await npm(folder, ['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
	await buildSqlite(hostIn(folder));
}

/** The one native module that n8n cannot do without; the others have a prebuilt binary. */
async function buildSqlite({ directory, nodePath }: N8nHost): Promise<void> {
	const nodeFolder = path.dirname(path.dirname(nodePath));
	const searchPath = [path.dirname(nodePath), process.env.PATH].join(path.delimiter);
	await npm(
		directory,
		['rebuild', 'sqlite3', '--ignore-scripts=false', '--foreground-scripts'],
		// The headers lie beside the binary: nothing has to be downloaded.
		{ PATH: searchPath, npm_config_nodedir: nodeFolder, npm_config_build_from_source: 'true' },
	);
	await runCommand(nodePath, ['--eval', "require('sqlite3')"], { cwd: directory });
}

async function npm(cwd: string, args: string[], extraEnv: NodeJS.ProcessEnv = {}): Promise<void> {
	await runCommand('npm', args, { cwd, env: { ...process.env, ...extraEnv } });
}

function hostIn(directory: string): N8nHost {
	const nodePackage = `node-${process.platform}-${process.arch}`;
	const nodePath = path.join(directory, 'node_modules', nodePackage, 'bin', 'node');
	if (!existsSync(nodePath)) {
		throw new Error(`The end-to-end tests run on Linux (x64, arm64), not with ${nodePackage}`);
	}
	return {
		directory,
		nodePath,
		n8nPath: path.join(directory, 'node_modules', 'n8n', 'bin', 'n8n'),
	};
}
