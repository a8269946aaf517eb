/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- test code, runs on a developer's machine */
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import type { Sandbox } from '../../sandbox/server';
import { runCommand } from '../setup/command';
import { createCredential, sandboxCredential, type SavedCredential } from './credentials';
import { n8nEnvironment } from './n8nInstance';
import type { TestServer } from './testServer';

/** Services that the examples name by a placeholder, and where they are instead. */
export interface Elsewhere {
	/** Where example 2 uploads to. */
	storage: string;
	/** Where example 2 asks for boxes. */
	detector: string;
	/** The site of example 9. */
	wordPress: string;
	/** The shop of example 10. */
	shopify: string;
	/** Speaks the interface of OpenAI's chat models, for example 5. */
	model: string;
	/** Host of the Gemini API, for example 11. */
	gemini: string;
	/** Host of Telegram's bot API, for example 8. */
	telegram: string;
}

/** As the examples have them: enough to be shown on the canvas. */
const placeholders: Elsewhere = {
	storage: 'https://example.com/storage',
	detector: 'https://example.com/detector',
	wordPress: 'https://example.com/wordpress',
	shopify: 'https://your-shop.myshopify.com',
	model: 'https://example.com/model',
	gemini: 'https://generativelanguage.googleapis.com',
	telegram: 'https://api.telegram.org',
};

interface ExampleWorld {
	sandbox: Pick<Sandbox, 'apiKey' | 'apiUrl' | 'resultsUrl'>;
	requestsPerSecond: number;
	/** Default: the placeholders. */
	elsewhere?: Partial<Elsewhere>;
	/** Further changes of the examples' text. */
	replacements?: Record<string, string>;
}

interface SetUpExamples {
	/** Where example 1 saves. */
	folder: string;
	picWish: SavedCredential;
}

export const examplesFolder = path.join(__dirname, '..', '..', '..', 'examples');
/** Where GitHub serves the sample pictures. */
const samplesAddress =
	'https://raw.githubusercontent.com/n8n-nodes-picwish/n8n-nodes-picwish/main/test/sandbox/samples';

/** File names of the example workflows, in order. */
export async function exampleFiles(): Promise<string[]> {
	const names = (await readdir(examplesFolder)).filter((name) => name.endsWith('.json'));
	return names.sort((a, b) => parseInt(a, 10) - parseInt(b, 10));
}

/** Imports the examples into a server without credentials, with all they need to run. */
export async function setUpExamples(
	server: Pick<TestServer, 'host' | 'userFolder' | 'session'>,
	{ sandbox, requestsPerSecond, elsewhere, replacements }: ExampleWorld,
): Promise<SetUpExamples> {
	const { session, userFolder } = server;
	const at: Elsewhere = { ...placeholders, ...elsewhere };
	const account = sandboxCredential(sandbox, requestsPerSecond);
	const picWish = await createCredential(session, 'picWishApi', 'PicWish account', account);
	for (const [type, [name, data]] of Object.entries(otherCredentials(at))) {
		await createCredential(session, type, name, data);
	}
	// Where n8n may write by default.
	const folder = path.join(userFolder.path, '.n8n-files');
	await mkdir(folder, { recursive: true });
	await importExamples(server, {
		[samplesAddress]: `${sandbox.resultsUrl}/samples`,
		'/home/node/.n8n-files': folder,
		[placeholders.storage]: at.storage,
		[placeholders.detector]: at.detector,
		[placeholders.wordPress]: at.wordPress,
		[placeholders.shopify]: at.shopify,
		...replacements,
	});
	return { folder, picWish };
}

/** By type: the name that the examples ask for, and the fields of the credential's form. */
function otherCredentials({
	model,
	gemini,
	telegram,
	wordPress,
}: Elsewhere): Record<string, [name: string, data: Record<string, unknown>]> {
	return {
		openAiApi: ['OpenAI account', { apiKey: 'none-needed', url: model }],
		googlePalmApi: ['Google Gemini(PaLM) Api account', { host: gemini, apiKey: 'made-up-key' }],
		telegramApi: ['Telegram account', { accessToken: '1:made-up', baseUrl: telegram }],
		wordpressApi: [
			'Wordpress account',
			{ username: 'editor', password: 'application-password', url: wordPress },
		],
		shopifyAccessTokenApi: [
			'Shopify account',
			{ shopSubdomain: 'your-shop', accessToken: 'made-up-token', appSecretKey: 'made-up' },
		],
		googleDriveOAuth2Api: [
			'Google Drive account',
			{ clientId: 'made-up', clientSecret: 'made-up' },
		],
	};
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
