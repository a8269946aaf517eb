// Which request may leave when: the pace of one account, and the order in it.

import { Arrivals, type NotedRequest, type RequestKind } from './arrivals';
import type { Clock } from './clock';

export interface Wish {
	kind: RequestKind;
	/** Decides who is first within a kind: smaller is older. Milliseconds of the budget's clock. */
	since: number;
	/** Asked anew before each request leaves: the time from which this one may; Infinity = not yet. */
	dueAt: () => number;
	/** When the clock shows this, waiting is over and `acquire` answers undefined. */
	until: () => number;
	/** When stopped, the wish is forgotten and `acquire` answers undefined. */
	stop: { readonly stopped: boolean };
}

type Waiting = Wish & { settle: (request: NotedRequest | undefined) => void };

/** Requests leave this much slower than the limit, so that jitter on the way makes no 429. */
const SAFETY = 1.035;
/** Looks at due times at least this often; also how long a timer can outlive a run. */
const LONGEST_NAP_MS = 250;
/** How long after a request is sent it is looked whether this process was busy meanwhile. */
const LOOK_AFTER_MS = 10;
/** Wishes that are over are looked for this often. */
const SWEEP_MS = 100;

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
	private readonly waiting = new Set<Waiting>();
	private waitingCreates = 0;
	/** Pace after the last 429, and when that was. */
	private slowedTo: number;
	private slowedAt = 0;
	private readonly arrivals: Arrivals;
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
		this.arrivals = new Arrivals(clock);
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
		return this.waiting.size === 0;
	}

	/** The account's limit was edited: go on from the new one. */
	setLimit(requestsPerSecond: number): void {
		if (requestsPerSecond === this.limitPerSecond) return;
		this.limitPerSecond = requestsPerSecond;
		this.slowedTo = requestsPerSecond;
	}

	/** Waits until the request may leave; undefined when waiting is over before. */
	async acquire(wish: Wish): Promise<NotedRequest | undefined> {
		if (wish.stop.stopped) return undefined;
		return await new Promise<NotedRequest | undefined>((resolve) => {
			const settle = (request: NotedRequest | undefined) => {
				this.waiting.delete(entry);
				if (wish.kind === 'create') this.waitingCreates--;
				resolve(request);
			};
			const entry: Waiting = { ...wish, settle };
			this.waiting.add(entry);
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
		if (wasAtFullPace) this.arrivals.widen();
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
		let sweepAt = -Infinity;
		while (this.waiting.size > 0) {
			const now = this.clock.now();
			if (now >= sweepAt) {
				[...this.waiting].filter((wish) => isOver(wish, now)).forEach(giveUp);
				sweepAt = now + SWEEP_MS;
			}
			const opensAt = this.opensAt();
			const { wish, nextDueAt } = opensAt <= now ? this.pick(now) : { nextDueAt: opensAt };
			if (wish && isOver(wish, now)) {
				giveUp(wish);
			} else if (wish) {
				this.moveOn(wish.kind, now);
				const request = this.arrivals.note(wish.kind, this.limitPerSecond);
				wish.settle(request);
				// Let the request leave before deciding about the next. A timer that fires late means that
				// this process was busy, and that the request waited, too.
				const lookAt = now + Math.min(LOOK_AFTER_MS, Math.max(0, this.nextSlot - now));
				await this.clock.sleep(lookAt - now);
				request.busyFor(this.clock.now() - lookAt);
			} else {
				await this.nap(nextDueAt - now);
			}
		}
		this.running = false;
	}

	/** The next time at which any request may leave. */
	private opensAt(): number {
		return Math.max(this.nextSlot, this.arrivals.nextAt(this.limitPerSecond));
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

	private moveOn(kind: RequestKind, now: number): void {
		this.lastKind = kind;
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

function isOver({ stop, until }: Wish, now: number): boolean {
	return stop.stopped || until() < now;
}

function giveUp({ settle }: Waiting): void {
	settle(undefined);
}
