/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, no-console -- test code, runs on a developer's machine */
import { rm } from 'node:fs/promises';
import path from 'node:path';

import { runCommand } from './command';
import { installN8nHost } from './n8nHost';
import { outputFolder, tarballFolder } from './output';
import { packPackage } from './picwishPackage';
import { ensurePrograms, servers } from './systemPrograms';

/** Runs once before all end-to-end tests: what takes long, or what all of them share. */
export default async function globalSetup(): Promise<void> {
	const started = Date.now();
	const say = (text: string) => console.log(`[e2e] ${text}`);
	const repository = path.join(__dirname, '..', '..', '..');
	await rm(outputFolder, { recursive: true, force: true });
	await ensurePrograms(servers, say);
	await installN8nHost(say);
	await runCommand('npx', ['gulp'], { cwd: repository });
	await packPackage(repository, tarballFolder);
	say(`Ready after ${Math.round((Date.now() - started) / 1000)} s`);
}
