import { Account, accountFor } from '../../../nodes/PicWish/schedule/account';
import { HeldClock } from './heldClock';
import { runBatch, seededRandom } from './runBatch';
import { SimulatedApi } from './simulatedApi';

/** Tasks of so many seconds ± 30 %, against a limit of two requests a second. */
function service(seconds: number, limit = 2, seed = 1) {
	const random = seededRandom(seed);
	const clock = new HeldClock();
	const processingMs = () => seconds * 1000 * (0.7 + 0.6 * random());
	const api = new SimulatedApi(clock, { limit, processingMs, latencyMs: 20 });
	return { clock, api };
}

const QPS = 2;
const refused = (api: SimulatedApi) => api.count('create', 429) + api.count('poll', 429);

describe('a batch of 100 at two requests a second, on a held clock', () => {
	it.each([1, 3, 6, 10])('async, tasks of %p s', async (seconds) => {
		const { clock, api } = service(seconds);
		const account = new Account(clock, QPS);
		const makespan = await clock.until(runBatch(api, clock, { count: 100, account }));
		const bound = 1000 * Math.max(199 / QPS, 100 / QPS + seconds);
		expect(makespan / bound).toBeLessThanOrEqual(1.07);
		expect(api.requests.length / 100).toBeLessThanOrEqual(2.1);
		expect(api.count('create')).toBe(100);
		expect(refused(api)).toBe(0);
	});

	// Longer than a batch takes to be created: the first one is waited for before anything is learned.
	it.each([
		[30, 1.1],
		[60, 1.3],
	])('async, tasks of %p s', async (seconds, most) => {
		const { clock, api } = service(seconds);
		const account = new Account(clock, QPS);
		const makespan = await clock.until(runBatch(api, clock, { count: 100, account }));
		const bound = 1000 * Math.max(199 / QPS, 100 / QPS + seconds);
		expect(makespan / bound).toBeLessThanOrEqual(most);
		expect(refused(api)).toBe(0);
	});

	it.each([1, 3, 6, 10])('sync, tasks of %p s', async (seconds) => {
		const { clock, api } = service(seconds);
		const account = new Account(clock, QPS);
		const makespan = await clock.until(runBatch(api, clock, { count: 100, sync: true, account }));
		expect(makespan / (1000 * (99 / QPS + seconds))).toBeLessThanOrEqual(1.07);
		expect(api.requests.length).toBe(100);
		expect(refused(api)).toBe(0);
	});

	it('two workflows with one key are as fast as one with all images', async () => {
		const { clock, api } = service(3);
		const account = new Account(clock, QPS);
		const both = [50, 50].map(async (count) => await runBatch(api, clock, { count, account }));
		const makespan = Math.max(...(await clock.until(Promise.all(both))));
		expect(makespan / (1000 * (199 / QPS))).toBeLessThanOrEqual(1.07);
		expect(refused(api)).toBe(0);
	});

	it.each([1, 2, 3])('three processes with one key share it (seed %p)', async (seed) => {
		const { clock, api } = service(3, QPS, seed);
		const each = [1, 2, 3].map(
			async () => await runBatch(api, clock, { count: 40, account: new Account(clock, QPS) }),
		);
		const makespan = Math.max(...(await clock.until(Promise.all(each))));
		expect(makespan / (1000 * (239 / QPS))).toBeLessThanOrEqual(1.35);
		expect(api.count('create')).toBe(120);
	});

	it('a limit set too high is found out', async () => {
		const { clock, api } = service(3);
		const account = new Account(clock, 10);
		const makespan = await clock.until(runBatch(api, clock, { count: 100, account }));
		expect(makespan / (1000 * (199 / QPS))).toBeLessThanOrEqual(1.35);
		expect(api.count('create')).toBe(100);
	});
});

describe('requests', () => {
	it('never ask for one task twice within a second', async () => {
		const { clock, api } = service(4);
		await clock.until(runBatch(api, clock, { count: 30, account: new Account(clock, 2) }));
		const lastAsked = new Map<string, number>();
		for (const { kind, taskId = '', at } of api.requests) {
			if (kind !== 'poll') continue;
			expect(at - (lastAsked.get(taskId) ?? -Infinity)).toBeGreaterThanOrEqual(1000);
			lastAsked.set(taskId, at);
		}
	});

	it('ask only for the oldest while nothing is learned', async () => {
		const { clock, api } = service(10);
		await clock.until(runBatch(api, clock, { count: 30, account: new Account(clock, 2) }));
		const early = api.requests.filter(({ kind, at }) => kind === 'poll' && at < 7000);
		expect(early.length).toBeGreaterThan(1);
		expect(new Set(early.map(({ taskId }) => taskId))).toEqual(new Set(['task-0']));
	});

	it('of a single image come every interval until it is done', async () => {
		const { clock, api } = service(4.5);
		await clock.until(runBatch(api, clock, { count: 1, account: new Account(clock, 2) }));
		const gaps = api.requests.map(({ at }, index) => at - (api.requests[index - 1]?.at ?? at));
		for (const gap of gaps.slice(1)) expect(gap).toBeLessThanOrEqual(1100);
	});

	it('do not pile up more tasks than the budget can fetch', async () => {
		const { clock, api } = service(3);
		await clock.until(runBatch(api, clock, { count: 100, account: new Account(clock, 2) }));
		expect(api.inProgressAtMost).toBeLessThanOrEqual(10);
	});
});

describe('accounts', () => {
	it('are shared by key and host, and forgotten when idle', async () => {
		const clock = new HeldClock();
		const one = accountFor('a', 2, clock);
		expect(accountFor('a', 2, clock)).toBe(one);
		expect(accountFor('b', 2, clock)).not.toBe(one);
		await clock.pass(11 * 60 * 1000);
		expect(accountFor('a', 2, clock)).not.toBe(one);
	});

	it('are kept while a task is on its way', async () => {
		const clock = new HeldClock();
		const one = accountFor('c', 2, clock);
		one.begin({ kind: 'k', createdAt: 0, asks: 0, pollIntervalMs: 1000, deadline: Infinity });
		await clock.pass(11 * 60 * 1000);
		expect(accountFor('c', 2, clock)).toBe(one);
	});
});
