/* eslint-disable @n8n/community-nodes/no-restricted-globals -- test code, runs on a developer's machine */
import { paint } from './pictures';
import { errorOf, oneRectangle, onlyItem, useBench } from './setup';
import { inRanges, redirect, startWebHost, type WebHost } from './webHost';

// Read by n8n when its engine starts.
process.env.N8N_SSRF_PROTECTION_ENABLED = 'true';
process.env.N8N_SSRF_ALLOWED_HOSTNAMES = 'localhost';

const bench = useBench();
let host: WebHost;

beforeAll(async () => {
	host = await startWebHost();
});
afterEach(() => host.forget());
afterAll(async () => {
	await host.close();
	delete process.env.N8N_SSRF_PROTECTION_ENABLED;
	delete process.env.N8N_SSRF_ALLOWED_HOSTNAMES;
});

async function runOn(imageUrl: string, parameters: Record<string, unknown>) {
	// The API may be reached by its name, which is allowed.
	const baseUrl = bench.credential.baseUrl?.replace('127.0.0.1', 'localhost');
	return await bench.run(
		{
			operation: 'removeObjects',
			imageSource: 'url',
			imageUrl,
			rectangles: oneRectangle,
			...parameters,
		},
		[{}],
		{
			credential: { ...bench.credential, baseUrl },
			node: { onError: 'continueRegularOutput' },
		},
	);
}

const inPercent = { rectangleUnit: 'percent', options: { waitForCompletion: false } };
const byN8n = { options: { urlFetchedBy: 'n8n', waitForCompletion: false } };

describe('where n8n may not open internal addresses', () => {
	test.each([
		['the head', inPercent],
		['the whole image', byN8n],
	])('%s is not read there, and the message says what to choose', async (_name, parameters) => {
		const url = host.serve('/a.png', inRanges(await paint('png')));
		const error = errorOf(onlyItem(await runOn(url, parameters)));

		expect(error).toMatchObject({
			code: 'INVALID_INPUT',
			message: expect.stringContaining('blocks internal addresses'),
			description: expect.stringContaining('URL Fetched By: PicWish'),
			retryable: false,
		});
		expect(host.asked).toHaveLength(0);
		expect(bench.sandbox.requests).toHaveLength(0);
	});

	test('nor is it reached by a redirect', async () => {
		const target = host.serve('/a.png', inRanges(await paint('png')));
		const url = host.serve('/hop', redirect(target)).replace('127.0.0.1', 'localhost');
		const error = errorOf(onlyItem(await runOn(url, inPercent)));

		expect(error).toMatchObject({
			code: 'INVALID_INPUT',
			message: expect.stringContaining('blocks internal addresses'),
		});
		expect(host.asked.map(({ path }) => path)).toEqual(['/hop']);
	});

	test('PicWish is handed the address all the same', async () => {
		const url = host.serve('/a.png', inRanges(await paint('png')));
		const options = { urlFetchedBy: 'picwish', waitForCompletion: false };

		expect(onlyItem(await runOn(url, { options })).json.status).toBe('submitted');
	});
});
