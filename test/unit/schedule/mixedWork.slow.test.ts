import type { TaskType } from '../../../nodes/PicWish/api/tasks';
import { Account, accountFor } from '../../../nodes/PicWish/schedule/account';
import { clocks, type LateTimers } from './clocks';
import { HeldClock } from './heldClock';
import { runBatch, seededRandom } from './runBatch';
import { SimulatedApi } from './simulatedApi';

type Duration = (n: number, random: () => number, type: TaskType) => number;

const seconds =
	(mean: number): Duration =>
	(_, random) =>
		mean * 1000 * (0.7 + 0.6 * random());

interface Service {
	duration: Duration;
	limit?: number;
	counts?: 'all' | 'creates';
	seed?: number;
	clock?: LateTimers;
}

/** A simulated service, and an account whose credential knows its limit. */
function service({ duration, limit = 2, counts, seed = 1, clock: late }: Service) {
	const random = seededRandom(seed);
	const clock = new HeldClock(late?.(random));
	const durations: number[] = [];
	const processingMs = (n: number, path: string) => {
		const type = path.includes('watermark') ? 'removeWatermark' : 'removeObjects';
		return (durations[n] = duration(n, random, type));
	};
	const api = new SimulatedApi(clock, { limit, counts, processingMs, latencyMs: 20 });
	return { clock, api, durations, account: new Account(clock, random), random };
}

/** What no schedule can beat: all requests at the limit, and each create at it with its task after. */
function boundMs(durations: number[], limit: number): number {
	const requests = (1000 * (2 * durations.length - 1)) / limit;
	return Math.max(requests, ...durations.map((ms, n) => (1000 * n) / limit + ms));
}

const refusals = ({ requests }: SimulatedApi) => requests.filter(({ status }) => status === 429);

describe.each(clocks)('a batch of 100, timers %s', (name, clock) => {
	// A process that stands still now and then cannot keep to a bound that knows nothing of it.
	const most = name === 'punctual' ? 1.15 : 1.3;

	it.each<[string, Duration]>([
		['±30 % around 1 s', seconds(1)],
		['±30 % around 20 s', seconds(20)],
		['±30 % around 60 s', seconds(60)],
		[
			'one in twenty takes 120 s',
			(n, random) => (n % 20 === 7 ? 120_000 : seconds(3)(n, random, 'removeObjects')),
		],
		['double half-way', (n, random, type) => seconds(n < 50 ? 6 : 12)(n, random, type)],
		['double half-way, long', (n, random, type) => seconds(n < 50 ? 20 : 40)(n, random, type)],
		[
			'log-normal',
			(_, random) =>
				5000 * Math.exp(Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())),
		],
		['two kinds', (n, random, type) => seconds(type === 'removeObjects' ? 20 : 1)(n, random, type)],
	])('%s', async (_, duration) => {
		for (const seed of [1, 2, 3]) {
			const { clock: held, api, account, durations } = service({ duration, clock, seed });
			const taskType = (n: number): TaskType => (n % 2 ? 'removeWatermark' : 'removeObjects');
			const makespan = await held.until(runBatch(api, held, { count: 100, account, taskType }));
			expect(makespan / boundMs(durations, 2)).toBeLessThanOrEqual(most);
			expect(api.count('create')).toBe(100);
		}
	});
});

it.each(['all', 'creates'] as const)(
	'spends at most 2.25 requests per image while creates wait, where the limit counts %s',
	async (counts) => {
		for (const mean of [1, 10, 40]) {
			const { clock, api, account } = service({ duration: seconds(mean), counts });
			await clock.until(runBatch(api, clock, { count: 400, account }));
			const lastCreate = api.requests.findLastIndex(({ kind }) => kind === 'create');
			const polled = api.requests.slice(0, lastCreate).filter(({ kind }) => kind === 'poll').length;
			expect(1 + polled / api.count('create')).toBeLessThanOrEqual(2.25);
		}
	},
);

describe('a small run beside a large one', () => {
	it.each([
		[6, 10, 400, 300],
		[30, 10, 400, 300],
		[10, 2, 1000, 300],
		[10, 2, 1000, 20],
		[3, 2, 400, 300],
	])(
		'tasks of %p s, %p requests a second, %p images: one with Max Wait %[3]p s gets its turn',
		async (mean, limit, count, maxWaitS) => {
			const duration: Duration = (n, random, type) =>
				type === 'removeWatermark' ? 500 : seconds(mean)(n, random, type);
			const { clock, api, account } = service({ duration, limit });
			const taskType = () => 'removeObjects' as const;
			const requestsPerSecond = limit;
			const large = runBatch(api, clock, { count, account, requestsPerSecond, taskType });
			const patience = { pollIntervalMs: 1000, maxWaitMs: maxWaitS * 1000 };
			const small = async (atMs: number) => {
				await clock.sleep(atMs);
				const failed: unknown[] = [];
				const onDone = (_: number, error?: unknown) => void (error && failed.push(error));
				const alone = { count: 1, account, requestsPerSecond, patience, onDone };
				const tookMs = await runBatch(api, clock, alone);
				expect(failed).toEqual([]);
				// Two slots of its own and the poll interval.
				expect(tookMs).toBeLessThanOrEqual(3 * (1000 + 2 * (1000 / limit)));
			};
			const all = Promise.all([large, small(100), small(20_000), small(70_000)]);
			await clock.until(all);
		},
	);

	it('two of the same size share the requests by halves, whatever their tasks take', async () => {
		const duration: Duration = (n, random, type) =>
			seconds(type === 'removeWatermark' ? 1 : 40)(n, random, type);
		const { clock, api, account } = service({ duration, limit: 10 });
		const runs = (['removeWatermark', 'removeObjects'] as const).map(async (type) => {
			const order = { count: 300, account, requestsPerSecond: 10, process: type };
			return await runBatch(api, clock, { ...order, taskType: () => type });
		});
		await clock.until(Promise.all(runs));
		const first = api.requests.slice(0, 200).filter(({ process }) => process === 'removeObjects');
		expect(first.length).toBeGreaterThan(90);
		expect(first.length).toBeLessThan(110);
	});
});

describe('never idle while a task might be done', () => {
	it.each([7, 140])('Get Result of ten tasks that are done after %p s', async (doneAfterS) => {
		const { clock, api, account } = service({ duration: seconds(1) });
		const taskIds = Array.from({ length: 10 }, (_, index) => `task-${index}`);
		taskIds.forEach((id) => api.addTask(id, doneAfterS * 1000));
		const makespan = await clock.until(runBatch(api, clock, { count: 10, account, taskIds }));
		expect(makespan / 1000 - doneAfterS).toBeLessThanOrEqual(6);
	});

	it('three images of 3 s after a batch of 60 s tasks', async () => {
		let mean = 60;
		const duration: Duration = (n, random, type) => seconds(mean)(n, random, type);
		const { clock, api, account } = service({ duration });
		await clock.until(runBatch(api, clock, { count: 30, account }));
		mean = 3;
		const makespan = await clock.until(runBatch(api, clock, { count: 3, account }));
		expect(makespan).toBeLessThanOrEqual(6000);
	});

	it('asks for each task once per poll interval at most', async () => {
		const { clock, api, account } = service({ duration: seconds(30), limit: 100 });
		const patience = { pollIntervalMs: 4000, maxWaitMs: 300_000 };
		const requestsPerSecond = 100;
		const settings = { count: 5, account, patience, requestsPerSecond };
		await clock.until(runBatch(api, clock, settings));
		for (const id of new Set(api.requests.map(({ taskId }) => taskId))) {
			const polls = api.requests.filter(({ taskId, kind }) => taskId === id && kind === 'poll');
			const gaps = polls.slice(1).map(({ at }, index) => at - polls[index]!.at);
			expect(Math.min(...gaps)).toBeGreaterThanOrEqual(4000);
			expect(Math.max(...gaps)).toBeLessThanOrEqual(4300);
		}
	});
});

it('a poll that was refused was no look: the next comes as soon as the limit allows', async () => {
	const clock = new HeldClock();
	let left = 3;
	const refuses = (kind: string) => kind === 'poll' && left-- > 0;
	const api = new SimulatedApi(clock, { limit: 10, processingMs: () => 500, refuses });
	const patience = { pollIntervalMs: 8000, maxWaitMs: 300_000 };
	const settings = { count: 1, account: new Account(clock), patience, requestsPerSecond: 10 };
	const makespan = await clock.until(runBatch(api, clock, settings));
	// The first at the poll interval, then one soon after the other, and not one interval later.
	expect(makespan).toBeLessThan(8000 + 3 * 1000);
	expect(api.count('poll', 429)).toBe(3);
});

describe('the end of Max Wait', () => {
	it.each([5900, 6300])(
		'one look is taken then (poll interval 4 s, done after %p ms)',
		async (ms) => {
			const { clock, api, account } = service({ duration: () => ms });
			const patience = { pollIntervalMs: 4000, maxWaitMs: 6000 };
			const failed: unknown[] = [];
			const onDone = (_: number, error?: unknown) => void (error && failed.push(error));
			await clock.until(runBatch(api, clock, { count: 1, account, patience, onDone }));
			expect(failed).toHaveLength(ms > 6000 ? 1 : 0);
			const polls = api.requests.filter(({ kind }) => kind === 'poll').map(({ at }) => at);
			expect(polls).toEqual([expect.closeTo(4020, -2), expect.closeTo(6000, -2)]);
		},
	);

	it('finished tasks are fetched, also when the process stood still beyond it', async () => {
		const { clock, api, account } = service({ duration: () => 3000 });
		const patience = { pollIntervalMs: 1000, maxWaitMs: 12_000 };
		const outcomes: unknown[] = [];
		const onDone = (_: number, error?: unknown) => void outcomes.push(error ?? 'done');
		const run = runBatch(api, clock, { count: 10, account, patience, onDone });
		await clock.pass(5200);
		clock.standStill(27_000);
		await clock.until(run);
		expect(outcomes).toEqual(Array.from({ length: 10 }, () => 'done'));
	});
});

describe('whether polls count against the limit', () => {
	it.each([
		[2, 3],
		[2, 10],
		[5, 3],
		[10, 3],
	])('where they do not, a batch at %p/s, tasks of %p s, takes N/q + T', async (limit, mean) => {
		const { clock, api, account } = service({ duration: seconds(mean), limit, counts: 'creates' });
		const settings = { count: 100, account, requestsPerSecond: limit };
		const makespan = await clock.until(runBatch(api, clock, settings));
		expect(makespan / 1000 / (100 / limit + mean)).toBeLessThanOrEqual(1.1);
		expect(refusals(api)).toHaveLength(0);
	});

	it.each([
		[2, 2],
		[2, 2.5],
		[2, 3],
		[2, 4],
		[10, 10],
		[10, 15],
	])('where they do, it costs three refusals at most (%p/s, really %p/s)', async (told, limit) => {
		const { clock, api, account } = service({ duration: seconds(3), limit });
		const settings = { count: 300, account, requestsPerSecond: told };
		const makespan = await clock.until(runBatch(api, clock, settings));
		expect(makespan / (1000 * (599 / told))).toBeLessThanOrEqual(1.06);
		const refused = refusals(api).length;
		expect(refused).toBeGreaterThan(0);
		expect(refused).toBeLessThanOrEqual(3);
		// What is learned holds for the key.
		await clock.until(runBatch(api, clock, settings));
		expect(refusals(api).length).toBeLessThanOrEqual(3);
	});

	it('a limit that gives way at first and then holds is found out, too', async () => {
		const { clock, api, account } = service({ duration: seconds(3), limit: 6 });
		await clock.until(runBatch(api, clock, { count: 100, account }));
		expect(refusals(api).length).toBeLessThanOrEqual(3);
	});

	it('a single image tries nothing', async () => {
		const { clock, api, account } = service({ duration: seconds(8) });
		await clock.until(runBatch(api, clock, { count: 1, account }));
		expect(refusals(api)).toEqual([]);
	});
});

describe('accounts', () => {
	it('are shared by key and host, and forgotten when idle', async () => {
		const clock = new HeldClock();
		const one = accountFor('a', clock);
		expect(accountFor('a', clock)).toBe(one);
		expect(accountFor('b', clock)).not.toBe(one);
		await clock.pass(9 * 60 * 1000);
		expect(accountFor('a', clock)).toBe(one);
		await clock.pass(11 * 60 * 1000);
		expect(accountFor('a', clock)).not.toBe(one);
	});

	it('are kept while a run is on', async () => {
		const clock = new HeldClock();
		const one = accountFor('c', clock);
		const run = one.startRun(2);
		await clock.pass(11 * 60 * 1000);
		expect(accountFor('c', clock)).toBe(one);
		one.endRun(run);
		await clock.pass(11 * 60 * 1000);
		expect(accountFor('c', clock)).not.toBe(one);
	});
});
