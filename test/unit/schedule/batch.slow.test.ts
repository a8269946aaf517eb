import { Account } from '../../../nodes/PicWish/schedule/account';
import { clocks, type LateTimers } from './clocks';
import { HeldClock } from './heldClock';
import { runBatch, seededRandom } from './runBatch';
import { SimulatedApi } from './simulatedApi';

/** Tasks of so many seconds ± 30 %, against a limit of two requests a second. */
function service(seconds: number, limit = 2, seed = 1, arrivesLater = false, late?: LateTimers) {
	const random = seededRandom(seed);
	const clock = new HeldClock(late?.(random));
	const processingMs = () => seconds * 1000 * (0.7 + 0.6 * random());
	const arrivesAfterMs = () => (arrivesLater ? 3 + 15 * random() ** 3 : 0);
	const api = new SimulatedApi(clock, { limit, processingMs, latencyMs: 20, arrivesAfterMs });
	return { clock, api, random };
}

const QPS = 2;
/** Refused requests that may go into finding out whether polls count. */
const LEARNING = 3;
const refused = (api: SimulatedApi) => api.count('create', 429) + api.count('poll', 429);

describe.each(clocks)('a batch of 100 at two requests a second, timers %s', (timers, late) => {
	// Late requests are refused now and then, and a standstill takes its time.
	const isPunctual = timers === 'punctual';
	const LATE = 1.3;
	const inTime = (most: number) => (isPunctual ? most : Math.max(most, LATE));
	const expectFewRefused = (api: SimulatedApi) => {
		expect(refused(api)).toBeLessThanOrEqual(isPunctual ? LEARNING : 25);
	};
	const serviceOf = (seconds: number) => service(seconds, QPS, 1, false, late);

	it.each([1, 3, 6, 10])('async, tasks of %p s', async (seconds) => {
		const { clock, api } = serviceOf(seconds);
		const account = new Account(clock);
		const makespan = await clock.until(runBatch(api, clock, { count: 100, account }));
		const bound = 1000 * Math.max(199 / QPS, 100 / QPS + seconds);
		expect(makespan / bound).toBeLessThanOrEqual(inTime(1.07));
		expect(api.requests.length / 100).toBeLessThanOrEqual(isPunctual ? 2.1 : 2.4);
		expect(api.count('create')).toBe(100);
		expectFewRefused(api);
	});

	// Longer than a batch takes to be created: the first one is waited for before anything is learned.
	it.each([
		[30, 1.1],
		[60, 1.3],
	])('async, tasks of %p s', async (seconds, most) => {
		const { clock, api } = serviceOf(seconds);
		const account = new Account(clock);
		const makespan = await clock.until(runBatch(api, clock, { count: 100, account }));
		const bound = 1000 * Math.max(199 / QPS, 100 / QPS + seconds);
		expect(makespan / bound).toBeLessThanOrEqual(inTime(most));
		expectFewRefused(api);
	});

	it.each([1, 3, 6, 10])('sync, tasks of %p s', async (seconds) => {
		const { clock, api } = serviceOf(seconds);
		const account = new Account(clock);
		const makespan = await clock.until(runBatch(api, clock, { count: 100, sync: true, account }));
		expect(makespan / (1000 * (99 / QPS + seconds))).toBeLessThanOrEqual(inTime(1.07));
		expect(api.requests.length - refused(api)).toBe(100);
		expectFewRefused(api);
	});

	it('two workflows with one key are as fast as one with all images', async () => {
		const { clock, api } = serviceOf(3);
		const account = new Account(clock);
		const both = [50, 50].map(async (count) => await runBatch(api, clock, { count, account }));
		const makespan = Math.max(...(await clock.until(Promise.all(both))));
		expect(makespan / (1000 * (199 / QPS))).toBeLessThanOrEqual(inTime(1.07));
		expectFewRefused(api);
	});

	it('a limit set too high is found out', async () => {
		const { clock, api } = serviceOf(3);
		const account = new Account(clock);
		const makespan = await clock.until(
			runBatch(api, clock, { count: 100, account, requestsPerSecond: 10 }),
		);
		expect(makespan / (1000 * (199 / QPS))).toBeLessThanOrEqual(isPunctual ? 1.35 : 1.5);
		expect(api.count('create')).toBe(100);
	});
});

describe('several processes with one key, on a held clock', () => {
	/** Batches of `count` images, each in a process of its own, the second begun so much later. */
	async function share(count: number, processes: string[], laterMs: number, seed: number) {
		const { clock, api, random } = service(3, QPS, seed, true);
		const batches = processes.map(async (process, index) => {
			await clock.sleep(index * laterMs + 500 * random());
			const account = new Account(clock, random);
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
			/** The smallest part that one has of the first `of` requests after `from`; 1 = a fair one. */
			smallestShare: (of: number, from = 0) => {
				const first = accepted.filter(({ at }) => at >= from).slice(0, of);
				const partOf = (name: string) => first.filter(({ process }) => process === name).length;
				return Math.min(...processes.map(partOf)) / (of / processes.length);
			},
		};
	}

	const seeds = Array.from({ length: 20 }, (_, index) => index + 1);

	it.each(seeds)('two share it fairly from the beginning (seed %p)', async (seed) => {
		const { ratio, refusedPerImage, smallestShare } = await share(60, ['a', 'b'], 0, seed);
		expect(smallestShare(120)).toBeGreaterThan(0.9);
		expect(refusedPerImage).toBeLessThan(1);
		expect(ratio).toBeLessThanOrEqual(1.3);
	});

	// Alone, the first leaves hardly a moment between its requests for the second to come in.
	it.each(seeds)('one that comes later gets its share, too (seed %p)', async (seed) => {
		const { ratio, smallestShare } = await share(100, ['a', 'b'], 15_000, seed);
		expect(smallestShare(80, 45_000)).toBeGreaterThan(0.9);
		expect(ratio).toBeLessThanOrEqual(1.3);
	});

	it.each(seeds)('three (seed %p)', async (seed) => {
		const { ratio, smallestShare } = await share(40, ['a', 'b', 'c'], 0, seed);
		expect(smallestShare(180)).toBeGreaterThan(0.65);
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
