/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { setTimeout as wait } from 'node:timers/promises';
import { startEngine, type Engine } from '../engine/engine';
import type { ProcessingTimes } from '../sandbox/tasks';
import { testRows } from './rowTests';
import { errorOf } from './itemError';
import { expectKeyKept } from './seen';
import { pictureItem, runOptions, startFaultySandbox } from './trial';

/** The sandbox refuses nothing; the runs share the node's own budget. */
const REQUESTS_PER_SECOND = 8;
/** While the node learns whether polls count against the limit. */
const MOST_REFUSED = 3;
/** Of the large run, when the small one starts. */
const CREATES_BEFORE = 16;
/**
 * Requests that may leave between the small run's start and its create: ten seconds of them, as n8n on
 * a busy machine may need. With a plain queue, it would be the rest of the large run, twice as many.
 */
const MOST_BEFORE_CREATE = 80;
/** After its task finishes: for the next poll and the download. */
const MOST_AFTER_DONE_S = 10;

const objects = {
	operation: 'removeObjects',
	rectangles: { rectangle: [{ x: 10, y: 10, width: 200, height: 200 }] },
};

interface SharingRow {
	/** Both runs in words. */
	runs: string;
	promise: string;
	processingMs: ProcessingTimes;
	/** Processing time of the small run's task. */
	taskMs: number;
	large: {
		images: number;
		parameters?: Record<string, unknown>;
		options?: Record<string, unknown>;
	};
	small: { parameters?: Record<string, unknown>; options?: Record<string, unknown> };
	seen: string;
}

const SHARE = 'gets its share of requests: its create and its poll come soon';
const SOON = 'its create and its end came soon; the result';

const rows: SharingRow[] = [
	{
		runs: 'one watermark removal (0.2 s) beside 200 object removals (3 s)',
		promise: SHARE,
		processingMs: { removeObjects: 3000, removeWatermark: 200 },
		taskMs: 200,
		large: { images: 200, parameters: objects },
		small: { options: { pollInterval: 1 } },
		seen: SOON,
	},
	{
		runs: 'one image beside 200 of the same kind (0.5 s)',
		promise: SHARE,
		processingMs: 500,
		taskMs: 500,
		large: { images: 200 },
		small: { options: { pollInterval: 1 } },
		seen: SOON,
	},
	{
		runs: 'one watermark removal with a Max Wait of 18 s beside 200 with 300 s (2 s each)',
		promise: 'its Max Wait starts with its create; the longer one does not delay it',
		processingMs: 2000,
		taskMs: 2000,
		large: { images: 200, options: { maxWait: 300 } },
		small: { options: { pollInterval: 1, maxWait: 18 } },
		seen: SOON,
	},
	{
		runs: 'one watermark removal (0.2 s) beside 200 object removals that never finish',
		promise: 'hanging tasks take no more than their share',
		processingMs: { removeObjects: 3_600_000, removeWatermark: 200 },
		taskMs: 200,
		large: { images: 200, parameters: objects, options: { maxWait: 30 } },
		small: { options: { pollInterval: 1 } },
		seen: SOON,
	},
];

let engine: Engine;
const found = new Map<SharingRow, Promise<string>>();

beforeAll(async () => {
	engine = await startEngine({ binaryMode: 'filesystem' });
	for (const row of rows) {
		const text = runBoth(row);
		// Its own test reports a failure; until then, nothing would handle it.
		text.catch(() => {});
		found.set(row, text);
	}
});

afterAll(async () => await engine.close());

async function runBoth({ processingMs, taskMs, large, small }: SharingRow): Promise<string> {
	const sandbox = await startFaultySandbox({ sandbox: { processingMs } });
	try {
		const { images, ...largePlan } = large;
		const items = Array.from({ length: images }, () => pictureItem('large-run.jpg'));
		const creates = () => sandbox.requests.filter(({ kind }) => kind === 'create');
		const common = { requestsPerSecond: REQUESTS_PER_SECOND };
		const one = engine.start(runOptions(sandbox, { ...common, ...largePlan, items }));
		while (creates().length < CREATES_BEFORE) await wait(10);

		const arrivedAt = sandbox.requests.length;
		const smallItems = [pictureItem('small-run.jpg')];
		const run = await engine.run(runOptions(sandbox, { ...common, ...small, items: smallItems }));
		one.cancel();
		const requests = sandbox.requests.slice(arrivedAt).filter(({ port }) => port === 'api');
		await one.finished;

		const names = requests.map(({ files }) => files.file?.fileName ?? files.image_file?.fileName);
		const beforeCreate = names.indexOf('small-run.jpg');
		const { taskId } = requests[beforeCreate] ?? {};
		const ofItsOwn = requests.filter((request) => request.taskId === taskId).length;
		const beforeEnd = requests.length - ofItsOwn;
		expectKeyKept({ run, requests, tasks: sandbox.tasks });
		const mostBeforeEnd =
			MOST_BEFORE_CREATE + REQUESTS_PER_SECOND * (taskMs / 1000 + MOST_AFTER_DONE_S);
		const [item] = run.outputs[0] ?? [];
		const outcome = item?.binary?.data
			? 'the result'
			: ((item && errorOf(item)?.code) ?? run.status);
		const isSoon = beforeCreate <= MOST_BEFORE_CREATE && beforeEnd <= mostBeforeEnd;
		return isSoon
			? `its create and its end came soon; ${outcome}`
			: `${beforeCreate} other requests before its create, ${beforeEnd} before its end; ${outcome}`;
	} finally {
		await sandbox.close();
	}
}

testRows('runs', {
	title: 'A small run and a large run on one key',
	rows,
	observe: async (row) => await found.get(row),
	note: `At ${REQUESTS_PER_SECOND} requests per second. “Soon”: at most ${MOST_BEFORE_CREATE} requests of the large run before the small run’s create, and after it no more than leave in its task’s processing time plus ${MOST_AFTER_DONE_S} s.`,
	timeoutMs: 90_000,
});

test('of two credentials with one key, the lower limit holds while both are in use', async () => {
	const sandbox = await startFaultySandbox({ sandbox: { requestsPerSecond: 5 } });
	try {
		const items = Array.from({ length: 24 }, () => pictureItem());
		const right = engine.start(runOptions(sandbox, { items, requestsPerSecond: 5 }));
		while (sandbox.tasks.length < 2) await wait(10);
		const tooHigh = engine.start(
			runOptions(sandbox, { items: items.slice(0, 8), requestsPerSecond: 50 }),
		);
		const runs = await Promise.all([right.finished, tooHigh.finished]);

		expect(runs.map(({ status }) => status)).toEqual(['success', 'success']);
		const refused = sandbox.requests.filter(({ status }) => status === 429);
		expect(refused.length).toBeLessThanOrEqual(MOST_REFUSED);
	} finally {
		await sandbox.close();
	}
}, 60_000);
