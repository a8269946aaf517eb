/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- a command-line program for a developer's machine */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Setting } from './setting';

/** A package that n8n can load, with the node for comparison. Gives its folder. */
export async function createPlainPackage({ folder }: Setting): Promise<string> {
	const directory = join(folder, 'plain-package');
	await mkdir(directory, { recursive: true });
	const n8n = {
		nodes: [join(__dirname, 'plainNode/PlainNode.ts')],
		credentials: [join(__dirname, 'plainNode/PlainNodeApi.ts')],
	};
	const manifest = { name: 'n8n-nodes-plain', version: '1.0.0', n8n };
	await writeFile(join(directory, 'package.json'), JSON.stringify(manifest));
	return directory;
}
