/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, no-console -- a command-line program for a developer's machine */
import { cp, rm } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { watch } from 'gulp';
import { cache } from '../cachedFolder';
import { setUpExamples } from '../e2e/server/examples';
import { isFree } from '../e2e/server/freePort';
import { startLoopback } from '../e2e/server/loopback';
import { startN8n } from '../e2e/server/n8nInstance';
import { owner, setUpOwner } from '../e2e/server/n8nSession';
import { startScriptedModel } from '../e2e/server/scriptedModel';
import { runCommand } from '../e2e/setup/command';
import { installN8nHost } from '../e2e/setup/n8nHost';
import { openAll, type Opened } from '../e2e/setup/opened';
import { packPackage } from '../e2e/setup/picwishPackage';
import { createUserFolder } from '../e2e/setup/userFolder';
import { startDetector } from '../e2e/standIns/detector';
import { startGemini } from '../e2e/standIns/gemini';
import { startWordPress } from '../e2e/standIns/wordPress';
import { samples } from '../sandbox/samples/samples';
import { startSandbox } from '../sandbox/server';

/**
 * `npm run dev`: the real n8n editor with the package as it is now, the sandbox with a credential for
 * it, and the examples; key, addresses and pictures are printed, ready to paste. A change of the source is built and n8n started again with it. Ctrl+C ends all.
 */
const repository = path.join(__dirname, '..', '..');
/** Not where the end-to-end tests put theirs: both may run at once. */
const output = path.join(cache, 'dev');
const tarballs = path.join(output, 'package');
const N8N_PORT = 5678;
const REQUESTS_PER_SECOND = 2;
const samplePictures = [samples.watermarked.file, samples.untidy.file];

async function dev(opened: Opened): Promise<void> {
	if (!(await isFree(N8N_PORT))) {
		throw new Error(
			`Another program uses port ${N8N_PORT}, perhaps an n8n of yours. End it first.`,
		);
	}
	const host = await installN8nHost(console.log);
	await rm(output, { recursive: true, force: true });
	await build();
	await packPackage(repository, tarballs);
	const userFolder = await createUserFolder(tarballs);
	opened.onClose(userFolder.remove);
	const start = async () =>
		await startN8n({
			host,
			userFolder: userFolder.path,
			name: 'dev',
			logFolder: output,
			port: N8N_PORT,
		});
	let n8n = await start();
	opened.onClose(async () => await n8n.stop());
	await fillIn(opened, { host, userFolder, session: await setUpOwner(n8n.url) });
	console.log(`\nOpen ${n8n.url} and sign in as ${owner.email} with ${owner.password}`);
	console.log(`n8n's log: ${path.join(output, 'dev.log')}. Ctrl+C ends all.\n`);

	const rebuild = async () => {
		await build();
		await cp(path.join(repository, 'dist'), path.join(userFolder.packageFolder, 'dist'), {
			recursive: true,
		});
		await n8n.stop();
		n8n = await start();
		console.log(`Built; n8n runs with it. Reload ${n8n.url}`);
	};
	const sources = ['credentials/**', 'nodes/**'].map((glob) => path.join(repository, glob));
	// A mistake in the source is shown; the next change is a new try.
	const watcher = watch(sources, async () => await rebuild().catch(show));
	opened.onClose(async () => await watcher.close());
}

/** What the examples need, on this machine: an account, a storage, a detector, a model, a site, a shop. */
async function fillIn(opened: Opened, server: Parameters<typeof setUpExamples>[0]): Promise<void> {
	const sandbox = opened.add(await startSandbox({ requestsPerSecond: REQUESTS_PER_SECOND }));
	const pictures = samplePictures.map((name) => `${sandbox.resultsUrl}/samples/${name}`);
	const [imageUrl = ''] = pictures;
	const storage = opened.add(
		await startLoopback(({ method, path: to, body }, response) => {
			console.log(`Storage: ${method} ${to}, ${Math.round(body.length / 1024)} KB`);
			response.writeHead(201).end();
		}),
	);
	const model = opened.add(
		await startScriptedModel(
			() => 'Remove_watermark',
			() => ({ imageUrl }),
		),
	);
	const detector = opened.add(await startDetector());
	const gemini = opened.add(await startGemini());
	const wordPress = opened.add(await startWordPress([imageUrl]));
	await setUpExamples(server, {
		sandbox,
		requestsPerSecond: REQUESTS_PER_SECOND,
		elsewhere: {
			storage: storage.url,
			model: model.url,
			detector: detector.url,
			gemini: gemini.url,
			wordPress: wordPress.url,
		},
	});
	console.log(`
The examples are there, and a credential "PicWish account". For one of your own:
    API Key    ${sandbox.apiKey}
    Region     Custom
    Base URL   ${sandbox.apiUrl}
Pictures to paste into Image URL:
${pictures.map((url) => `    ${url}`).join('\n')}
A mask for ${samples.untidy.file}:
    ${sandbox.resultsUrl}/samples/${samples.mask.file}
Example 5 talks to a script: whatever you say, it has the first picture cleaned.
Examples 7 (Google Drive), 8 (Telegram) and 10 (Shopify) need accounts of yours.`);
}

/** Without cleaning: what runs beside it may be reading `dist/`. */
async function build(): Promise<void> {
	await runCommand('npx', ['gulp', 'assemble', '--silent'], { cwd: repository });
}

function show(error: unknown): void {
	console.error(error instanceof Error ? error.message : error);
}

async function main(): Promise<void> {
	await openAll(async (opened) => {
		await dev(opened);
		for (const signal of ['SIGINT', 'SIGTERM'] as const) {
			process.once(signal, () => {
				void opened.close().then(() => process.exit(0));
			});
		}
	});
}

void main().catch((error: unknown) => {
	show(error);
	process.exit(1);
});
