import type { INodeCredentialTestResult } from 'n8n-workflow';

import { startSandbox, type Sandbox } from '../sandbox/server';
import { createCredential, sandboxCredential } from './server/credentials';
import { freePort } from './server/freePort';
import { startTestServer, type TestServer } from './server/testServer';

describe('The credential’s test, as the credential dialog asks the server for it', () => {
	let server: TestServer;
	let sandbox: Sandbox;
	let good: ReturnType<typeof sandboxCredential>;

	beforeAll(async () => {
		sandbox = await startSandbox({ requestsPerSecond: 0 });
		good = sandboxCredential(sandbox, 2);
		server = await startTestServer('credential-test');
	});

	afterAll(async () => {
		await server?.close();
		await sandbox?.close();
	});

	/** Saves a credential and tests it, as the dialog does. */
	const testOf = async (data: Record<string, unknown>) => {
		const { session } = server;
		const saved = await createCredential(session, 'picWishApi', 'PicWish account', data);
		return await session.request<INodeCredentialTestResult>('/rest/credentials/test', {
			credentials: { ...saved, type: 'picWishApi', data },
		});
	};

	test('accepts the right key, by one request that creates no task', async () => {
		sandbox.reset();
		expect(await testOf(good)).toEqual({ status: 'OK', message: 'The key is accepted' });
		expect(sandbox.requests.map(({ kind }) => kind)).toEqual(['query']);
		expect(sandbox.tasks).toEqual([]);
	});

	test('names all three causes when the key is not accepted, and does not quote it', async () => {
		const { status, message } = await testOf({ ...good, apiKey: 'made-up-wrong-key' });
		expect(status).toBe('Error');
		expect(message).toMatch(/did not accept the API key/);
		expect(message).toMatch(/region/);
		expect(message).toMatch(/enabled/);
		expect(message).toMatch(/credits/);
		expect(message).not.toContain('made-up-wrong-key');
	});

	test('says that nobody can be reached at the address', async () => {
		const nobody = `http://127.0.0.1:${await freePort()}`;
		const { status, message } = await testOf({ ...good, baseUrl: nobody });
		expect(status).toBe('Error');
		expect(message).toMatch(/cannot be reached \(ECONNREFUSED\).*base URL.*network/);
	});

	test('says that somebody else answers at the address, and sends the key no further', async () => {
		sandbox.reset();
		const wrong = sandbox.resultsUrl;
		const { status, message } = await testOf({ ...good, baseUrl: wrong });
		expect(status).toBe('Error');
		expect(message).toContain(new URL(wrong).host);
		expect(message).toMatch(/not as the PicWish API does\. Check the base URL/);
		expect(sandbox.requests).toHaveLength(1);
	});

	test('says which field is not filled in well', async () => {
		const { status, message } = await testOf({ ...good, baseUrl: 'picwish' });
		expect(status).toBe('Error');
		expect(message).toMatch(/^Base URL: /);
	});

	test('tests a saved credential whose key the dialog does not know', async () => {
		const { session } = server;
		const { id, name } = await createCredential(session, 'picWishApi', 'Saved', good);
		const shown = await session.request<{ data: Record<string, unknown> }>(
			`/rest/credentials/${id}?includeData=true`,
		);
		expect(JSON.stringify(shown)).not.toContain(good.apiKey);
		const answer = await session.request<INodeCredentialTestResult>('/rest/credentials/test', {
			credentials: { id, name, type: 'picWishApi', data: shown.data },
		});
		expect(answer.status).toBe('OK');
	});
});
