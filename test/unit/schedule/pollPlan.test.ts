import {
	nextPollAt,
	observedProcessingMs,
	ProcessingTimes,
	type Circumstances,
	type PolledTask,
} from '../../../nodes/PicWish/schedule/pollPlan';

const fresh: PolledTask = { createdAt: 10_000, asks: 0, pollIntervalMs: 1000, deadline: 310_000 };
const asked = (asks: number, askedAt: number): PolledTask => ({ ...fresh, asks, askedAt });
const plenty: Circumstances = { scarce: false, oldest: true };
const scarce = (probablyDoneAfterMs?: number, oldest = true): Circumstances => ({
	scarce: true,
	oldest,
	probablyDoneAfterMs,
});

describe('when a task is asked for next', () => {
	it.each<[string, PolledTask, Circumstances, number]>([
		['requests to spare: after the interval', fresh, plenty, 11_000],
		['requests to spare: every interval', asked(3, 13_000), plenty, 14_000],
		['a longer interval is kept', { ...fresh, pollIntervalMs: 5000 }, plenty, 15_000],
		[
			'fast tasks: sooner than the interval',
			fresh,
			{ ...plenty, probablyDoneAfterMs: 300 },
			10_300,
		],
		[
			'slow tasks: not later than the interval',
			fresh,
			{ ...plenty, probablyDoneAfterMs: 9000 },
			11_000,
		],
		['scarce, learned: when it is probably done', fresh, scarce(6000), 16_000],
		['scarce, straggler: a little later', asked(1, 16_000), scarce(20_000), 30_000],
		['scarce, late straggler: a tenth later', asked(1, 30_000), scarce(20_000), 32_000],
		['scarce, second time late: later still', asked(2, 32_000), scarce(20_000), 35_000],
		['scarce, nothing learned: the oldest first after the interval', fresh, scarce(), 11_000],
		['scarce, nothing learned: then at growing gaps', asked(2, 12_500), scarce(), 16_500],
		[
			'scarce, nothing learned, not the oldest: last look only',
			fresh,
			scarce(undefined, false),
			309_000,
		],
		[
			'age unknown: at once',
			{ ...fresh, createdAt: -Infinity },
			scarce(undefined, false),
			-Infinity,
		],
	])('%s', (_, task, circumstances, at) => {
		expect(nextPollAt(task, circumstances)).toBeCloseTo(at);
	});

	it('is never within a second after the last time', () => {
		for (const circumstances of [plenty, scarce(10), scarce()]) {
			const task = { ...asked(1, 20_000), pollIntervalMs: 1 };
			expect(nextPollAt(task, circumstances)).toBeGreaterThanOrEqual(21_000);
		}
	});

	it('is before the waiting time ends', () => {
		const task = { ...fresh, deadline: 40_000 };
		expect(nextPollAt(task, scarce(60_000))).toBe(39_000);
	});
});

describe('learned processing times', () => {
	it('knows nothing at first', () => {
		expect(new ProcessingTimes().probablyDoneAfter).toBeUndefined();
	});

	it('widens a guess from few completions', () => {
		const times = new ProcessingTimes();
		times.record(1000);
		expect(times.probablyDoneAfter).toBeCloseTo(1400);
	});

	it('is late for nearly none of many', () => {
		const times = new ProcessingTimes();
		for (let i = 1; i <= 50; i++) times.record(i * 100);
		const after = times.probablyDoneAfter!;
		expect(after).toBeGreaterThan(4800);
		expect(after).toBeLessThan(5100);
	});

	it('forgets what is long ago', () => {
		const times = new ProcessingTimes();
		for (let i = 0; i < 50; i++) times.record(60_000);
		for (let i = 0; i < 50; i++) times.record(1000);
		expect(times.probablyDoneAfter).toBeLessThan(1100);
	});
});

describe('observed processing time', () => {
	it.each([
		['the server’s own figure', { serverElapsedMs: 2400 }, 2400],
		['not longer than until it was seen done', { serverElapsedMs: 9000 }, 5000],
		[
			'not shorter than until it was last seen unfinished',
			{ lastUnfinishedAt: 4000, serverElapsedMs: 100 },
			4000,
		],
		['time in the queue counts, in whole seconds', { serverElapsedMs: 500, serverMs: 4000 }, 3000],
		['without figures: the middle', { lastUnfinishedAt: 3000 }, 4000],
	])('%s', (_, seen, expected) => {
		expect(observedProcessingMs({ createdAt: 0, doneSeenAt: 5000, ...seen })).toBe(expected);
	});
});
