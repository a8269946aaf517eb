/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- test code, runs on a developer's machine */
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { runCommand } from '../setup/command';
import { n8nEnvironment } from './n8nInstance';
import type { TestServer } from './testServer';

export const examplesFolder = path.join(__dirname, '..', '..', '..', 'examples');

/** File names of the example workflows, in order. */
export async function exampleFiles(): Promise<string[]> {
	return (await readdir(examplesFolder)).filter((name) => name.endsWith('.json')).sort();
}

/**
 * Imports the example workflows by n8n's command line, as it is while the server runs.
 *
 * @param replacements the examples' placeholders and what takes their place
 * @throws Error when a placeholder stands in no example
 */
export async function importExamples(
	{ host, userFolder }: Pick<TestServer, 'host' | 'userFolder'>,
	replacements: Record<string, string> = {},
): Promise<void> {
	const unused = new Set(Object.keys(replacements));
	const folder = await mkdtemp(path.join(tmpdir(), 'picwish-examples-'));
	try {
		for (const name of await exampleFiles()) {
			let text = await readFile(path.join(examplesFolder, name), 'utf8');
			for (const [placeholder, value] of Object.entries(replacements)) {
				if (text.includes(placeholder)) unused.delete(placeholder);
				text = text.replaceAll(placeholder, value);
			}
			await writeFile(path.join(folder, name), text);
		}
		if (unused.size > 0) throw new Error(`In no example: ${[...unused].join(', ')}`);
		await runCommand(
			host.nodePath,
			[host.n8nPath, 'import:workflow', '--separate', `--input=${folder}`],
			{ cwd: userFolder.path, env: n8nEnvironment(userFolder.path) },
		);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
