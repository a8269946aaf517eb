/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- test code, runs on a developer's machine */
import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { EngineVersion } from './engines';

const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'n8n-nodes-picwish');

/**
 * Installs one engine outside of the checkout, or finds it there from an earlier time.
 *
 * @returns its folder, in which there is `node_modules`
 * @throws Error when npm cannot install it
 */
export async function installEngine({ core, overrides }: EngineVersion): Promise<string> {
	const folder = join(cache, `engine-${core}`);
	const manifest = JSON.stringify(
		{ private: true, dependencies: { 'n8n-core': core }, overrides },
		undefined,
		'\t',
	);
	// Written last, so that an install that was broken off is not taken for a whole one.
	const stamp = join(folder, 'installed.json');
	const installed = await readFile(stamp, 'utf8').catch(() => undefined);
	if (installed === manifest) return folder;

	await rm(folder, { recursive: true, force: true });
	await mkdir(folder, { recursive: true });
	await writeFile(join(folder, 'package.json'), manifest);
	// Native parts of n8n's dependencies do not build everywhere, and none is needed here.
	const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
	await promisify(execFile)('npm', ['install', ...options], { cwd: folder });
	await writeFile(stamp, manifest);
	return folder;
}
