import type { RequestKind } from '../../../nodes/PicWish/schedule/pace';
import { Account } from '../../../nodes/PicWish/schedule/account';
import type { ScheduledRun, ScheduledTask, Slot } from '../../../nodes/PicWish/schedule/run';
import { HeldClock } from './heldClock';

interface Left {
	at: number;
	kind: RequestKind;
	order: number;
	slot: Slot;
}

/** An account of which each request that leaves is written down. */
function watchedAccount(limit: number, random = () => 0, clock = new HeldClock()) {
	const account = new Account(clock, random);
	const left: Left[] = [];
	const givenUp: number[] = [];
	const first = account.startRun(limit);
	const want = (
		kind: RequestKind,
		order = 0,
		more: Partial<ScheduledTask> = {},
		run: ScheduledRun = first,
	) => {
		const task: ScheduledTask = {
			kind: 'a kind',
			order,
			// A poll that is due, unless something else is said.
			createdAt: kind === 'poll' ? -60_000 : undefined,
			pollIntervalMs: 1000,
			maxWaitMs: 1_000_000,
			deadline: Infinity,
			...more,
		};
		void account.acquire(run, kind, task).then((slot) => {
			// So that only what a test opens itself is open.
			run.open.delete(task);
			if (slot) left.push({ at: clock.now(), kind, order, slot });
			else givenUp.push(clock.now());
		});
		return task;
	};
	const kinds = () => left.map(({ kind }) => kind).join(' ');
	const orders = () => left.map(({ order }) => order);
	return { clock, account, left, givenUp, want, run: first, kinds, orders };
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
			const { clock, left, want } = watchedAccount(limit);
			for (let i = 0; i < 40; i++) want('create', i);
			await clock.pass((40 / limit) * 1000 * 1.1);
			expect(left).toHaveLength(40);
			expect(mostInOneSecond(left)).toBeLessThanOrEqual(Math.ceil(limit));
			expect(left[39]!.at).toBeLessThanOrEqual((39 / limit) * 1000 * 1.07);
		},
	);

	it('does not save up unused slots', async () => {
		const { clock, left, want } = watchedAccount(2);
		want('create');
		await clock.pass(60_000);
		for (let i = 0; i < 6; i++) want('create', i);
		await clock.pass(5000);
		expect(mostInOneSecond(left.slice(1))).toBe(2);
		expect(left[1]!.at).toBe(60_000);
	});

	it('is that of the lowest limit among runs with this key', async () => {
		const { clock, account, want, left } = watchedAccount(10);
		const slow = account.startRun(2);
		expect(account.perSecond).toBe(2);
		account.endRun(slow);
		expect(account.perSecond).toBe(10);
		for (let i = 0; i < 10; i++) want('create', i);
		await clock.pass(1000);
		expect(left.length).toBeGreaterThanOrEqual(9);
	});
});

/** A clock whose timers fire late. */
class BusyClock extends HeldClock {
	late = 0;

	override async sleep(ms: number): Promise<void> {
		await super.sleep(ms + this.late);
	}
}

it('keeps its distance from a request after which this process was busy', async () => {
	const busy = new BusyClock();
	const { clock, left, want } = watchedAccount(2, () => 0, busy);
	for (let i = 0; i < 3; i++) {
		want('create', i);
		await clock.pass(1000);
	}
	busy.late = 80;
	want('create', 3);
	await clock.pass(50);
	busy.late = 0;
	await clock.pass(490);
	for (let i = 4; i < 6; i++) want('create', i);
	await clock.pass(3000);
	expect(left[5]!.at - left[3]!.at).toBe(1000 + 80 + 20);
});

it('…and from one that was still on its way when this process was busy', async () => {
	const { clock, left, want } = watchedAccount(2);
	for (let i = 0; i < 3; i++) {
		want('create', i);
		await clock.pass(1000);
	}
	want('create', 3);
	await clock.pass(5);
	clock.standStill(60);
	await clock.pass(490);
	for (let i = 4; i < 6; i++) want('create', i);
	await clock.pass(3000);
	// Looked at 10 ms after it left, that is 55 ms late.
	expect(left[5]!.at - left[3]!.at).toBe(1000 + 55 + 20);
});

describe('order within a run', () => {
	it('creates leave in the order of the items, whoever asked first', async () => {
		const { clock, orders, want } = watchedAccount(10);
		for (const order of [5, 3, 4, 1, 2]) want('create', order);
		await clock.pass(1000);
		// The first to ask found nothing waiting.
		expect(orders()).toEqual([5, 1, 2, 3, 4]);
	});

	it('creates go before polls', async () => {
		const { clock, kinds, want } = watchedAccount(10);
		for (let i = 0; i < 3; i++) want('poll', i);
		for (let i = 0; i < 3; i++) want('create', i);
		await clock.pass(2000);
		expect(kinds()).toBe('poll create create create poll poll');
	});

	it.each([
		['so many tasks are open that the last would wait a minute', 300_000, 2 * 60],
		['it would wait 0.4 of its Max Wait', 20_000, 2 * 0.4 * 20],
	])('no create leaves when %s', async (_, maxWaitMs, most) => {
		const { clock, run, kinds, want } = watchedAccount(2);
		const open = Array.from({ length: most }, (_, i) => want('poll', i, { createdAt: 0 }));
		for (const task of open) run.open.add(task);
		want('create', 0, { maxWaitMs });
		await clock.pass(1500);
		expect(kinds()).not.toContain('create');
		run.open.delete(open[0]!);
		await clock.pass(600);
		expect(kinds()).toContain('create');
	});

	it('of the polls that are due, the one whose task is most probably done goes first', async () => {
		const { clock, account, orders, want } = watchedAccount(10);
		for (let i = 0; i < 20; i++) account.learn(want('poll', -1, { deadline: 0 }), 5000, true);
		await clock.pass(30_000);
		orders().length = 0;
		const before = orders().length;
		want('poll', 1, { createdAt: 27_000 });
		want('poll', 2, { createdAt: 20_000 });
		want('poll', 3, { createdAt: 29_000 });
		await clock.pass(1000);
		expect(orders().slice(before)).toEqual([1, 2, 3]);
	});

	it('what was learned of one kind of task says nothing of another', async () => {
		const { clock, account, left, want } = watchedAccount(10);
		const task = { pollIntervalMs: 9000, createdAt: 0 };
		for (let i = 0; i < 20; i++) account.learn(want('poll', -1, { deadline: 0 }), 4000, true);
		want('poll', 1, task);
		want('poll', 2, { ...task, kind: 'another' });
		await clock.pass(10_000);
		const last = left.slice(-2).map(({ at, order }) => [order, at]);
		expect(last).toEqual([
			[1, 4000],
			[2, 9000],
		]);
	});

	it('a task is not polled twice within its poll interval, nor within a second', async () => {
		const { clock, left, want } = watchedAccount(10);
		want('poll', 0, { askedAt: 0, pollIntervalMs: 4321 });
		want('poll', 1, { askedAt: 0, pollIntervalMs: 1 });
		await clock.pass(10_000);
		expect(left.map(({ at, order }) => [at, order])).toEqual([
			[1000, 1],
			[4321, 0],
		]);
	});

	it('what is over its deadline goes first, full window or not', async () => {
		const { clock, run, left, want } = watchedAccount(2);
		for (let i = 0; i < 200; i++) run.open.add(want('poll', i));
		await clock.pass(700);
		const before = left.length;
		want('create', 900, { deadline: clock.now() + 1 });
		want('poll', 901, { deadline: clock.now() + 2, askedAt: clock.now() - 1000 });
		await clock.pass(1500);
		const late = left.slice(before).filter(({ order }) => order >= 900);
		expect(late.map(({ order }) => order)).toEqual([900, 901]);
	});
});

describe('runs take turns', () => {
	it('slot by slot, however many requests each has', async () => {
		const { clock, account, orders, want } = watchedAccount(10);
		const other = account.startRun(10);
		const third = account.startRun(10);
		for (let i = 0; i < 100; i++) want('create', i);
		for (let i = 1000; i < 1003; i++) want('create', i, {}, other);
		for (let i = 2000; i < 2003; i++) want('poll', i, {}, third);
		await clock.pass(1500);
		expect(orders().slice(0, 9)).toEqual([0, 1000, 2000, 1, 1001, 2001, 2, 1002, 2002]);
	});

	it('and what one has open does not hold up the creates of another', async () => {
		const { clock, account, run, orders, want } = watchedAccount(2);
		for (let i = 0; i < 500; i++) run.open.add(want('poll', i, { createdAt: 0 }));
		await clock.pass(100);
		want('create', 1000, {}, account.startRun(2));
		await clock.pass(1000);
		expect(orders()).toContain(1000);
	});
});

describe('429', () => {
	/** A request that is refused at once. */
	async function refuse(
		{ clock, want, left }: ReturnType<typeof watchedAccount>,
		retryAfterMs?: number,
	) {
		want('poll');
		while (left.length === 0) await clock.pass(10);
		left.splice(0).forEach(({ slot }) => slot.refused(retryAfterMs));
	}

	it('slows down, and comes back to the limit in time', async () => {
		const watched = watchedAccount(2);
		const { clock, account, left, want } = watched;
		await refuse(watched);
		expect(account.perSecond).toBeCloseTo(1.3);
		want('poll');
		await clock.pass(1000);
		left.splice(0).forEach(({ slot }) => slot.accepted());
		await refuse(watched);
		// Less than before: who has less gives up less.
		expect(account.perSecond).toBeCloseTo(1.35 * (1 - (0.35 * 1.35) / 2), 1);
		await clock.pass(10_000);
		expect(account.perSecond).toBeCloseTo(1.43, 1);
		await clock.pass(15_000);
		expect(account.perSecond).toBe(2);
	});

	it('slows down once, however often a request is refused until one is accepted', async () => {
		const watched = watchedAccount(2);
		for (let i = 0; i < 10; i++) await refuse(watched);
		expect(watched.account.perSecond).toBeGreaterThanOrEqual(1.3);
	});

	// At random a little later each time; the numbers are what comes without that.
	it.each([
		[0.5, [2070, 2070]],
		[2, [517.5]],
		[10, [103.5, 207, 414, 500, 500]],
	])('retries soon (limit %p)', async (limit, gaps) => {
		for (const [random, jitter] of [
			[0, 0],
			[1, 150],
		] as const) {
			const { clock, left, want } = watchedAccount(limit, () => random);
			for (let i = 0; i < 3; i++) {
				want('poll');
				await clock.pass(3000);
			}
			left.length = 0;
			want('poll');
			await clock.pass(0);
			for (const gap of gaps) {
				left.at(-1)!.slot.refused();
				want('poll');
				await clock.pass(gap + jitter);
			}
			const took = left.slice(1).map(({ at }, i) => at - left[i]!.at);
			expect(took).toEqual(gaps.map((gap) => expect.closeTo(gap + jitter, 0)));
		}
	});

	it('never slows down to nothing', async () => {
		const watched = watchedAccount(2);
		const { clock, left, want } = watched;
		for (let i = 0; i < 40; i++) {
			await refuse(watched);
			want('poll');
			while (left.length === 0) await clock.pass(10);
			left.splice(0).forEach(({ slot }) => slot.accepted());
		}
		expect(watched.account.perSecond).toBeGreaterThanOrEqual(0.2);
		expect(watched.account.perSecond).toBeLessThan(1);
	});

	it('waits as long as the server asks for', async () => {
		const watched = watchedAccount(2);
		await refuse(watched, 7000);
		const { clock, left, want } = watched;
		want('create');
		await clock.pass(20_000);
		expect(left.map(({ at }) => at)).toEqual([expect.closeTo(7000, -2)]);
	});

	it('does not come back in step with other processes', async () => {
		const returns = [0, 0.5, 1].map(async (random) => {
			const watched = watchedAccount(2, () => random);
			await refuse(watched);
			watched.want('create');
			await watched.clock.pass(5000);
			return watched.left[0]!.at;
		});
		expect(new Set(await Promise.all(returns)).size).toBe(3);
	});
});

describe('giving up', () => {
	it('what waits for an abandoned run is told at once', async () => {
		const { clock, account, run, givenUp, left, want } = watchedAccount(2);
		want('poll', 0, { askedAt: 0, pollIntervalMs: 60_000 });
		want('create', 0, {}, account.startRun(2));
		await clock.pass(100);
		account.abandon(run);
		await clock.pass(0);
		expect(givenUp).toEqual([100]);
		expect(left).toHaveLength(1);
	});

	it('nothing waits for the end of a pause that is longer than its deadline', async () => {
		const { clock, givenUp, left, want } = watchedAccount(2);
		want('poll');
		await clock.pass(0);
		left.splice(0).forEach(({ slot }) => slot.refused(60_000));
		want('poll', 0, { deadline: 2000 });
		await clock.pass(3000);
		expect(givenUp).toHaveLength(1);
		expect(left).toHaveLength(0);
	});
});

describe('accounts', () => {
	it('make room for a create when a task ends', async () => {
		const { clock, account, run, left, want } = watchedAccount(100);
		const tasks = Array.from({ length: 6000 }, () => ({ order: 0 }) as ScheduledTask);
		tasks.forEach((task) => run.open.add(task));
		want('create');
		await clock.pass(40);
		expect(left).toHaveLength(0);
		account.end(run, tasks[0]!);
		await clock.pass(1);
		// Not only when the queue looks again by itself.
		expect(left).toHaveLength(1);
	});
});
