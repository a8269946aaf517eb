/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- test code, runs on a developer's machine */
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import type { Sandbox } from '../../sandbox/server';
import { runCommand } from '../setup/command';
import { createCredential, sandboxCredential, type SavedCredential } from './credentials';
import { n8nEnvironment } from './n8nInstance';
import type { TestServer } from './testServer';

interface ExampleWorld {
	sandbox: Pick<Sandbox, 'apiKey' | 'apiUrl' | 'resultsUrl'>;
	requestsPerSecond: number;
	/** Where example 2 uploads to. */
	storageUrl: string;
	/** Speaks the interface of OpenAI's chat models, for example 5. */
	modelUrl: string;
	/** Further changes of the examples' text. */
	replacements?: Record<string, string>;
}

interface SetUpExamples {
	/** Where example 1 saves. */
	folder: string;
	picWish: SavedCredential;
}

export const examplesFolder = path.join(__dirname, '..', '..', '..', 'examples');

/** File names of the example workflows, in order. */
export async function exampleFiles(): Promise<string[]> {
	return (await readdir(examplesFolder)).filter((name) => name.endsWith('.json')).sort();
}

/** Imports the examples into a server without credentials, with all they need to run. */
export async function setUpExamples(
	server: Pick<TestServer, 'host' | 'userFolder' | 'session'>,
	{ sandbox, requestsPerSecond, storageUrl, modelUrl, replacements }: ExampleWorld,
): Promise<SetUpExamples> {
	const { session, userFolder } = server;
	const account = sandboxCredential(sandbox, requestsPerSecond);
	const picWish = await createCredential(session, 'picWishApi', 'PicWish account', account);
	const model = { apiKey: 'none-needed', url: modelUrl };
	await createCredential(session, 'openAiApi', 'OpenAI account', model);
	// Where n8n may write by default.
	const folder = path.join(userFolder.path, '.n8n-files');
	await mkdir(folder, { recursive: true });
	await importExamples(server, {
		'https://example.com/photos': `${sandbox.resultsUrl}/samples`,
		'https://example.com/storage': storageUrl,
		'/home/node/.n8n-files': folder,
		...replacements,
	});
	return { folder, picWish };
}

/**
 * Imports the example workflows by n8n's command line, as it is while the server runs.
 *
 * @param replacements the examples' placeholders and what takes their place
 * @throws Error when a placeholder stands in no example
 */
async function importExamples(
	{ host, userFolder }: Pick<TestServer, 'host' | 'userFolder'>,
	replacements: Record<string, string>,
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
