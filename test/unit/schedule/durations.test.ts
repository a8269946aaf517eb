import { Durations, observedProcessingMs } from '../../../nodes/PicWish/schedule/durations';

/** Durations of which so many ms are known. */
function known(...done: number[]): Durations {
	const durations = new Durations();
	for (const ms of done) durations.note({}, ms, true);
	return durations;
}

describe('the chance that a task is done', () => {
	it('grows with its age while nothing is known', () => {
		const durations = new Durations();
		expect(durations.chanceDone(500)).toBe(0);
		expect(durations.chanceDone(2000)).toBeCloseTo(0.5);
		expect(durations.chanceDone(60_000)).toBeGreaterThan(0.98);
	});

	it('is near zero before other tasks were done, and near one after', () => {
		const durations = known(...Array.from({ length: 50 }, (_, index) => 5000 + 40 * index));
		expect(durations.chanceDone(4900)).toBe(0);
		expect(durations.chanceDone(6000)).toBeCloseTo(0.5, 1);
		expect(durations.chanceDone(7000)).toBeGreaterThan(0.95);
	});

	it('takes a task that is still unfinished into account', () => {
		const durations = known(3000, 3000, 3000);
		const before = durations.chanceDone(4000);
		for (let i = 0; i < 9; i++) durations.note({}, 50_000, false);
		expect(durations.chanceDone(4000)).toBeLessThan(before / 2);
	});

	it('is zero for all that are no older than one that was seen unfinished', () => {
		const durations = new Durations();
		durations.note({}, 50_000, false);
		expect(durations.chanceDone(49_000)).toBe(0);
		expect(durations.chanceDone(60_000)).toBeGreaterThan(0);
	});

	it('counts a task once, by what was seen last', () => {
		const durations = new Durations();
		const task = {};
		durations.note(task, 2000, false);
		durations.note(task, 4000, false);
		durations.note(task, 5000, true);
		expect(durations.chanceDone(5000)).toBeCloseTo(0.5);
		expect(durations.chanceDone(4999)).toBe(0);
	});

	it('of a task that was seen unfinished is smaller than of one never looked at', () => {
		const durations = known(3000, 4000, 20_000);
		expect(durations.chanceDone(6000, 5000)).toBeLessThan(durations.chanceDone(6000));
		expect(durations.chanceDone(21_000, 5000)).toBeGreaterThan(durations.chanceDone(6000, 5000));
	});

	it('is never certain, and grows with age', () => {
		const durations = known(1000, 2000, 8000, 8000);
		let last = 0;
		for (let age = 0; age < 600_000; age += 500) {
			const chance = durations.chanceDone(age);
			expect(chance).toBeGreaterThanOrEqual(last);
			expect(chance).toBeLessThan(1);
			last = chance;
		}
	});

	it('forgets what is long ago', () => {
		const durations = known(...Array.from({ length: 100 }, () => 60_000));
		for (let i = 0; i < 100; i++) durations.note({}, 1000, true);
		expect(durations.probablyDoneAfter()).toBe(1000);
	});
});

describe('probably done', () => {
	it('is not said from few tasks', () => {
		expect(known(1000, 1000, 1000).probablyDoneAfter()).toBeUndefined();
		expect(known(1000, 1000, 1000).enough).toBe(0.5);
	});

	it('is the age at which four of five were done', () => {
		const durations = known(...Array.from({ length: 99 }, (_, index) => 100 * (index + 1)));
		expect(durations.probablyDoneAfter()).toBe(8000);
		expect(durations.enough).toBe(0.8);
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
