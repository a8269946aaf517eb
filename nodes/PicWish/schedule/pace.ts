// When the next request of one key may leave.

import type { Clock } from './clock';

/** Intervals are this factor longer than the limit requires, so that network jitter causes no 429. */
const SAFETY = 1.035;

/*
 * The server counts requests on arrival, and they arrive with jitter. So the next slot depends on the
 * latest time at which earlier requests may have arrived. The numbers were tuned with `npm run bench`,
 * where a dozen concurrent batches occasionally delay this process and the server.
 */
/** Added to the server's one-second window: the usual jitter. */
const GUARD_MS = 35;
/** The jitter allowance on top of a request's known lateness. */
const LATE_MARGIN_MS = 20;
/** The first request after an idle time is late by up to this: DNS lookup, connection, cold code. */
const COLD_START_MS = 100;
const COLD_AFTER_MS = 5000;
/** The most lateness inferred from a slow answer. */
const LATEST_MS = 100;

/*
 * Processes that share a key notice each other only through 429s. These numbers balance fair shares,
 * makespan and the number of 429s (docs/decisions/sharing-a-key.md).
 */
/**
 * After a 429 the pace drops by this share at full pace, and by half of it at half pace: faster
 * processes give up more…
 */
const SLOW_DOWN = 0.35;
/** …and recovers by this share of the limit per second: per time, so that the slowest gains most. */
const SPEED_UP_PER_S = 0.02;
/** Backoff after a 429: one interval plus up to this much random jitter (see `refused`)… */
const JITTER_MS = 150;
/** …doubled with each further 429 in a row, up to this or one interval, whichever is longer. */
const LONGEST_BACKOFF_MS = 500;

export type RequestKind = 'poll' | 'create';

/** A request that has left. */
export interface Sent {
	at: number;
	kind: RequestKind;
	/** How much later than usual it may have reached the server. */
	lateMs: number;
}

/** Spaces requests so that the server never receives more than the limit in any second. */
export class Pace {
	/** The latest requests, as many as may arrive in one second: the oldest determines the next slot. */
	private readonly newest: Sent[] = [];
	/** The fastest recent answer, ms; rises slowly to adapt to a slower network. */
	private readonly usualMs: Record<RequestKind, number> = { poll: Infinity, create: Infinity };
	/** The pace set by the last slowdown, and its time. */
	private slowedTo = Infinity;
	private slowedAt = 0;
	/** 429s since the last accepted request. */
	private refusedInRow = 0;
	private nextSlotAt = 0;
	/** From Retry-After. */
	pausedUntil = 0;

	/** @param limit requests per second; 2.5 allows three in some seconds */
	constructor(
		private readonly clock: Clock,
		private readonly limit: () => number,
		private readonly random: () => number,
	) {}

	/** Current requests per second; below the limit after a 429. */
	get perSecond(): number {
		const limit = this.limit();
		const seconds = (this.clock.now() - this.slowedAt) / 1000;
		return Math.min(limit, this.slowedTo + limit * SPEED_UP_PER_S * seconds);
	}

	/** The time from which the next request may leave. */
	opensAt(): number {
		return Math.max(this.nextSlotAt, this.pausedUntil, this.windowOpensAt());
	}

	/** A request leaves now. */
	leave(kind: RequestKind): Sent {
		const now = this.clock.now();
		// Count from the planned time, because the delays of late timers would add up;
		// after an idle time count from now, because unused slots must not accumulate.
		const interval = this.interval();
		this.nextSlotAt = (now - this.nextSlotAt < interval ? this.nextSlotAt : now) + interval;
		const lateMs = now - this.lastAt > COLD_AFTER_MS ? COLD_START_MS : 0;
		const sent: Sent = { at: now, kind, lateMs };
		this.newest.push(sent);
		while (this.newest.length > Math.ceil(this.limit())) this.newest.shift();
		return sent;
	}

	/** This process was blocked for this long while sending the request. */
	busyFor(sent: Sent, ms: number): void {
		sent.lateMs = Math.max(sent.lateMs, ms);
	}

	/**
	 * The answer arrived, and the server sent it as soon as it had the request: if it took longer than
	 * usual, the request may have arrived late.
	 */
	answered(sent: Sent): void {
		const { kind } = sent;
		const tookMs = this.clock.now() - sent.at;
		this.usualMs[kind] = Math.min(tookMs, this.usualMs[kind] + 1);
		this.busyFor(sent, Math.min(tookMs - this.usualMs[kind], LATEST_MS));
	}

	/** Whether creates alone used up the limit in the last second. */
	isFullOfCreates(): boolean {
		const since = this.clock.now() - 1000 - LATEST_MS - this.interval();
		const isFull = (this.oldest?.at ?? -Infinity) > since && this.perSecond === this.limit();
		return isFull && this.newest.every(({ kind }) => kind === 'create');
	}

	/** The server accepted a request, whatever its answer. */
	accepted(): void {
		this.refusedInRow = 0;
	}

	/**
	 * A 429: slow down, and retry soon.
	 *
	 * A process alone on the key leaves only short gaps. A newcomer retries at random offsets until it
	 * hits one; then the first process gets a 429 and slows down, too. 429s in a row slow a process down
	 * only once: otherwise the process that is shut out would slow down most.
	 */
	refused(): void {
		const now = this.clock.now();
		if (this.refusedInRow === 0) {
			this.slowedTo = this.perSecond * (1 - (SLOW_DOWN * this.perSecond) / this.limit());
			this.slowedAt = now;
		}
		const interval = this.interval(this.limit());
		const backoff = Math.min(interval * 2 ** this.refusedInRow, LONGEST_BACKOFF_MS);
		const jitter = JITTER_MS * this.random();
		this.nextSlotAt = Math.max(now, this.lastAt + Math.max(interval, backoff) + jitter);
		this.refusedInRow++;
	}

	/** Blocks all requests for this long. */
	pause(ms: number): void {
		this.pausedUntil = Math.max(this.pausedUntil, this.clock.now() + ms);
	}

	/** -Infinity if nothing has left yet. */
	private get lastAt(): number {
		return this.newest[this.newest.length - 1]?.at ?? -Infinity;
	}

	private interval(perSecond = this.perSecond): number {
		return (1000 / perSecond) * SAFETY;
	}

	/** The oldest of as many requests as may arrive in one second; undefined if fewer have left. */
	private get oldest(): Sent | undefined {
		return this.newest[this.newest.length - Math.ceil(this.limit())];
	}

	private windowOpensAt(): number {
		if (!this.oldest) return -Infinity;
		const { at, lateMs } = this.oldest;
		return at + 1000 + Math.max(GUARD_MS, lateMs + LATE_MARGIN_MS);
	}
}
