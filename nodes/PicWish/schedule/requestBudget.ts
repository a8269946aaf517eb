/** Time, handed in so that tests can hold it. */
export interface Clock {
	/** Milliseconds, never going back. */
	now(): number;
	sleep(ms: number): Promise<void>;
}

export type RequestKind = 'poll' | 'create';

export interface Wish {
	kind: RequestKind;
	/** Decides who is first within a kind: smaller is older. Milliseconds of the budget's clock. */
	since: number;
	/** Asked anew before each request leaves: the time from which this one may; Infinity = not yet. */
	dueAt: () => number;
	/** When the clock shows this, waiting is over and `acquire` answers false. */
	until: () => number;
	/** When stopped, the wish is forgotten and `acquire` answers false. */
	stop: { readonly stopped: boolean };
}

type Waiting = Wish & { settle: (granted: boolean) => void };

/** Requests leave this much slower than the limit, so that jitter on the way makes no 429. */
const SAFETY = 1.035;
/** The same for the hard rule "at most n in any second": on top of the second, at first and at most. */
const WINDOW_GUARD_MS = 35;
const WIDEST_GUARD_MS = 100;
/** A 429 at full pace means more jitter than thought: the guard grows by this, and half of it passes in… */
const GUARD_STEP_MS = 20;
const GUARD_HALF_LIFE_MS = 10_000;
/** The first request after a pause arrives late by up to this much: name look-up, connection, cold code. */
const COLD_START_MS = 100;
const COLD_AFTER_MS = 5000;
/** Looks at due times and stops at least this often; also how long a timer can outlive a run. */
const LONGEST_NAP_MS = 250;

/** After a 429: pace down to this share, never under `SLOWEST_SHARE` of the limit… */
const SLOW_DOWN = 0.8;
/** …the first time only so much, as it may have been jitter… */
const FIRST_SLOW_DOWN = 0.9;
const SLOWEST_SHARE = 0.05;
/** …and back up by this share of the limit each second: in time, so that the slowest gains most. */
const SPEED_UP_PER_S = 0.15;
/** Pause after a 429 in places of the full pace, plus as much again at random. */
const PAUSE_PLACES = 0.6;
const FIRST_PAUSE_PLACES = 0.3;

/**
 * The requests that one key may send: evenly paced, polls before creates, oldest first within each.
 *
 * While creates wait, polls take every second place at most. A task costs one of each, so that keeps
 * the line full to the last create, and the last tasks are processed while older ones are asked for.
 */
export class RequestBudget {
	private waiting: Waiting[] = [];
	private waitingCreates = 0;
	/** Pace after the last 429, and when that was. */
	private slowedTo: number;
	private slowedAt = 0;
	/** When the newest requests reach the server at the latest; the oldest of `limit` of them rules the next. */
	private sent: number[] = [];
	private widenedTo = WINDOW_GUARD_MS;
	private widenedAt = 0;
	private nextSlot = 0;
	private lastKind: RequestKind = 'create';
	private running = false;
	private wake: () => void = () => {};

	constructor(
		private readonly clock: Clock,
		private limitPerSecond: number,
		private readonly random: () => number = Math.random,
	) {
		this.slowedTo = limitPerSecond;
	}

	/** Requests per second at the moment; under the limit after a 429. */
	get pace(): number {
		const seconds = (this.clock.now() - this.slowedAt) / 1000;
		return Math.min(
			this.limitPerSecond,
			this.slowedTo + this.limitPerSecond * SPEED_UP_PER_S * seconds,
		);
	}

	get createsWaiting(): boolean {
		return this.waitingCreates > 0;
	}

	get idle(): boolean {
		return this.waiting.length === 0;
	}

	/** The account's limit was edited: go on from the new one. */
	setLimit(requestsPerSecond: number): void {
		if (requestsPerSecond === this.limitPerSecond) return;
		this.limitPerSecond = requestsPerSecond;
		this.slowedTo = requestsPerSecond;
	}

	/** Waits for a place. Answers whether the request may leave now. */
	async acquire(wish: Wish): Promise<boolean> {
		if (wish.stop.stopped) return false;
		return await new Promise<boolean>((resolve) => {
			const settle = (granted: boolean) => {
				this.waiting = this.waiting.filter((other) => other !== entry);
				if (wish.kind === 'create') this.waitingCreates--;
				resolve(granted);
			};
			const entry: Waiting = { ...wish, settle };
			this.waiting.push(entry);
			if (wish.kind === 'create') this.waitingCreates++;
			this.wake();
			if (!this.running) void this.serve();
		});
	}

	/** Something that due times depend on has changed: look again. */
	reconsider(): void {
		this.wake();
	}

	/**
	 * The server said 429: pause, and go on more slowly.
	 *
	 * @param retryAfterMs what the server asked for, if it did
	 */
	refused(retryAfterMs?: number): void {
		const slowest = this.limitPerSecond * SLOWEST_SHARE;
		const now = this.clock.now();
		const wasAtFullPace = this.pace === this.limitPerSecond;
		if (wasAtFullPace) {
			this.widenedTo = Math.min(WIDEST_GUARD_MS, this.guardMs() + GUARD_STEP_MS);
			this.widenedAt = now;
		}
		this.slowedTo = Math.max(slowest, this.pace * (wasAtFullPace ? FIRST_SLOW_DOWN : SLOW_DOWN));
		this.slowedAt = now;
		// Several processes on one key must not come back in step, hence the random part.
		const places = (wasAtFullPace ? FIRST_PAUSE_PLACES : PAUSE_PLACES) * (1 + this.random());
		const pause = retryAfterMs ?? (1000 / this.limitPerSecond) * places;
		this.nextSlot = Math.max(this.nextSlot, now + pause);
	}

	private interval(): number {
		return (1000 / this.pace) * SAFETY;
	}

	/** Runs while somebody waits. */
	private async serve(): Promise<void> {
		this.running = true;
		while (this.waiting.length > 0) {
			const now = this.clock.now();
			const over = this.waiting.filter((wish) => wish.stop.stopped || wish.until() < now);
			over.forEach((wish) => wish.settle(false));
			const opensAt = this.opensAt();
			const { wish, nextDueAt } = opensAt <= now ? this.pick(now) : { nextDueAt: opensAt };
			if (wish) {
				this.note(wish.kind, now);
				wish.settle(true);
				// Let the request leave before deciding about the next.
				await Promise.resolve();
			} else {
				await this.nap(nextDueAt - now);
			}
		}
		this.running = false;
	}

	/** The next time at which any request may leave. */
	private opensAt(): number {
		const inOneSecond = this.sent[this.sent.length - this.burst()];
		const windowOpens = inOneSecond === undefined ? 0 : inOneSecond + 1000 + this.guardMs();
		return Math.max(this.nextSlot, windowOpens);
	}

	private guardMs(): number {
		const left = 0.5 ** ((this.clock.now() - this.widenedAt) / GUARD_HALF_LIFE_MS);
		return WINDOW_GUARD_MS + (this.widenedTo - WINDOW_GUARD_MS) * left;
	}

	/** Requests in any one second; of 2.5 a second, three now and then. */
	private burst(): number {
		return Math.ceil(this.limitPerSecond);
	}

	/** Whose turn it is, or when the next wish is due. Asks each wish once: this runs for each request. */
	private pick(now: number): { wish?: Waiting; nextDueAt: number } {
		const oldest: { [Kind in RequestKind]?: Waiting } = {};
		let nextDueAt = Infinity;
		for (const wish of this.waiting) {
			const dueAt = wish.dueAt();
			nextDueAt = Math.min(nextDueAt, dueAt);
			const best = oldest[wish.kind];
			if (dueAt <= now && !(best && best.since <= wish.since)) oldest[wish.kind] = wish;
		}
		const { poll, create } = oldest;
		return { wish: this.lastKind === 'poll' ? (create ?? poll) : (poll ?? create), nextDueAt };
	}

	private note(kind: RequestKind, now: number): void {
		this.lastKind = kind;
		const cold = now - (this.sent[this.sent.length - 1] ?? -Infinity) > COLD_AFTER_MS;
		this.sent = [...this.sent, cold ? now + COLD_START_MS : now].slice(-this.burst());
		// From the planned time, not from now: timers fire late, and the lateness would add up.
		// A line that stood idle starts from now: unused places are not saved up.
		const planned = now - this.nextSlot < this.interval() ? this.nextSlot : now;
		this.nextSlot = planned + this.interval();
	}

	private async nap(ms: number): Promise<void> {
		const woken = new Promise<void>((resolve) => (this.wake = resolve));
		await Promise.race([this.clock.sleep(Math.min(Math.max(ms, 1), LONGEST_NAP_MS)), woken]);
	}
}
