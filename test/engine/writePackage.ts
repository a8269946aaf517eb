/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Writes a package with one node and its credential, given as files, that n8n can load. */
export async function writePackage(
	directory: string,
	{ name, node, credential }: { name: string; node: string; credential: string },
): Promise<void> {
	const manifest = { name, version: '1.0.0', n8n: { nodes: [node], credentials: [credential] } };
	await mkdir(directory, { recursive: true });
	await writeFile(join(directory, 'package.json'), JSON.stringify(manifest));
}
