/* eslint-disable @n8n/community-nodes/no-restricted-imports -- a command-line program for a developer's machine */
import process from 'node:process';
import type { PicWishCredential } from '../engine/credentialStore';
import { startSandbox } from '../sandbox/server';

/** What the demo's workflows talk to. */
export interface Service {
	/** For people. */
	description: string;
	credential: PicWishCredential;
	/** Where the service can fetch the sample pictures; undefined = it cannot reach this machine. */
	samplesUrl?: string;
	/** Creates and queries so far, which is what the request limit counts; undefined = unknown. */
	countRequests?: () => number;
	close(): Promise<void>;
}

/** The real service when the environment holds a key for it, else a sandbox of its own. */
export async function openService(): Promise<Service> {
	const apiKey = process.env.PICWISH_API_KEY?.trim();
	return apiKey ? realService(apiKey) : await sandboxService();
}

function realService(apiKey: string): Service {
	const baseUrl = process.env.PICWISH_BASE_URL?.trim();
	const place = baseUrl ? `at ${baseUrl}` : '(global region)';
	return {
		description: `the real PicWish service ${place}: every task uses credits of your account`,
		credential: baseUrl ? { apiKey, region: 'custom', baseUrl } : { apiKey, region: 'global' },
		close: async () => {},
	};
}

async function sandboxService(): Promise<Service> {
	const sandbox = await startSandbox();
	return {
		description: 'a sandbox on this machine; nothing is sent out',
		credential: { apiKey: sandbox.apiKey, region: 'custom', baseUrl: sandbox.apiUrl },
		samplesUrl: `${sandbox.resultsUrl}/samples`,
		countRequests: () =>
			sandbox.requests.filter(({ kind }) => kind === 'create' || kind === 'query').length,
		close: async () => await sandbox.close(),
	};
}
