/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { PicWishClient } from '../../nodes/PicWish/api/client';
import { downloadResult, storeDecoded, type Store } from '../../nodes/PicWish/api/download';
import { PicWishError } from '../../nodes/PicWish/errors';
import type { Http } from '../../nodes/PicWish/api/http';
import type { Rectangle } from '../../nodes/PicWish/api/order';
import { failedHint, toErrorItem, toNodeError } from '../../nodes/PicWish/errorOutput';
import { asRectangles } from '../../nodes/PicWish/area/pixels';
import { readRectangles } from '../../nodes/PicWish/area/rectangles';
import { Account } from '../../nodes/PicWish/schedule/account';
import { Stop } from '../../nodes/PicWish/schedule/stop';
import { startNode } from '../engine/workflowNodes';
import { HeldClock } from '../unit/schedule/heldClock';
import { bodies, headers, statuses } from './arbitraryAnswers';
import { checkSection } from './document';
import { errorOf } from './itemError';
import { picture } from './trial';

const SEED = 4;
const MAX_WAIT_MS = 5000;
/** A download may take another minute, and a silent one 30 s more. */
const DOWNLOAD_MS = 91_000;
/** More than a minute of retries with backoff can make, including redirects. */
const MOST_REQUESTS = 100;
const URLS = ['http://127.0.0.1/a.jpg', 'https://results.example/b.png?c=%2B', 'ftp://c', 'aGk='];

const noReply = fc.record({
	status: fc.constant(undefined),
	reason: fc.constantFrom('notDelivered' as const, 'lost' as const),
	cause: fc.constantFrom('ECONNREFUSED', 'ECONNRESET', 'UNKNOWN'),
});
const apiReply = fc.oneof(
	{ weight: 1, arbitrary: noReply },
	{
		weight: 12,
		arbitrary: fc.record({ status: statuses, headers: headers('k'), body: bodies('k', URLS) }),
	},
);
const pictureReply = fc.oneof(
	{ weight: 1, arbitrary: noReply },
	{
		weight: 5,
		arbitrary: fc.record({
			status: statuses,
			headers: headers('k'),
			body: fc.oneof(fc.constant(picture), fc.string().map(Buffer.from)),
		}),
	},
);
/** The responses of the API and the result host to one image; each list repeats. */
const story = fc.record({
	api: fc.array(apiReply, { minLength: 1, maxLength: 8 }),
	results: fc.array(pictureReply, { minLength: 1, maxLength: 4 }),
	sync: fc.boolean(),
});
type Story = typeof story extends fc.Arbitrary<infer T> ? T : never;

/** The node's steps without n8n: submit, wait, download. */
async function removeWatermark({ api, results, sync }: Story, clock: HeldClock) {
	let asked = 0;
	let fetched = 0;
	const http: Http = {
		api: async () => {
			const reply = api[asked++ % api.length];
			if (!reply || asked > MOST_REQUESTS) throw new Error('Too many requests to the API');
			return reply;
		},
		open: async () => {
			const reply = results[fetched++ % results.length];
			if (!reply || fetched > MOST_REQUESTS)
				throw new Error('Too many requests to the result host');
			if (reply.status === undefined) return reply;
			return { ...reply, body: Readable.from([reply.body]) };
		},
	};
	const stop = new Stop(clock);
	const client = new PicWishClient(http, new Account(clock), stop, 10);
	const task = client.task('removeWatermark', 0, { pollIntervalMs: 1000, maxWaitMs: MAX_WAIT_MS });
	const image = 'https://example.com/a.jpg';
	const order = { image, sync, base64: false };
	const { taskId, report } = await client.submit(order, task);
	const done = report?.status === 'completed' ? report : await client.waitFor(task);
	const { result } = done;
	if (!result) throw new Error('A finished task must have a result');
	const store: Store<unknown> = async (body) => Buffer.isBuffer(body) || (await buffer(body));
	if (result.url === undefined) return await storeDecoded(result.base64, store, taskId);
	return await downloadResult(result.url, store, {
		http,
		clock,
		stop,
		task,
		httpsOnly: false,
		taskId,
		renewUrl: async () => (await client.poll(task)).result?.url ?? result.url,
	});
}

const rows: Array<[fault: string, promise: string, seen: string]> = [];

test('arbitrary responses to creates, queries and downloads', async () => {
	const outcomes = new Set<string>();
	const paid = { taskIds: ['a-task'], uncertain: 0 };
	await fc.assert(
		fc.asyncProperty(story, async (responses) => {
			const clock = new HeldClock();
			const outcome = await clock.until(
				removeWatermark(responses, clock).catch((error: unknown) => error),
			);
			expect(clock.now()).toBeLessThanOrEqual(MAX_WAIT_MS + 1000 + DOWNLOAD_MS);
			if (!(outcome instanceof Error)) return void outcomes.add('a result');
			if (!(outcome instanceof PicWishError)) throw outcome;
			outcomes.add(outcome.details.code);
			expect(errorOf(toErrorItem(outcome, 0))).toBeDefined();
			expect(toNodeError(startNode, outcome, 0, paid).description).toContain('a-task');
			expect(failedHint([{ error: outcome, itemIndex: 0 }], 1)).not.toContain('\n');
		}),
		{ numRuns: 3000, seed: SEED },
	);
	// Unless every outcome occurs, the test proves little.
	expect([...outcomes].sort()).toEqual([
		'FILE_TOO_LARGE',
		'INVALID_INPUT',
		'INVALID_RESPONSE',
		'NETWORK_ERROR',
		'NOT_FOUND',
		'RATE_LIMITED',
		'RESULT_EXPIRED',
		'RESULT_INVALID',
		'SERVER_ERROR',
		'TASK_FAILED',
		'TIMEOUT',
		'UNAUTHORIZED',
		'a result',
	]);
	rows.push([
		'3,000 arbitrary sequences of statuses, headers and bodies from the API and the result host',
		'only the node’s own errors; nothing outlasts Max Wait, except a download by up to a minute and a half',
		`each a result or a complete error: ${[...outcomes].sort().join(', ')}`,
	]);
}, 60_000);

const size = { width: 640, height: 480 };
const side = fc.oneof(
	{ weight: 12, arbitrary: fc.double({ min: 1, max: 90, noNaN: true }) },
	{ weight: 12, arbitrary: fc.integer({ min: 0, max: 400 }).map(String) },
	fc.integer({ min: -10, max: 700 }),
	fc.double(),
	fc.jsonValue({ maxDepth: 1 }),
);
const whole = fc.record({ x: side, y: side, width: side, height: side });
const partial = fc.record({ x: side, y: side, width: side, height: side }, { requiredKeys: [] });
const rectangleLists = fc.oneof(
	fc.array(whole, { minLength: 1, maxLength: 3 }),
	fc.array(fc.oneof({ weight: 9, arbitrary: whole }, partial, fc.jsonValue()), { maxLength: 52 }),
	whole,
	fc.jsonValue(),
);

/** The rectangles read, or the error thrown. */
function accepted(read: () => Rectangle[] | undefined): unknown {
	try {
		return read();
	} catch (error) {
		return error;
	}
}

test('arbitrary rectangle lists', () => {
	let sent = 0;
	let refused = 0;
	const check = (inPercent: boolean) =>
		fc.property(rectangleLists, fc.boolean(), (given, asText) => {
			const outcome = accepted(() => {
				const unit = inPercent ? ('percent' as const) : ('pixels' as const);
				const settings = { unit, measuredFrom: 'topLeft' as const, field: 'Rectangles' };
				const { shapes } = readRectangles(asText ? JSON.stringify(given) : given, settings, size);
				return asRectangles(shapes, size, 0) ?? [];
			});
			if (!Array.isArray(outcome)) {
				expect(outcome).toBeInstanceOf(PicWishError);
				expect(outcome).toMatchObject({ details: { code: 'INVALID_INPUT' } });
				return void refused++;
			}
			for (const { x, y, width, height } of outcome) {
				expect([x, y, width, height].every(Number.isInteger)).toBe(true);
				expect(x >= 0 && y >= 0 && width > 0 && height > 0).toBe(true);
				expect(x + width <= size.width && y + height <= size.height).toBe(true);
			}
			sent++;
		});
	fc.assert(check(false), { numRuns: 2000, seed: SEED });
	fc.assert(check(true), { numRuns: 2000, seed: SEED });
	// If nearly all were of one kind, the test would prove little.
	expect(Math.min(sent, refused)).toBeGreaterThan(800);
	rows.push([
		'4,000 arbitrary rectangle lists, in pixels and percent',
		'only rectangles in whole pixels inside the image are sent',
		`${sent} accepted, ${refused} INVALID_INPUT`,
	]);
});

test('docs/reliability.md matches what was observed', () => {
	expect(rows).toHaveLength(2);
	checkSection(
		'Arbitrary responses',
		rows,
		'The client alone, with canned responses, on a clock that jumps from timer to timer.',
	);
});
