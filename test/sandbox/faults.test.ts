/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { setTimeout as wait } from 'node:timers/promises';

import { paint } from '../contract/pictures';
import type { Sandbox } from './server';
import { MEGABYTE } from './taskTypes';
import { type SandboxClient, soundParts } from './client';
import { useSandbox } from './useSandbox';

let sandbox: Sandbox;
let client: SandboxClient;

useSandbox((...opened) => {
	[sandbox, client] = opened;
});

const create = async () => await client.create('removeObjects', await soundParts('removeObjects'));
const finishedUrl = async () =>
	String((await client.ended('removeWatermark', await client.createSound())).file);

/** The code of the system's error behind a request that got no answer. */
async function cutCode(request: Promise<unknown>): Promise<unknown> {
	const error = await request.then(
		() => undefined,
		(reason: unknown) => reason,
	);
	const cause = error instanceof Error ? error.cause : undefined;
	return cause instanceof Error && 'code' in cause ? cause.code : error;
}

describe('faults of a create', () => {
	test('respond: the body is read, no task is made', async () => {
		sandbox.addFault({
			kind: 'create',
			act: {
				type: 'respond',
				status: 429,
				headers: { 'retry-after': '3' },
				body: '{"status":429}',
			},
		});
		const reply = await create();
		expect([reply.status, reply.headers.get('retry-after')]).toEqual([429, '3']);
		expect(sandbox.tasks).toEqual([]);
		expect(sandbox.requests[0]?.partOrder).toEqual(['image_file', 'rectangles']);
		expect((await create()).status).toBe(200);
	});

	test('resetAtOnce, resetAfterUpload and loseAnswer differ in what the server has', async () => {
		for (const type of ['resetAtOnce', 'resetAfterUpload', 'loseAnswer'] as const) {
			sandbox.addFault({ kind: 'create', act: { type } });
			expect(await cutCode(create())).toBe('ECONNRESET');
		}
		const files = sandbox.requests.map((request) => Object.keys(request.files).length);
		expect(files).toEqual([0, 1, 1]);
		expect(sandbox.tasks).toHaveLength(1);
		expect(sandbox.requests.map(({ status }) => status)).toEqual([undefined, undefined, undefined]);
		expect(sandbox.requests.map(({ aborted }) => aborted)).toEqual([
			undefined,
			undefined,
			undefined,
		]);
		expect(sandbox.requests[2]?.taskId).toBe(sandbox.tasks[0]?.taskId);
	});

	test('hang: never answers, and is cut by close()', async () => {
		sandbox.addFault({ kind: 'create', act: { type: 'hang' } });
		const request = cutCode(create());
		const hasBody = () => sandbox.requests[0]?.files.image_file !== undefined;
		while (!hasBody()) await wait(5);
		// By the time that a later upload has its answer, the first would have one, too.
		const later = create().then(() => 'the later one');
		expect(await Promise.race([request, later])).toBe('the later one');
		expect(sandbox.tasks).toHaveLength(1);
		await sandbox.close();
		expect(await request).not.toBeUndefined();
		expect(sandbox.requests[0]?.taskId).toBeUndefined();
	});

	test('hang without reading the body stalls a big upload', async () => {
		sandbox.addFault({ kind: 'create', act: { type: 'hang', readBody: false } });
		const picture = await paint('png', { width: 60, height: 40 });
		let sent = 0;
		const body = new ReadableStream({
			pull(controller) {
				sent += MEGABYTE;
				controller.enqueue(sent > MEGABYTE ? Buffer.alloc(MEGABYTE) : picture);
				if (sent > 60 * MEGABYTE) controller.close();
			},
		});
		const abort = new AbortController();
		const request = cutCode(
			fetch(`${sandbox.apiUrl}/api/tasks/visual/inpaint`, {
				method: 'POST',
				headers: { 'X-API-KEY': sandbox.apiKey, 'content-type': 'multipart/form-data; boundary=b' },
				body,
				duplex: 'half',
				signal: abort.signal,
			}),
		);
		while (sandbox.requests.length === 0) await wait(5);
		let before: number;
		do {
			before = sent;
			await wait(100);
		} while (sent > before);
		expect(sent).toBeLessThan(40 * MEGABYTE);
		abort.abort();
		expect(await request).toBeInstanceOf(Error);
	});

	test('delay: the task is made at once, the answer comes later', async () => {
		sandbox.addFault({ kind: 'create', act: { type: 'delay', ms: 120 } });
		const before = performance.now();
		const { data } = await create();
		expect(performance.now() - before).toBeGreaterThanOrEqual(119);
		expect(sandbox.tasks[0]?.taskId).toBe(data.task_id);
		const [request] = sandbox.requests;
		expect(Number(request?.endedAt) - Number(request?.at)).toBeGreaterThanOrEqual(119);
	});

	test('failTask: the task is made and ends with that state', async () => {
		const act = { type: 'failTask', state: -8, message: 'Took too long' } as const;
		sandbox.addFault({ kind: 'create', act });
		const { data } = await create();
		expect(await client.ended('removeObjects', String(data.task_id))).toMatchObject({
			state: -8,
			err_message: 'Took too long',
		});
	});

	test('patch: the real answer, changed; the task exists', async () => {
		sandbox.addFault({
			kind: 'create',
			act: { type: 'patch', change: (body) => ({ ...Object(body), status: 401, data: {} }) },
		});
		expect(await create()).toMatchObject({ status: 200, message: 'success', data: {} });
		expect(sandbox.tasks).toHaveLength(1);
	});
});

describe('faults of a query', () => {
	test.each(['resetAtOnce', 'loseAnswer'] as const)('%s cuts the connection', async (type) => {
		const taskId = await client.createSound();
		sandbox.addFault({ kind: 'query', act: { type } });
		expect(await cutCode(client.query('removeWatermark', taskId))).toBe('ECONNRESET');
		expect((await client.query('removeWatermark', taskId)).status).toBe(200);
	});

	test('patch and respond replace the answer', async () => {
		const taskId = await client.createSound();
		const patch = (body: unknown) => ({ ...Object(body), data: { state: 9 } });
		sandbox.addFault({ kind: 'query', act: { type: 'patch', change: patch } });
		sandbox.addFault({
			kind: 'query',
			act: { type: 'respond', status: 502, body: '"bad gateway"' },
		});
		expect((await client.query('removeWatermark', taskId)).data).toEqual({ state: 9 });
		expect((await client.query('removeWatermark', taskId)).status).toBe(502);
	});
});

describe('faults of a download', () => {
	test('cut: the whole length is announced, so many bytes come', async () => {
		const url = await finishedUrl();
		sandbox.addFault({ kind: 'download', act: { type: 'cut', afterBytes: 50 } });
		const response = await fetch(url);
		const chunks: Uint8Array[] = [];
		const reading = (async () => {
			for await (const chunk of response.body ?? []) chunks.push(chunk);
		})();
		await expect(reading).rejects.toThrow('terminated');
		expect(Buffer.concat(chunks)).toHaveLength(50);
		expect(Number(response.headers.get('content-length'))).toBeGreaterThan(50);
		expect((await fetch(url)).ok).toBe(true);
	});

	test('cut after 0 bytes, resetAtOnce and hang', async () => {
		const url = await finishedUrl();
		sandbox.addFault({ kind: 'download', act: { type: 'cut', afterBytes: 0 } });
		await expect(fetch(url).then(async (r) => await r.arrayBuffer())).rejects.toThrow('terminated');
		sandbox.addFault({ kind: 'download', act: { type: 'resetAtOnce' } });
		expect(await cutCode(fetch(url))).toBe('ECONNRESET');
		sandbox.addFault({ kind: 'download', act: { type: 'hang' } });
		const abort = new AbortController();
		const before = sandbox.requests.length;
		const hanging = fetch(url, { signal: abort.signal });
		while (sandbox.requests.length === before) await wait(5);
		abort.abort();
		await expect(hanging).rejects.toThrow(/aborted/);
		while (sandbox.requests.at(-1)?.endedAt === undefined) await wait(5);
		expect(sandbox.requests.at(-1)).toMatchObject({ kind: 'download', aborted: true });
	});

	test('serve: other bytes, streamed, with any length announced', async () => {
		const url = await finishedUrl();
		const body = async function* () {
			for (let i = 0; i < 3; i++) yield await Promise.resolve(Buffer.alloc(10, i));
		};
		sandbox.addFault({
			kind: 'download',
			act: { type: 'serve', headers: { 'content-type': 'text/html' }, body, length: 30 },
		});
		sandbox.addFault({
			kind: 'download',
			act: { type: 'serve', status: 206, body: Buffer.from('short'), length: 9 },
		});
		sandbox.addFault({ kind: 'download', act: { type: 'serve', body: Buffer.alloc(0) } });
		const streamed = await fetch(url);
		expect(streamed.headers.get('content-type')).toBe('text/html');
		expect((await streamed.arrayBuffer()).byteLength).toBe(30);
		const short = await fetch(url);
		expect([short.status, short.headers.get('content-length')]).toEqual([206, '9']);
		await expect(short.arrayBuffer()).rejects.toThrow('terminated');
		expect((await (await fetch(url)).arrayBuffer()).byteLength).toBe(0);
	});
});
