import type { RequestKind } from '../../../nodes/PicWish/schedule/arrivals';
import { RequestBudget, type Wish } from '../../../nodes/PicWish/schedule/requestBudget';
import { HeldClock } from './heldClock';

interface Left {
	at: number;
	kind: RequestKind;
	since: number;
}

/** A budget of which each request that leaves is written down. */
function watchedBudget(limit: number, random = () => 0, clock = new HeldClock()) {
	const budget = new RequestBudget(clock, limit, random);
	const left: Left[] = [];
	const refusals: number[] = [];
	const want = (kind: RequestKind, since = 0, more: Partial<Wish> = {}) => {
		const wish = { kind, since, dueAt: () => 0, until: () => Infinity, stop: { stopped: false } };
		void budget.acquire({ ...wish, ...more }).then((granted) => {
			if (granted) left.push({ at: clock.now(), kind, since });
			else refusals.push(clock.now());
		});
	};
	return { clock, budget, left, refusals, want };
}

/** The most requests in any stretch of 1,000 ms. */
function mostInOneSecond(left: Left[]): number {
	return Math.max(
		...left.map(({ at }) => left.filter((r) => r.at >= at && r.at < at + 1000).length),
	);
}

describe('pace', () => {
	it.each([0.5, 1, 2, 2.5, 10])(
		'sends at most %p in any second, and hardly fewer',
		async (limit) => {
			const { clock, left, want } = watchedBudget(limit);
			for (let i = 0; i < 40; i++) want('create', i);
			await clock.pass((40 / limit) * 1000 * 1.1);
			expect(left).toHaveLength(40);
			expect(mostInOneSecond(left)).toBeLessThanOrEqual(Math.ceil(limit));
			expect(left[39]!.at).toBeLessThanOrEqual((39 / limit) * 1000 * 1.07);
		},
	);

	it('does not save up unused places', async () => {
		const { clock, left, want } = watchedBudget(2);
		want('create');
		await clock.pass(60_000);
		for (let i = 0; i < 6; i++) want('create', i);
		await clock.pass(5000);
		expect(mostInOneSecond(left.slice(1))).toBe(2);
		expect(left[1]!.at).toBe(60_000);
	});

	it('takes a new limit at once', async () => {
		const { clock, budget, left, want } = watchedBudget(1);
		budget.setLimit(10);
		for (let i = 0; i < 10; i++) want('create', i);
		await clock.pass(1000);
		expect(left.length).toBeGreaterThanOrEqual(9);
	});
});

/** A clock whose timers fire late. */
class BusyClock extends HeldClock {
	lateMs = 0;

	override async sleep(ms: number): Promise<void> {
		await super.sleep(ms + this.lateMs);
	}
}

it('keeps its distance from a request after which this process was busy', async () => {
	const busy = new BusyClock();
	const { clock, left, want } = watchedBudget(2, () => 0, busy);
	for (let i = 0; i < 3; i++) {
		want('create', i);
		await clock.pass(1000);
	}
	busy.lateMs = 80;
	want('create', 3);
	await clock.pass(50);
	busy.lateMs = 0;
	await clock.pass(490);
	for (let i = 4; i < 6; i++) want('create', i);
	await clock.pass(3000);
	expect(left[5]!.at - left[3]!.at).toBe(1000 + 80 + 20);
});

describe('order', () => {
	it('sends the oldest first within a kind, whoever asked first', async () => {
		const { clock, left, want } = watchedBudget(10);
		for (const since of [5, 3, 4, 1, 2]) want('create', since);
		await clock.pass(1000);
		// The first to ask found the line empty.
		expect(left.map(({ since }) => since)).toEqual([5, 1, 2, 3, 4]);
	});

	it('lets a due poll go before creates, and creates take every second place meanwhile', async () => {
		const { clock, left, want } = watchedBudget(10);
		for (let i = 0; i < 4; i++) want('create', i);
		await clock.pass(50);
		for (let i = 0; i < 3; i++) want('poll', i);
		await clock.pass(2000);
		const kinds = left.map(({ kind }) => kind);
		expect(kinds).toEqual(['create', 'poll', 'create', 'poll', 'create', 'poll', 'create']);
	});

	it('does not let polls wait for creates that may not leave yet', async () => {
		const { clock, left, want } = watchedBudget(10);
		want('create', 0, { dueAt: () => Infinity });
		for (let i = 0; i < 3; i++) want('poll', i);
		await clock.pass(500);
		expect(left.map(({ kind }) => kind)).toEqual(['poll', 'poll', 'poll']);
	});

	it('sends nothing before it is due, and then at once', async () => {
		const { clock, left, want } = watchedBudget(2);
		want('poll', 0, { dueAt: () => 4321 });
		await clock.pass(10_000);
		expect(left).toEqual([{ at: 4321, kind: 'poll', since: 0 }]);
	});
});

describe('429', () => {
	it('slows down, and comes back to the limit in time', async () => {
		const { clock, budget } = watchedBudget(2);
		budget.refused();
		expect(budget.pace).toBeCloseTo(1.6);
		budget.accepted();
		budget.refused();
		expect(budget.pace).toBeCloseTo(1.28);
		await clock.pass(10_000);
		expect(budget.pace).toBeCloseTo(1.68);
		await clock.pass(8000);
		expect(budget.pace).toBe(2);
	});

	it('slows down once, however often a request is refused until one is accepted', () => {
		const { budget } = watchedBudget(2);
		for (let i = 0; i < 10; i++) budget.refused();
		expect(budget.pace).toBeCloseTo(1.6);
	});

	// At random a little later each time; the numbers are what comes without that.
	it.each([
		[0.5, [2070, 2070]],
		[2, [517.5]],
		[10, [103.5, 207, 414, 500, 500]],
	])('tries again soon (limit %p)', async (limit, gaps) => {
		for (const [random, wander] of [
			[0, 0],
			[1, 150],
		] as const) {
			const { clock, budget, left, want } = watchedBudget(limit, () => random);
			for (let i = 0; i < 3; i++) {
				want('poll');
				await clock.pass(3000);
			}
			left.length = 0;
			want('poll');
			await clock.pass(0);
			for (const gap of gaps) {
				budget.refused();
				want('poll');
				await clock.pass(gap + wander);
			}
			const took = left.slice(1).map(({ at }, i) => at - left[i]!.at);
			expect(took).toEqual(gaps.map((gap) => expect.closeTo(gap + wander, 0)));
		}
	});

	it('leaves more time after a request that came too early for the server, for a while', async () => {
		const { clock, budget, left, want } = watchedBudget(2);
		const smallestGap = async () => {
			left.length = 0;
			for (let i = 0; i < 9; i++) want('create', i);
			await clock.pass(6000);
			return Math.min(...left.slice(2).map(({ at }, index) => at - left[index]!.at));
		};
		budget.refused(0);
		// The pace is back.
		await clock.pass(10_000);
		expect(budget.pace).toBe(2);
		expect(await smallestGap()).toBeGreaterThan(1040);
		await clock.pass(120_000);
		expect(await smallestGap()).toBeLessThan(1036);
	});

	it('never slows down to nothing', () => {
		const { budget } = watchedBudget(2);
		for (let i = 0; i < 100; i++) {
			budget.refused();
			budget.accepted();
		}
		expect(budget.pace).toBeCloseTo(0.2);
	});

	it('waits as long as the server asks for', async () => {
		const { clock, budget, left, want } = watchedBudget(2);
		budget.refused(7000);
		budget.refused();
		want('create');
		await clock.pass(20_000);
		expect(left.map(({ at }) => at)).toEqual([7000]);
	});

	it('does not come back in step with other processes', async () => {
		const returns = [0, 0.5, 1].map(async (random) => {
			const { clock, budget, left, want } = watchedBudget(2, () => random);
			want('create');
			await clock.pass(0);
			budget.refused();
			want('create');
			await clock.pass(5000);
			return left[1]!.at;
		});
		expect(new Set(await Promise.all(returns)).size).toBe(3);
	});
});

describe('giving up', () => {
	it('forgets a wish whose time is over, and one that is stopped', async () => {
		const { clock, refusals, left, want } = watchedBudget(2);
		const stop = { stopped: false };
		want('poll', 0, { dueAt: () => Infinity, until: () => 1000 });
		want('poll', 0, { dueAt: () => Infinity, stop });
		await clock.pass(1500);
		expect(refusals).toHaveLength(1);
		stop.stopped = true;
		await clock.pass(250);
		expect(refusals).toHaveLength(2);
		expect(left).toHaveLength(0);
	});

	it('refuses at once after a stop', async () => {
		const { clock, refusals, want } = watchedBudget(2);
		want('create', 0, { stop: { stopped: true } });
		await clock.pass(0);
		expect(refusals).toEqual([0]);
	});
});
