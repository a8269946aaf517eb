/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { startEngine, type Engine, type RunOptions } from './engine';
import { createProbePackage } from './fixture/probePackage';
import { closeServer, openServer } from '../sandbox/localServer';

let probePackage: Awaited<ReturnType<typeof createProbePackage>>;
let engine: Engine;
let baseUrl: string;
let requests: IncomingMessage[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;
const server = createServer((request, response) => {
	requests.push(request);
	answer(request, response);
});

beforeAll(async () => {
	probePackage = await createProbePackage();
	engine = await startEngine({ packageDirectory: probePackage.directory });
	baseUrl = await openServer(server);
});

afterAll(async () => {
	await engine.close();
	await probePackage.remove();
	await closeServer(server);
});

beforeEach(() => {
	requests = [];
	answer = (request, response) => response.end(`answer to ${request.url}`);
});

const credential = () => ({ apiKey: 'made-up-key', region: 'custom', baseUrl });

function options(more: Partial<RunOptions> = {}): RunOptions {
	return { items: [{}], parameters: { label: 'x' }, credential: credential(), ...more };
}

test('resolves expressions for each item and keeps the pairing that the node gave', async () => {
	const run = await engine.run(
		options({
			items: [{ json: { file: 'a' } }, { json: { file: 'b' } }],
			parameters: { label: '={{ $json.file }}', path: '={{ "/" + $json.file }}' },
		}),
	);

	expect(run.status).toBe('success');
	expect(run.outputs).toHaveLength(1);
	expect(run.outputs[0]).toMatchObject([
		{ json: { label: 'a', reply: expect.stringContaining('/a?') }, pairedItem: { item: 0 } },
		{ json: { label: 'b', reply: expect.stringContaining('/b?') }, pairedItem: { item: 1 } },
	]);
	expect(run.hints).toEqual([{ message: 'Probed 2' }]);
});

test("sends the key as the credential's authenticate says", async () => {
	await engine.run(options());

	expect(requests.map(({ headers }) => headers['x-api-key'])).toEqual(['made-up-key']);
});

test('completes the credential with defaults and drops hidden fields', async () => {
	const parameters = { label: 'x', action: 'showCredential' };
	const custom = await engine.run(options({ parameters }));
	const plain = await engine.run(options({ parameters, credential: { apiKey: 'k', baseUrl } }));

	expect(custom.outputs[0]?.[0]?.json).toEqual({ ...credential(), host: baseUrl });
	expect(plain.outputs[0]?.[0]?.json).toEqual({
		apiKey: 'k',
		region: 'global',
		host: 'http://global',
	});
});

test('hands the given JSON to the node, not a copy', async () => {
	const json = { given: true };
	const run = await engine.run(options({ items: [{ json }] }));

	expect(run.input[0]?.json).toBe(json);
});

test('reports an error with the item it belongs to', async () => {
	const run = await engine.run(
		options({
			items: [{ json: { action: 'request' } }, { json: { action: 'reject' } }],
			parameters: { label: 'x', action: '={{ $json.action }}' },
		}),
	);

	expect(run.status).toBe('error');
	expect(run.outputs).toEqual([]);
	expect(run.error).toEqual({
		name: 'NodeOperationError',
		message: 'Rejected',
		description: 'Because it was told to',
		itemIndex: 1,
	});
});

test('reports the HTTP status of an API error', async () => {
	answer = (_request, response) => response.writeHead(402).end('no');
	const run = await engine.run(options());

	expect(run.error).toMatchObject({ name: 'NodeApiError', httpCode: '402' });
});

test('reports what makes n8n refuse the workflow', async () => {
	const run = await engine.run(options({ parameters: {} }));

	expect(run.status).toBe('error');
	expect(run.error?.message).toContain('Label');
	expect(requests).toHaveLength(0);
});

test.each([
	['continueRegularOutput', [['ok', 'Rejected']]],
	['continueErrorOutput', [['ok'], ['Rejected']]],
] as const)('routes error items by %s', async (onError, expected) => {
	answer = (_request, response) => response.end('ok');
	const run = await engine.run(
		options({
			items: [{ json: { action: 'request' } }, { json: { action: 'reject' } }],
			parameters: { label: 'x', action: '={{ $json.action }}' },
			node: { onError },
		}),
	);

	expect(run.status).toBe('success');
	const texts = run.outputs.map((items) =>
		items.map(({ json: { reply, error } }) => reply ?? Reflect.get(Object(error), 'message')),
	);
	expect(texts).toEqual(expected);
});

test('lets n8n retry, within one execution', async () => {
	answer = (_request, response) => response.writeHead(requests.length === 1 ? 500 : 200).end();
	const run = await engine.run(
		options({ node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 } }),
	);

	expect(run.status).toBe('success');
	expect(requests.map(({ url }) => url)).toEqual(Array(2).fill(`/?execution=${run.executionId}`));
});

test('runs overlap, each under its own execution id', async () => {
	const waiting: ServerResponse[] = [];
	answer = (_request, response) => {
		waiting.push(response);
		if (waiting.length === 2) for (const each of waiting) each.end('both are here');
	};
	const runs = await Promise.all([engine.run(options()), engine.run(options())]);

	expect(runs.map(({ status }) => status)).toEqual(['success', 'success']);
	expect(new Set(runs.map(({ executionId }) => executionId)).size).toBe(2);
});

test('cancelling aborts the request on its way and ends the run', async () => {
	const arrived = new Promise<IncomingMessage>((resolveArrived) => {
		answer = (request) => resolveArrived(request);
	});
	const running = engine.start(options());
	const closed = once((await arrived).socket, 'close');
	const cancelledAt = performance.now();
	running.cancel();
	const [run] = await Promise.all([running.finished, closed]);

	expect(run.status).toBe('canceled');
	expect(performance.now() - cancelledAt).toBeLessThan(1000);
});

test('runs a loop, whose items stay linked to where they came from', async () => {
	const run = await engine.runWorkflow({
		items: [{ json: { n: 1 } }, { json: { n: 2 } }, { json: { n: 3 } }],
		nodes: [
			{ name: 'Loop', type: 'loopOverItems', parameters: { batchSize: 2 } },
			{
				name: 'Probe',
				type: 'package',
				parameters: { label: "={{ $('Start').item.json.n }}" },
			},
			{ name: 'Done', type: 'noOp' },
		],
		connections: {
			Start: { main: [[{ node: 'Loop', type: 'main', index: 0 }]] },
			Loop: {
				main: [
					[{ node: 'Done', type: 'main', index: 0 }],
					[{ node: 'Probe', type: 'main', index: 0 }],
				],
			},
			Probe: { main: [[{ node: 'Loop', type: 'main', index: 0 }]] },
		},
		credential: credential(),
	});

	expect(run.status).toBe('success');
	const labels = (name: string) =>
		run.nodes[name]?.map(({ outputs }) => outputs[0]?.map(({ json }) => json.label));
	expect(labels('Probe')).toEqual([[1, 2], [3]]);
	expect(labels('Done')).toEqual([[1, 2, 3]]);
});

test('tests a credential as the form does', async () => {
	expect(await engine.testCredential(credential())).toMatchObject({ status: 'OK' });
	expect(requests.map(({ url, headers }) => [url, headers['x-api-key']])).toEqual([
		['/whoami', 'made-up-key'],
	]);

	answer = (_request, response) => response.writeHead(401).end();
	expect(await engine.testCredential(credential())).toEqual({
		status: 'Error',
		message: 'Wrong key',
	});

	const nobody = { ...credential(), baseUrl: 'http://127.0.0.1:9' };
	expect(await engine.testCredential(nobody)).toEqual({
		status: 'Error',
		message: 'ECONNREFUSED',
	});
});

test("knows Node's own errors as errors, as outside Jest", () => {
	class OwnError extends Error {}
	const parse = () => new URL('not a URL');

	expect(parse).toThrow(TypeError);
	expect(catchFrom(parse) instanceof Error).toBe(true);
	expect(catchFrom(parse) instanceof RangeError).toBe(false);
	expect(catchFrom(parse) instanceof OwnError).toBe(false);
	expect(new OwnError() instanceof OwnError).toBe(true);
});

test('refuses a second engine while one is open', async () => {
	await expect(startEngine()).rejects.toThrow('Close the other engine');
});

function catchFrom(action: () => unknown): unknown {
	try {
		return action();
	} catch (error) {
		return error;
	}
}
