/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cachedFolder } from '../cachedFolder';
import { sha256 } from '../sandbox/sha256';
import type { EngineVersion } from './engines';

/**
 * Installs one engine outside of the checkout, or finds it there from an earlier time.
 *
 * @returns its folder, in which there is `node_modules`
 * @throws Error when npm cannot install it
 */
export async function installEngine({ core, overrides }: EngineVersion): Promise<string> {
	const manifest = JSON.stringify({ private: true, dependencies: { 'n8n-core': core }, overrides });
	return await cachedFolder(`engine-${core}-${sha256(manifest).slice(0, 8)}`, async (folder) => {
		await writeFile(join(folder, 'package.json'), manifest);
		// Native parts of n8n's dependencies do not build everywhere, and none is needed here.
		const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
		await promisify(execFile)('npm', ['install', ...options], { cwd: folder });
	});
}
