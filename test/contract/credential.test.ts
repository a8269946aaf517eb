import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { readCredential } from '../../nodes/PicWish/input/credential';
import { startPictureHost } from './pictureHost';
import { smallPng } from './pictures';
import { errorOf, onlyItem, quickWatermark, useBench, withPicture } from './setup';

const bench = useBench();

describe('the test in the credential form', () => {
	test('says that the key is accepted, and costs nothing', async () => {
		expect(await bench.engine.testCredential(bench.credential)).toEqual({
			status: 'OK',
			message: 'The key is accepted',
		});
		expect(bench.sandbox.requests).toMatchObject([
			{
				kind: 'query',
				method: 'GET',
				headers: { 'x-api-key': bench.sandbox.apiKey },
				taskId: '00000000-0000-0000-0000-000000000000',
				status: 404,
			},
		]);
	});

	test('says that the key is rejected, and what may be the cause', async () => {
		const credential = { ...bench.credential, apiKey: 'another-key' };
		const { status, message } = await bench.engine.testCredential(credential);

		expect(status).toBe('Error');
		expect(message).toMatch(/did not accept the API key.*enabled.*credits/);
		expect(message).not.toContain('another-key');
	});

	test('says that the host cannot be reached', async () => {
		const credential = { ...bench.credential, baseUrl: 'http://127.0.0.1:1' };
		const { status, message } = await bench.engine.testCredential(credential);

		expect(status).toBe('Error');
		expect(message).toMatch(/host cannot be reached \(ECONNREFUSED\).*base URL/);
	});

	test('says that something else answers there', async () => {
		const host = await startPictureHost(smallPng);
		const credential = { ...bench.credential, baseUrl: host.url };
		const { status, message } = await bench.engine.testCredential(credential);
		await host.close();

		expect(status).toBe('Error');
		expect(message).toMatch(/answers, but not as the PicWish API does/);
	});

	test('a key that has reached its request limit is a good key', async () => {
		const body = JSON.stringify({ status: 429, message: 'Too many requests' });
		bench.sandbox.addFault({ kind: 'query', act: { type: 'respond', status: 429, body } });

		expect(await bench.engine.testCredential(bench.credential)).toMatchObject({ status: 'OK' });
	});

	test.each([
		[{ apiKey: '' }, /^API Key: /],
		[{ baseUrl: '' }, /^Base URL: /],
		[{ baseUrl: 'not an address' }, /^Base URL: /],
		[{ requestsPerSecond: 0 }, /^Requests per Second: /],
		[{ requestsPerSecond: 1001 }, /^Requests per Second: /],
	])('names the field: %j', async (wrong, expected) => {
		const result = await bench.engine.testCredential({ ...bench.credential, ...wrong });

		expect(result).toEqual({ status: 'Error', message: expect.stringMatching(expected) });
		expect(bench.sandbox.requests).toHaveLength(0);
	});
});

describe('a run with a credential that cannot be used', () => {
	test.each([
		[{ apiKey: '' }, 'API Key'],
		[{ apiKey: '   ' }, 'API Key'],
		[{ baseUrl: '' }, 'Base URL'],
		[{ baseUrl: 'ftp://127.0.0.1' }, 'Base URL'],
		[{ baseUrl: '127.0.0.1:8787' }, 'Base URL'],
		[{ requestsPerSecond: 0 }, 'Requests per Second'],
		[{ requestsPerSecond: -2 }, 'Requests per Second'],
		[{ requestsPerSecond: 1001 }, 'Requests per Second'],
		[{ requestsPerSecond: 1_000_000 }, 'Requests per Second'],
		[{ requestsPerSecond: 0.01 }, 'Requests per Second'],
		[{ region: 'mars' }, 'Region'],
		[{ region: '' }, 'Region'],
		[{ apiKey: '"my-key-12345"' }, 'API Key'],
	])('names the field: %j', async (wrong, field) => {
		const run = await bench.run(quickWatermark, [withPicture(smallPng)], {
			credential: { ...bench.credential, ...wrong },
		});

		expect(run.error).toMatchObject({
			name: 'NodeOperationError',
			message: expect.stringMatching(`^${field}: `),
			description: expect.any(String),
		});
		expect(bench.sandbox.requests).toHaveLength(0);
	});

	test('a key with a line break at its end, as copied, works like in the test', async () => {
		const credential = { ...bench.credential, apiKey: `${bench.sandbox.apiKey}\n` };
		expect(await bench.engine.testCredential(credential)).toMatchObject({ status: 'OK' });
		const run = await bench.run(quickWatermark, [withPicture(smallPng)], { credential });

		expect(onlyItem(run).json.status).toBe('completed');
	});

	test('a wrong key is told once for each item, with three things to check', async () => {
		const run = await bench.run(quickWatermark, [withPicture(smallPng)], {
			credential: { ...bench.credential, apiKey: 'another-key' },
			node: { onError: 'continueRegularOutput' },
		});

		expect(errorOf(onlyItem(run))).toMatchObject({
			code: 'UNAUTHORIZED',
			httpStatus: 401,
			description: expect.stringMatching(/key.*enabled.*credits/),
		});
	});
});

describe('reading a credential', () => {
	test.each<[ICredentialDataDecryptedObject, string]>([
		[{ region: 'global' }, 'https://techhk.aoscdn.com'],
		[{ region: 'china' }, 'https://techsz.aoscdn.com'],
		[{}, 'https://techhk.aoscdn.com'],
		[{ region: 'custom', baseUrl: ' https://example.com/ ' }, 'https://example.com'],
		[{ region: 'custom', baseUrl: 'https://example.com/api/tasks/' }, 'https://example.com'],
		[
			{ region: 'Custom', baseUrl: 'https://example.com/p/api/tasks/visual/inpaint' },
			'https://example.com/p',
		],
		[{ region: 'custom', baseUrl: 'http://127.0.0.1:8787' }, 'http://127.0.0.1:8787'],
		[{ region: 'custom', baseUrl: 'https://example.com/proxy/' }, 'https://example.com/proxy'],
		[{ region: 'global', baseUrl: 'https://example.com' }, 'https://techhk.aoscdn.com'],
	])('%j has the base URL %s', (given, expected) => {
		expect(readCredential({ apiKey: 'k', ...given }).baseUrl).toBe(expected);
	});

	test.each<[ICredentialDataDecryptedObject, number]>([
		[{ requestsPerSecond: '0.5' }, 0.5],
		[{ requestsPerSecond: 3 }, 3],
		[{}, 2],
	])('%j allows %d requests per second', (given, expected) => {
		expect(readCredential({ apiKey: 'k', ...given }).requestsPerSecond).toBe(expected);
	});

	test.each(['many', '', NaN, Infinity, 0, -1])(
		'requests per second %j are refused',
		(requestsPerSecond) => {
			const read = () => readCredential({ apiKey: 'k', requestsPerSecond });
			expect(read).toThrow(/^Requests per Second: /);
		},
	);

	test('an address that cannot be used is quoted, but neither a password nor the key', () => {
		const read = (baseUrl: string) => () =>
			readCredential({ apiKey: 'a-key-of-12345', region: 'custom', baseUrl });

		expect(read('api.example.com')).toThrow(
			'Base URL: this is not a web address: "api.example.com"',
		);
		expect(read('me:secret@example.com')).toThrow(/"…@example.com"$/);
		expect(read('a-key-of-12345')).toThrow(/"\(API key\)"$/);
	});

	test('what is too short for a key is not taken out of words', () => {
		const { redact } = readCredential({ apiKey: 'key' });
		expect(redact('PicWish did not accept the API key')).toBe('PicWish did not accept the API key');
	});

	test('accounts are told apart by key and host, without holding the key', () => {
		const identity = (more: ICredentialDataDecryptedObject) =>
			readCredential({ apiKey: 'k', ...more }).identity;

		expect(identity({})).toBe(identity({ requestsPerSecond: 9 }));
		expect(identity({})).not.toBe(identity({ apiKey: 'l' }));
		expect(identity({})).not.toBe(identity({ region: 'china' }));
		expect(identity({ apiKey: 'visible-key' })).not.toContain('visible-key');
	});
});
