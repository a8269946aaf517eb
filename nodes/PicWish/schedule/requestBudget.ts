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

/**
 * Several processes that use one key know of each other only by the server's 429. These numbers were
 * chosen by what they do to shares, makespan and 429s (docs/decisions/sharing-a-key.md).
 *
 * After a 429: pace down to this share, never under `SLOWEST_SHARE` of the limit…
 */
const SLOW_DOWN = 0.8;
const SLOWEST_SHARE = 0.1;
/** …and back up by this share of the limit each second: in time, so that the slowest gains most. */
const SPEED_UP_PER_S = 0.02;
/** After a refused request: one place, and up to this much more at random (see `refused`)… */
const WANDER_MS = 150;
/** …and when refused again, twice as long each time, up to this where places are shorter. */
const MOST_BETWEEN_TRIES_MS = 500;

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
	/** Since the last request that was accepted. */
	private refusedInRow = 0;
	/** From the pace; and from Retry-After. */
	private nextSlot = 0;
	private pausedUntil = 0;
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

	/** The server took a request, whatever its answer was. */
	accepted(): void {
		this.refusedInRow = 0;
	}

	/**
	 * The server said 429: go on more slowly, and try again soon.
	 *
	 * A process that had the limit for itself fills it but for moments, and does not notice another that
	 * meets none of them. So the other does not wait for long, but comes at another moment of each second
	 * until it meets one; then the first is refused, and slows down, too. However often one is refused
	 * until then, it slows down once: else the one that is shut out would slow down most.
	 *
	 * @param retryAfterMs what the server asked for, if it did
	 */
	refused(retryAfterMs = 0): void {
		const now = this.clock.now();
		if (this.pace === this.limitPerSecond) this.arrivals.widen();
		if (this.refusedInRow === 0) {
			this.slowedTo = Math.max(this.limitPerSecond * SLOWEST_SHARE, this.pace * SLOW_DOWN);
			this.slowedAt = now;
		}
		const place = this.interval(this.limitPerSecond);
		const longer = Math.min(place * 2 ** this.refusedInRow, MOST_BETWEEN_TRIES_MS);
		const wander = WANDER_MS * this.random();
		this.nextSlot = Math.max(now, this.arrivals.lastAt + Math.max(place, longer) + wander);
		this.pausedUntil = Math.max(this.pausedUntil, now + retryAfterMs);
		this.refusedInRow++;
	}

	private interval(pace = this.pace): number {
		return (1000 / pace) * SAFETY;
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
		return Math.max(this.nextSlot, this.pausedUntil, this.arrivals.nextAt(this.limitPerSecond));
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
