/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, no-console -- a command-line program for a developer's machine */
import { cp, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { watch } from 'gulp';
import { createCredential, sandboxCredential } from '../e2e/server/credentials';
import { importExamples } from '../e2e/server/examples';
import { startN8n } from '../e2e/server/n8nInstance';
import { owner, setUpOwner } from '../e2e/server/n8nSession';
import { runCommand } from '../e2e/setup/command';
import { installN8nHost } from '../e2e/setup/n8nHost';
import { logFolder, tarballFolder } from '../e2e/setup/output';
import { packPackage } from '../e2e/setup/picwishPackage';
import { createUserFolder } from '../e2e/setup/userFolder';
import { startSandbox } from '../sandbox/server';

/**
 * `npm run dev`: the real n8n editor with the package as it is now, the sandbox with a credential for
 * it, and the examples. A change of the source is built and n8n started again with it. Ctrl+C ends all.
 */
const repository = path.join(__dirname, '..', '..');
const N8N_PORT = 5678;
const REQUESTS_PER_SECOND = 2;

async function dev(): Promise<void> {
	await mkdir(logFolder, { recursive: true });
	const host = await installN8nHost(console.log);
	await build();
	await rm(tarballFolder, { recursive: true, force: true });
	await packPackage(repository, tarballFolder);
	const userFolder = await createUserFolder();
	const sandbox = await startSandbox({ requestsPerSecond: REQUESTS_PER_SECOND });
	const start = async () =>
		await startN8n({ host, userFolder: userFolder.path, name: 'dev', logFolder, port: N8N_PORT });

	let n8n = await start();
	const session = await setUpOwner(n8n.url);
	const credential = sandboxCredential(sandbox, REQUESTS_PER_SECOND);
	await createCredential(session, 'picWishApi', 'PicWish account', credential);
	await importExamples(
		{ host, userFolder },
		{ 'https://example.com/photos': `${sandbox.resultsUrl}/samples` },
	);
	console.log(`\nOpen ${n8n.url} and sign in as ${owner.email} with ${owner.password}`);
	console.log(`n8n's log: ${path.join(logFolder, 'dev.log')}. Ctrl+C ends all.\n`);

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
	const watcher = watch(sources, rebuild);

	process.once('SIGINT', () => {
		watcher.close();
		void Promise.all([n8n.stop(), sandbox.close()])
			.then(async () => await userFolder.remove())
			.then(() => process.exit(0));
	});
}

async function build(): Promise<void> {
	await runCommand('npx', ['gulp', '--silent'], { cwd: repository });
}

void dev().catch((error: unknown) => {
	console.error(error);
	process.exit(1);
});
