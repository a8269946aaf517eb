import type { PicWishCredential } from '../engine/credentialStore';
import type { Run } from '../engine/runResult';
import type { Fault } from '../sandbox/server';
import { startPictureHost, type PictureHost } from './pictureHost';
import { smallPng } from './pictures';
import { quickWatermark, useBench, withPicture } from './setup';

const marked = 'k3y-that-nobody-may-see';
const ofSomebodyElse = 'k3y-of-somebody-else';
const bench = useBench({ apiKey: marked });
let elsewhere: PictureHost;

beforeAll(async () => {
	elsewhere = await startPictureHost(smallPng);
});
beforeEach(() => {
	elsewhere.asked.length = 0;
});
afterAll(async () => await elsewhere.close());

/** All that n8n shows or keeps of an execution. */
const traces = ({ saved, outputs, error, hints }: Run) =>
	JSON.stringify([saved, outputs, error, hints]);

const answer = (status: number, body: unknown, headers?: Record<string, string>): Fault['act'] => ({
	type: 'respond',
	status,
	body: JSON.stringify(body),
	headers,
});

const faults: Array<[name: string, faults: () => Fault[]]> = [
	['all goes well', () => []],
	['the task fails', () => [{ kind: 'create', act: { type: 'failTask', state: -1 } }]],
	['the API refuses', () => [{ kind: 'create', act: answer(400, { status: 400, message: 'no' }) }]],
	['the connection breaks', () => [{ kind: 'create', act: { type: 'resetAtOnce' } }]],
	['the answer is lost', () => [{ kind: 'create', act: { type: 'loseAnswer' } }]],
	[
		'the API repeats the key in its refusal',
		() => [{ kind: 'create', act: answer(401, { status: 401, message: `Bad key ${marked}!` }) }],
	],
	[
		'the API repeats the key where its words are cut',
		() => {
			const message = `${'-'.repeat(300 - 'PicWish did not accept the API key: '.length - 10)}${marked}`;
			return [{ kind: 'create', act: answer(401, { status: 401, message }) }];
		},
	],
	[
		'the API redirects elsewhere',
		() => [{ kind: 'create', act: answer(302, {}, { location: `${elsewhere.url}/create` }) }],
	],
	[
		'the result redirects elsewhere',
		() => [
			{
				kind: 'download',
				act: { type: 'respond', status: 302, body: '', headers: { location: elsewhere.url } },
			},
		],
	],
];

describe.each(['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'] as const)(
	'%s',
	(onError) => {
		test.each(faults)('the key is in nothing that n8n keeps when %s', async (_name, listed) => {
			for (const fault of listed()) bench.sandbox.addFault(fault);
			const run = await bench.run(quickWatermark, [withPicture(smallPng)], { node: { onError } });

			expect(traces(run)).toContain('PicWish');
			expect(traces(run)).not.toContain(marked.slice(0, 4));
		});
	},
);

test.each<[string, () => Partial<PicWishCredential>]>([
	['rejected', () => ({ apiKey: ofSomebodyElse })],
	['sent nowhere', () => ({ baseUrl: 'http://127.0.0.1:1' })],
])('nor when it is %s', async (_name, wrong) => {
	const credential = { ...bench.credential, ...wrong() };
	const options = { requestMode: 'sync', maxWait: 1 };
	const run = await bench.run({ ...quickWatermark, options }, undefined, { credential });

	expect(run.status).toBe('error');
	expect(traces(run)).not.toContain('k3y-');
});

test('the key goes with every request to the API host, and to no other', async () => {
	await bench.run({ operation: 'removeWatermark' });

	const keys = bench.sandbox.requests.map(({ port, headers }) => [port, headers['x-api-key']]);
	expect(keys).toEqual([...Array(keys.length - 1).fill(['api', marked]), ['results', undefined]]);
	expect(keys.length).toBeGreaterThanOrEqual(3);
	const urls = bench.sandbox.requests.map(({ url }) => url);
	expect(urls.join()).not.toContain(marked);
});

test('a redirect of the API is not followed', async () => {
	const location = `${elsewhere.url}/create`;
	bench.sandbox.addFault({ kind: 'create', act: answer(307, {}, { location }) });
	const run = await bench.run(quickWatermark);

	expect(run.error).toMatchObject({ name: 'NodeApiError', httpCode: '307' });
	expect(elsewhere.asked).toEqual([]);
});

test('nor is it by the test in the credential form', async () => {
	const location = `${elsewhere.url}/query`;
	bench.sandbox.addFault({ kind: 'query', act: answer(302, {}, { location }) });

	expect(await bench.engine.testCredential(bench.credential)).toMatchObject({ status: 'Error' });
	expect(elsewhere.asked).toEqual([]);
});

test('a redirect of a result is followed without the key', async () => {
	const headers = { location: `${elsewhere.url}/moved.png?sig=a%2Bb` };
	bench.sandbox.addFault({
		kind: 'download',
		act: { type: 'respond', status: 302, body: '', headers },
	});
	const run = await bench.run(quickWatermark);

	expect(run.status).toBe('success');
	expect(elsewhere.asked).toEqual(['/moved.png?sig=a%2Bb']);
	expect(elsewhere.headers.map((each) => Object.keys(each))).not.toContainEqual(
		expect.arrayContaining(['x-api-key']),
	);
});
