import { Account, accountFor } from '../../../nodes/PicWish/schedule/account';
import { HeldClock } from './heldClock';
import { runBatch, seededRandom } from './runBatch';
import { SimulatedApi } from './simulatedApi';

/** Tasks of so many seconds ± 30 %, against a limit of two requests a second. */
function service(seconds: number, limit = 2, seed = 1, arrivesLater = false) {
	const random = seededRandom(seed);
	const clock = new HeldClock();
	const processingMs = () => seconds * 1000 * (0.7 + 0.6 * random());
	const arrivesAfterMs = () => (arrivesLater ? 3 + 15 * random() ** 3 : 0);
	const api = new SimulatedApi(clock, { limit, processingMs, latencyMs: 20, arrivesAfterMs });
	return { clock, api, random };
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

	it('a limit set too high is found out', async () => {
		const { clock, api } = service(3);
		const account = new Account(clock, 10);
		const makespan = await clock.until(runBatch(api, clock, { count: 100, account }));
		expect(makespan / (1000 * (199 / QPS))).toBeLessThanOrEqual(1.35);
		expect(api.count('create')).toBe(100);
	});
});

describe('several processes with one key, on a held clock', () => {
	/** Batches of `count` images, each in a process of its own, the second begun so much later. */
	async function share(count: number, processes: string[], laterMs: number, seed: number) {
		const { clock, api, random } = service(3, QPS, seed, true);
		const batches = processes.map(async (process, index) => {
			await clock.sleep(index * laterMs + 500 * random());
			const account = new Account(clock, QPS, random);
			return await runBatch(api, clock, { count, account, process });
		});
		await clock.until(Promise.all(batches));
		const created = api.requests.filter(({ kind, status }) => kind === 'create' && status === 200);
		const total = processes.length * count;
		const accepted = api.requests.filter(({ status }) => status === 200);
		const makespan = accepted[accepted.length - 1]!.at - accepted[0]!.at;
		expect(created).toHaveLength(total);
		return {
			ratio: makespan / (1000 * ((2 * total - 1) / QPS)),
			refusedPerImage: refused(api) / total,
			longestUntilFirstMs: Math.max(
				...processes.map((name) => created.find(({ process }) => process === name)!.at),
			),
			/** The smallest part that one has of the first `of` tasks after `from`; 1 = a fair one. */
			smallestShare: (of: number, from = 0) => {
				const first = created.filter(({ at }) => at >= from).slice(0, of);
				const partOf = (name: string) => first.filter(({ process }) => process === name).length;
				return Math.min(...processes.map(partOf)) / (of / processes.length);
			},
		};
	}

	const seeds = Array.from({ length: 20 }, (_, index) => index + 1);

	it.each(seeds)('two share it fairly from the beginning (seed %p)', async (seed) => {
		const { ratio, refusedPerImage, smallestShare } = await share(60, ['a', 'b'], 0, seed);
		expect(smallestShare(60)).toBeGreaterThan(0.75);
		expect(refusedPerImage).toBeLessThan(1);
		expect(ratio).toBeLessThanOrEqual(1.3);
	});

	// Alone, the first leaves hardly a moment between its requests for the second to come in.
	it.each(seeds)('one that comes later gets its share, too (seed %p)', async (seed) => {
		const { ratio, smallestShare } = await share(100, ['a', 'b'], 15_000, seed);
		expect(smallestShare(40, 45_000)).toBeGreaterThan(0.6);
		expect(ratio).toBeLessThanOrEqual(1.3);
	});

	it.each(seeds)('three (seed %p)', async (seed) => {
		const { ratio, smallestShare } = await share(40, ['a', 'b', 'c'], 0, seed);
		expect(smallestShare(90)).toBeGreaterThan(0.5);
		expect(ratio).toBeLessThanOrEqual(1.35);
	});

	it.each(seeds)(
		'ten, far more than the limit is for: none is shut out (seed %p)',
		async (seed) => {
			const { ratio, longestUntilFirstMs } = await share(12, [...'abcdefghij'], 0, seed);
			expect(longestUntilFirstMs).toBeLessThan(60_000);
			expect(ratio).toBeLessThanOrEqual(1.3);
		},
	);
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

	it('that were refused are no looks: the next comes at once', async () => {
		const clock = new HeldClock();
		let left = 8;
		const refuses = (kind: string) => kind === 'poll' && left-- > 0;
		const api = new SimulatedApi(clock, { limit: 2, processingMs: () => 5000, refuses });
		await clock.until(runBatch(api, clock, { count: 30, account: new Account(clock, 2) }));
		const first = api.requests.findIndex(({ kind }) => kind === 'poll');
		const kinds = api.requests.slice(first, first + 17).map(({ kind }) => kind);
		// While creates wait, polls take every second place.
		expect(kinds.join(' ')).toBe(`${'poll create '.repeat(8)}poll`);
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
