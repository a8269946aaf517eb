/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import path from 'node:path';
import process from 'node:process';

import type { N8nHost } from '../setup/n8nHost';
import { freePort } from './freePort';
import { type OwnProcess, startOwnProcess } from './ownProcess';
import { waitUntil } from './waitUntil';

export interface N8nOptions {
	host: N8nHost;
	/** Becomes n8n's `N8N_USER_FOLDER`: database, nodes, binary data. */
	userFolder: string;
	/** Names the log file, e.g. `main`. */
	name: string;
	logFolder: string;
	/** Further or other settings. */
	env?: Record<string, string>;
	/** Default: a free one. */
	port?: number;
}

export interface N8nInstance extends OwnProcess {
	/** E.g. `http://127.0.0.1:35678`. */
	url: string;
	port: number;
}

/** Less than a hook of Jest may take (`jest.config.js`), which would not say what it waited for. */
const startTimeoutMs = 180_000;
const answerTimeoutMs = 10_000;

/** Everything on this machine, nothing to the outside. */
const localOnly = {
	N8N_HOST: '127.0.0.1',
	N8N_LISTEN_ADDRESS: '127.0.0.1',
	N8N_SECURE_COOKIE: 'false',
	N8N_ENCRYPTION_KEY: 'made-up-for-the-end-to-end-tests',
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
	// The list of verified nodes and the registry of MCP servers come from n8n's own hosts.
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	N8N_DISABLED_MODULES: 'mcp-registry',
	N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
	GENERIC_TIMEZONE: 'UTC',
	N8N_LOG_LEVEL: 'info',
};

/** Starts `n8n start` and waits until its editor's REST interface answers. */
export async function startN8n(options: N8nOptions): Promise<N8nInstance> {
	return await start(options, 'start', '/rest/settings');
}

/** Starts `n8n worker` and waits until it is connected. */
export async function startWorker(options: N8nOptions): Promise<N8nInstance> {
	return await start(options, 'worker', '/healthz/readiness');
}

/** The whole environment of an n8n process, also for its command-line tools. */
export function n8nEnvironment(userFolder: string, extra: Record<string, string> = {}) {
	const { PATH, LANG } = process.env;
	return { PATH, LANG, HOME: userFolder, N8N_USER_FOLDER: userFolder, ...localOnly, ...extra };
}

async function start(
	{ host, userFolder, name, logFolder, env, port: wantedPort }: N8nOptions,
	command: 'start' | 'worker',
	readyPath: string,
): Promise<N8nInstance> {
	const port = wantedPort ?? (await freePort());
	const url = `http://127.0.0.1:${port}`;
	const own = startOwnProcess(host.nodePath, [host.n8nPath, command], {
		env: n8nEnvironment(userFolder, {
			N8N_PORT: String(port),
			QUEUE_HEALTH_CHECK_ACTIVE: 'true',
			QUEUE_HEALTH_CHECK_PORT: String(port),
			N8N_RUNNERS_BROKER_PORT: String(await freePort()),
			N8N_EDITOR_BASE_URL: `${url}/`,
			N8N_WEBHOOK_URL: `${url}/`,
			...env,
		}),
		cwd: userFolder,
		logFile: path.join(logFolder, `${name}.log`),
	});
	await waitUntil(`n8n (${name}) to answer`, async () => await answers(own, url + readyPath), {
		timeoutMs: startTimeoutMs,
	}).catch(async (error: unknown) => {
		await own.kill();
		throw error;
	});
	return { ...own, url, port };
}

async function answers(own: OwnProcess, url: string): Promise<true | undefined> {
	const end = own.ended();
	if (end) throw new Error(end);
	try {
		const response = await fetch(url, { signal: AbortSignal.timeout(answerTimeoutMs) });
		// While it starts it answers every path with 200 and a sentence of plain text.
		const isJson = response.headers.get('content-type')?.includes('json');
		return response.ok && isJson ? true : undefined;
	} catch {
		return undefined;
	}
}
