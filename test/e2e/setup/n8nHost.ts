/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- test code, runs on a developer's machine */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import process from 'node:process';

import { runCommand } from './command';

/** A ready n8n installation with the Node.js it runs on. */
export interface N8nHost {
	directory: string;
	nodePath: string;
	/** The script that `nodePath` runs. */
	n8nPath: string;
}

const hostPackage = path.join(__dirname, '..', 'host');
const packageFiles = ['package.json', 'package-lock.json'];

/**
 * Installs what `host/package-lock.json` lists, once: into a folder of the user's cache that is
 * named after the lock file. The folder appears in one move when all is done, so an install that
 * was interrupted is never taken for a good one, and two runs at once do not disturb each other.
 *
 * @throws Error when the machine is none that Node.js comes packaged for, or npm fails
 */
export async function installN8nHost(say: (text: string) => void): Promise<N8nHost> {
	const cache = path.join(cacheFolder(), `e2e-${await lockFileHash()}`);
	if (!existsSync(cache)) {
		say(`Installing n8n into ${cache} (about 3 GB, 5 minutes; once for this lock file)`);
		await installInto(cache);
	}
	return hostIn(cache);
}

export function cacheFolder(): string {
	const base = process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache');
	return path.join(base, 'n8n-nodes-picwish');
}

async function lockFileHash(): Promise<string> {
	const lockFile = await readFile(path.join(hostPackage, 'package-lock.json'));
	return createHash('sha256').update(lockFile).digest('hex').slice(0, 16);
}

async function installInto(cache: string): Promise<void> {
	await mkdir(path.dirname(cache), { recursive: true });
	const unfinished = await mkdtemp(`${cache}.unfinished-`);
	try {
		for (const name of packageFiles) {
			await copyFile(path.join(hostPackage, name), path.join(unfinished, name));
		}
		await npm(unfinished, ['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
		await buildSqlite(hostIn(unfinished));
		await moveInPlace(unfinished, cache);
	} finally {
		await rm(unfinished, { recursive: true, force: true });
	}
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

async function moveInPlace(unfinished: string, cache: string): Promise<void> {
	// It fails when another run was faster; that one's result is as good.
	await rename(unfinished, cache).catch(() => undefined);
	if (!existsSync(cache)) throw new Error(`Cannot move ${unfinished} to ${cache}`);
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
