import sharp from 'sharp';
import { paint } from '../contract/pictures';
import { startSandboxProcess } from './process';
import { sha256 } from './sha256';
import { type Sandbox, type SandboxOptions, startSandbox } from './server';
import type { TaskType } from './taskTypes';
import { START, useHeldSandbox } from './useSandbox';
import { SandboxClient, soundParts } from './client';

const HOUR_MS = 3_600_000;

let sandbox: Sandbox;
let client: SandboxClient;
let png: Buffer;
const clock = useHeldSandbox({ requestsPerSecond: 0 }, (...opened) => {
	[sandbox, client] = opened;
});

beforeAll(async () => {
	png = await paint('png', { width: 60, height: 40 });
});

describe('the life of a task', () => {
	test('goes 0, 2, 4, 1 by the clock, and progress grows', async () => {
		const taskId = await client.createSound();
		const seen: unknown[] = [];
		for (const ms of [0, 999, 1000, 2499, 2500, 9999, 10_000]) {
			clock.at = START + ms;
			const { data } = await client.query('removeWatermark', taskId);
			seen.push([data.state, data.progress]);
		}
		expect(seen).toEqual([
			[0, 0],
			[0, 9],
			[2, 10],
			[2, 24],
			[4, 25],
			[4, 99],
			[1, 100],
		]);
	});

	test('a finished query has the fields and the types that the service really sends', async () => {
		const taskId = await client.createSound('removeObjects');
		clock.at += 10_000;
		await client.ended('removeObjects', taskId);
		const reply = await client.query('removeObjects', taskId);
		expect(reply.message).toBeUndefined();
		expect(reply.headers.get('cache-control')).toBe('public,max-age=1');
		expect(reply.data).toEqual({
			task_id: taskId,
			state: 1,
			state_detail: 'Complete',
			progress: 100,
			created_at: START / 1000,
			processed_at: START / 1000 + 1,
			completed_at: START / 1000 + 10,
			time_elapsed: 10_000,
			download_time: 0,
			return_type: 1,
			image: expect.stringContaining(`/results/${taskId}.png?`),
		});
	});

	test('a mask of another size is accepted and fails at the first query, under HTTP 200', async () => {
		const created = await client.create('removeObjects', [
			['image_file', png],
			['mask_file', await paint('png', { width: 61, height: 40 })],
		]);
		expect(created.status).toBe(200);
		const reply = await client.query('removeObjects', String(created.data.task_id));
		expect(reply.status).toBe(200);
		expect(reply.data).toMatchObject({ state: -1, err_message: expect.stringMatching(/mask/) });
		expect(reply.data).not.toHaveProperty('image');
	});

	test('a mask without white is accepted, and its task fails', async () => {
		const black = sharp({ create: { width: 60, height: 40, channels: 3, background: '#111' } });
		const created = await client.create('removeObjects', [
			['image_file', png],
			['mask_file', await black.png().toBuffer()],
		]);
		expect(created.status).toBe(200);
		clock.at = START + 10_000;
		const ask = async () => await client.query('removeObjects', String(created.data.task_id));
		let reply = await ask();
		// The mask is looked at in real time.
		for (let asked = 1; reply.data.state === 4 && asked < 1000; asked++) reply = await ask();
		expect(reply.data).toMatchObject({ state: -1, err_message: expect.stringMatching(/no white/) });
	});

	test('a damaged picture is accepted and fails with -7', async () => {
		const created = await client.create('removeWatermark', [['file', png.subarray(0, 20)]]);
		clock.at += 10_000;
		const data = await client.ended('removeWatermark', String(created.data.task_id));
		expect(data.state).toBe(-7);
	});

	test('is unknown after an hour', async () => {
		const taskId = await client.createSound();
		clock.at += HOUR_MS - 1;
		expect((await client.query('removeWatermark', taskId)).status).toBe(200);
		clock.at += 1;
		expect((await client.query('removeWatermark', taskId)).status).toBe(404);
	});

	test('processing times are drawn from the range, the same for the same seed', async () => {
		const durations = async (seed: number) => {
			const other = await startSandbox({
				inpaint: false,
				requestsPerSecond: 0,
				processingMs: [2000, 4000],
				seed,
				now: () => START,
			});
			const otherClient = new SandboxClient(other);
			for (let i = 0; i < 8; i++) await otherClient.createSound();
			const list = other.tasks.map(({ createdAt, doneAt }) => doneAt - createdAt);
			await other.close();
			return list;
		};
		const [first, again, different] = [await durations(7), await durations(7), await durations(8)];
		expect(again).toEqual(first);
		expect(different).not.toEqual(first);
		expect(Math.min(...first)).toBeGreaterThanOrEqual(2000);
		expect(Math.max(...first)).toBeLessThan(4000);
		expect(Math.max(...first) - Math.min(...first)).toBeGreaterThan(500);
	});
});

describe('sync and base64', () => {
	test('a sync create answers when the task is done', async () => {
		const quick = await startSandbox({ inpaint: false, processingMs: 80 });
		const before = performance.now();
		const reply = await new SandboxClient(quick).create('removeObjects', [
			...(await soundParts('removeObjects')),
			['sync', '1'],
			['return_type', '2'],
		]);
		expect(performance.now() - before).toBeGreaterThanOrEqual(79);
		await quick.close();
		expect(reply.message).toBe('success');
		expect(reply.data).toMatchObject({ state: 1, return_type: 2, image: png.toString('base64') });
	});

	test('a sync create that waited long enough answers with the task still in work', async () => {
		const reply = await client.create('removeWatermark', [
			['file', png],
			['sync', '1'],
		]);
		expect(reply.data).toMatchObject({ state: 0, task_id: sandbox.tasks[0]?.taskId });
	});
});

describe('pictures by URL', () => {
	const endedState = async (url: string) => {
		const created = await client.create('removeWatermark', [['url', url]]);
		clock.at += 10_000;
		const data = await client.ended('removeWatermark', String(created.data.task_id));
		return [created.status, data.state];
	};

	test('are fetched by the sandbox, from this machine only', async () => {
		const samples = `${sandbox.resultsUrl}/samples`;
		expect(await endedState(`${samples}/mug-watermarked.jpg`)).toEqual([200, 1]);
		const fetched = sandbox.requests.filter(({ port }) => port === 'results');
		expect(fetched).toMatchObject([{ kind: 'other', method: 'GET', status: 200 }]);
		expect(await endedState(`${samples}/missing.jpg`)).toEqual([200, -3]);
		expect(await endedState('http://192.0.2.1/a.jpg')).toEqual([200, -3]);
	});

	test('rectangles that lie outside of such a picture make the task fail', async () => {
		const created = await client.create('removeObjects', [
			['image_url', `${sandbox.resultsUrl}/samples/mug-watermarked.jpg`],
			['rectangles', '[{"x":9000,"y":0,"width":1,"height":1}]'],
		]);
		clock.at += 10_000;
		const data = await client.ended('removeObjects', String(created.data.task_id));
		expect(data).toMatchObject({ state: -1, err_message: expect.stringMatching(/outside/) });
	});
});

describe('results under signed URLs', () => {
	const resultUrl = async () => {
		const taskId = await client.createSound();
		clock.at += 10_000;
		return String((await client.ended('removeWatermark', taskId)).file);
	};

	test('give the bytes with their length and type, and are made anew for each query', async () => {
		const url = await resultUrl();
		const [task] = sandbox.tasks;
		const again = await client.query('removeWatermark', task?.taskId ?? '');
		expect(again.data.file).not.toBe(url);
		const response = await fetch(url);
		const bytes = Buffer.from(await response.arrayBuffer());
		expect(sha256(bytes)).toBe(sha256(png));
		expect(task).toMatchObject({ sourceSha256: sha256(png), resultSha256: sha256(png) });
		expect(response.headers.get('content-type')).toBe('image/png');
		expect(response.headers.get('content-length')).toBe(String(png.length));
		expect(sandbox.requests.at(-1)).toMatchObject({ kind: 'download', taskId: task?.taskId });
	});

	const damages: Array<[string, (url: string) => string]> = [
		['decoded', (url) => url.replace('%2B', '+')],
		['encoded twice', (url) => url.replace('%2B', '%252B')],
		['in small letters', (url) => url.replace('%2F', '%2f')],
		['with its equals sign plain', (url) => url.replace('%3D', '=')],
		['cut off', (url) => url.replace(/\?.*/, '')],
		['prolonged', (url) => url.replace(/Expires=\d/, 'Expires=9')],
		['with something added', (url) => `${url}&x=1`],
		['of another task', (url) => url.replace(/results\/./, 'results/_')],
	];
	test.each(damages)('answer 403 in XML when the URL is %s', async (_name, damage) => {
		const url = await resultUrl();
		expect(damage(url)).not.toBe(url);
		const response = await fetch(damage(url));
		expect(response.status).toBe(403);
		expect(await response.text()).toMatch(/<Code>SignatureDoesNotMatch/);
	});

	test('expire', async () => {
		const url = await resultUrl();
		clock.at += HOUR_MS;
		const response = await fetch(url);
		expect([response.status, await response.text()]).toEqual([
			403,
			expect.stringMatching(/expired/),
		]);
	});

	test.each(['X-API-KEY', 'Authorization'])('answer 400 when %s is sent along', async (header) => {
		const response = await fetch(await resultUrl(), { headers: { [header]: 'secret' } });
		expect(response.status).toBe(400);
	});
});

test('runs in a process of its own, with its log at hand', async () => {
	const other = await startSandboxProcess({ inpaint: false, processingMs: 5, apiKey: 'other' });
	const url = `${other.apiUrl}/api/tasks/visual/inpaint/x`;
	expect((await fetch(url, { headers: { 'X-API-KEY': 'other' } })).status).toBe(404);
	const { requests } = await other.log();
	expect(requests).toMatchObject([{ kind: 'query', taskId: 'x', status: 404 }]);
	expect(Math.abs(Date.now() - (requests[0]?.at ?? 0))).toBeLessThan(2000);
	await other.reset();
	expect(await other.log()).toEqual({ requests: [], tasks: [] });
	await other.close();
	await expect(fetch(url)).rejects.toThrow();
	await expect(other.log()).rejects.toThrow(/ended/);
});

describe('how long tasks take', () => {
	/** Of tasks created one after the other, in ms. */
	async function durations(options: SandboxOptions, types: TaskType[]): Promise<number[]> {
		const other = await startSandbox({ inpaint: false, requestsPerSecond: 0, ...options });
		try {
			const user = new SandboxClient(other);
			for (const type of types) await user.createSound(type);
			return other.tasks.map(({ createdAt, doneAt }) => Math.round(doneAt - createdAt));
		} finally {
			await other.close();
		}
	}
	const watermarks = Array.from({ length: 4 }, () => 'removeWatermark' as const);

	test('may be a list, whose last entry holds for the rest', async () => {
		const inOrder = [5000, 1000, 3000];
		expect(await durations({ processingMs: { inOrder } }, watermarks)).toEqual([
			5000, 1000, 3000, 3000,
		]);
	});

	test('may differ by type, each with a list of its own', async () => {
		const processingMs = { removeObjects: { inOrder: [6000, 7000] }, removeWatermark: 500 };
		const types = ['removeObjects', 'removeWatermark', 'removeObjects'] as const;
		expect(await durations({ processingMs }, [...types])).toEqual([6000, 500, 7000]);
	});
});

test('the limit may count creates alone', async () => {
	const other = await startSandbox({
		inpaint: false,
		requestsPerSecond: 1,
		counts: 'creates',
		now: () => START,
	});
	try {
		const user = new SandboxClient(other);
		const taskId = await user.createSound();
		const queries = [1, 2, 3].map(async () => await user.query('removeWatermark', taskId));
		const statuses = (await Promise.all(queries)).map(({ status }) => status);
		const { status } = await user.create('removeWatermark', await soundParts('removeWatermark'));

		expect(statuses).toEqual([200, 200, 200]);
		expect(status).toBe(429);
	} finally {
		await other.close();
	}
});
