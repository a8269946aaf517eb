/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Http } from '../../nodes/PicWish/api/http';
import { PicWishError } from '../../nodes/PicWish/errors';
import { UrlFile } from '../../nodes/PicWish/input/urlFile';
import { readHead } from '../../nodes/PicWish/picture/head';
import { Stop } from '../../nodes/PicWish/schedule/stop';
import { smallPng } from '../contract/pictures';
import { HeldClock } from './schedule/heldClock';

const ADDRESS = 'https://host.example/a.png';
const SILENCE_MS = 30_000;

type Answer = Awaited<ReturnType<Http['open']>>;
type Ask = Parameters<Http['open']>;

interface Setting {
	file: UrlFile;
	clock: HeldClock;
	stop: Stop;
	bodies: Readable[];
	asked: string[];
}

/** A file whose host answers as told; a signal that is aborted breaks the body, as n8n's helper does. */
function fileOf(answer: (...ask: Ask) => Answer): Setting {
	const clock = new HeldClock();
	const stop = new Stop(clock);
	const bodies: Readable[] = [];
	const asked: string[] = [];
	const http = {
		open: async (...[url, limits]: Ask) => {
			asked.push(url);
			const reply = await Promise.resolve(answer(url, limits));
			if (reply.status !== undefined) {
				bodies.push(reply.body);
				limits.signal.addEventListener('abort', () => reply.body.destroy(new Error('aborted')));
			}
			return reply;
		},
	};
	return { file: new UrlFile(ADDRESS, { http, clock, stop }), clock, stop, bodies, asked };
}

const ok = (body: Readable, headers: Record<string, unknown> = {}): Answer => ({
	status: 200,
	headers,
	body,
});

/** Begins, and never goes on. */
function stalled(): Readable {
	const body = new Readable({ read: () => {} });
	body.push(smallPng.subarray(0, 12));
	return body;
}

/** A byte now and then, for ever. */
function dripping(clock: () => HeldClock): Readable {
	async function* drip() {
		yield smallPng.subarray(0, 12);
		for (;;) {
			await clock().sleep(10_000);
			yield Buffer.from([0]);
		}
	}
	return Readable.from(drip(), { objectMode: false });
}

const codeOf = async (promise: Promise<unknown>) => {
	try {
		return await promise;
	} catch (error) {
		return error instanceof PicWishError ? error.details.code : error;
	}
};

const head = async ({ file }: Setting) =>
	await file.retried(async () => await readHead(file.open, undefined, file.openAt));
const download = async ({ file }: Setting) =>
	await file.retried(
		async () =>
			await file.download(
				() => {},
				{ mostBytes: 1_000_000, tooLarge: () => new PicWishError(TOO_LARGE) },
				async (body) => (Buffer.isBuffer(body) ? body : await buffer(body)),
			),
	);
const TOO_LARGE = {
	code: 'FILE_TOO_LARGE',
	message: '',
	description: '',
	retryable: false,
} as const;

describe.each([
	['the head', head],
	['the whole file', download],
])('%s of a host', (_name, read) => {
	test('that falls silent is given up after 30 s, three times', async () => {
		const setting = fileOf(() => ok(stalled()));
		const outcome = await setting.clock.until(codeOf(read(setting)));

		expect(outcome).toBe('NETWORK_ERROR');
		expect(setting.asked).toHaveLength(3);
		expect(setting.clock.now()).toBeGreaterThanOrEqual(3 * SILENCE_MS);
		expect(setting.clock.now()).toBeLessThan(3 * SILENCE_MS + 10_000);
		expect(setting.bodies.every(({ destroyed }) => destroyed)).toBe(true);
	});

	test('that drips for ever is given up in the end', async () => {
		const setting: Setting = fileOf(() => ok(dripping(() => setting.clock)));
		const outcome = await setting.clock.until(codeOf(read(setting)));

		expect(outcome).toBe('NETWORK_ERROR');
		expect(setting.clock.now()).toBeLessThan(31 * 60_000);
		expect(setting.bodies.every(({ destroyed }) => destroyed)).toBe(true);
	});

	test('is left at once when the run is stopped', async () => {
		const setting = fileOf(() => ok(stalled()));
		const reading = codeOf(read(setting));
		await setting.clock.pass(1000);
		setting.stop.stop(0);

		expect(await setting.clock.until(reading)).toBe('CANCELED');
		expect(setting.asked).toHaveLength(1);
		expect(setting.clock.now()).toBeLessThan(2000);
	});

	test('that cannot be reached is tried three times', async () => {
		const reply = { status: undefined, reason: 'notDelivered', cause: 'ECONNREFUSED' } as const;
		const setting = fileOf(() => reply);

		expect(await setting.clock.until(codeOf(read(setting)))).toBe('NETWORK_ERROR');
		expect(setting.asked).toHaveLength(3);
	});
});

test('when the head is known, the body is closed', async () => {
	const zeros = Buffer.alloc(65_536);
	async function* endless() {
		yield smallPng;
		for (;;) yield await Promise.resolve(zeros);
	}
	const setting = fileOf(() => ok(Readable.from(endless(), { objectMode: false })));
	const { size } = await head(setting);

	expect(size).toEqual({ width: 20, height: 20 });
	expect(setting.bodies.map(({ destroyed }) => destroyed)).toEqual([true]);
});

test('bytes come together from ranges of any size that the host likes to give', async () => {
	const whole = Buffer.from(Array.from({ length: 200_000 }, (_, index) => index % 251));
	for (const most of [1000, 65_536, 100_000]) {
		const setting = fileOf((_url, { range: [first, last] = [0, 0] }) => {
			const end = Math.min(last, first + most - 1, whole.length - 1);
			return {
				status: 206,
				headers: { 'content-range': `bytes ${first}-${end}/${whole.length}` },
				body: Readable.from([whole.subarray(first, end + 1)], { objectMode: false }),
			};
		});
		const bytes: Uint8Array[] = [];
		for await (const chunk of await setting.file.open()) bytes.push(chunk);

		expect(Buffer.concat(bytes).equals(whole)).toBe(true);
	}
});

test('a range that breaks is followed by the whole file, and no byte comes twice', async () => {
	const whole = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251));
	const setting = fileOf((_url, { range }) => {
		if (!range) return ok(Readable.from([whole], { objectMode: false }));
		async function* broken() {
			yield whole.subarray(0, 30_000);
			await Promise.reject(new Error('reset'));
		}
		const headers = { 'content-range': `bytes 0-65535/${whole.length}` };
		return { status: 206, headers, body: Readable.from(broken(), { objectMode: false }) };
	});
	const bytes: Uint8Array[] = [];
	for await (const chunk of await setting.file.open()) bytes.push(chunk);

	expect(Buffer.concat(bytes).equals(whole)).toBe(true);
	expect(setting.asked).toHaveLength(2);
});
