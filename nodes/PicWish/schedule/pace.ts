// When the next request of one key may leave.

import type { Clock } from './clock';

/** Requests leave this much slower than the limit, so that jitter on the way causes no 429. */
const SAFETY = 1.035;

/*
 * The server counts requests when they arrive, and they arrive with jitter. So what may leave now depends
 * on when earlier requests arrived at the latest. The numbers were chosen with `npm run bench`, in which
 * a dozen batches at once delay this process and the server now and then.
 */
/** On top of the second in which the server counts: the usual jitter. */
const GUARD_MS = 35;
/** What is left for jitter after a request that is known to have left late. */
const LATE_MARGIN_MS = 20;
/** The first request after a pause is late by up to this: name look-up, connection, cold code. */
const COLD_START_MS = 100;
const COLD_AFTER_MS = 5000;
/** However long its answer took, a request is not taken to be later than this. */
const LATEST_MS = 100;

/*
 * Several processes that use one key know of each other only by the server's 429. These numbers were
 * chosen by what they do to shares, makespan and 429s (docs/decisions/sharing-a-key.md).
 */
/**
 * After a 429: down by this share at full pace, by half of it at half pace, so that who has more gives up
 * more…
 */
const SLOW_DOWN = 0.35;
/** …and back up by this share of the limit each second: in time, so that the slowest gains most. */
const SPEED_UP_PER_S = 0.02;
/** After a refused request: one interval, and up to this much more at random (see `refused`)… */
const JITTER_MS = 150;
/** …and when refused again, twice as long each time, up to this where intervals are shorter. */
const LONGEST_BACKOFF_MS = 500;

export type RequestKind = 'poll' | 'create';

interface Sent {
	at: number;
	kind: RequestKind;
	/** It may have reached the server so much later than usual. */
	lateMs: number;
}

/** A request that has left. */
interface Departure {
	/** Its answer is there, and the server gave it as soon as it had the request. */
	answered(): void;
	/** This process did nothing for so long when it was to send it. */
	busyFor(ms: number): void;
}

/** Spaces requests so that the server never sees more than its limit in any second. */
export class Pace {
	/** The newest requests, as many as may arrive in one second: the oldest of them rules the next. */
	private readonly newest: Sent[] = [];
	/** The usual time to an answer, ms; rises slowly so that a slower network becomes usual, too. */
	private readonly usualMs: Record<RequestKind, number> = { poll: Infinity, create: Infinity };
	/** Pace after the last 429, and when that was. */
	private slowedTo = Infinity;
	private slowedAt = 0;
	/** Since the last request that was accepted. */
	private refusedInRow = 0;
	private nextSlotAt = 0;
	/** From Retry-After. */
	pausedUntil = 0;

	/** @param limit requests in any one second; of 2.5 a second, three now and then */
	constructor(
		private readonly clock: Clock,
		private readonly limit: () => number,
		private readonly random: () => number,
	) {}

	/** Requests per second at the moment; under the limit after a 429. */
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
	leave(kind: RequestKind): Departure {
		const now = this.clock.now();
		// From the planned time, not from now: timers fire late, and the lateness would add up.
		// After an idle time from now: unused slots are not saved up.
		const interval = this.interval();
		this.nextSlotAt = (now - this.nextSlotAt < interval ? this.nextSlotAt : now) + interval;
		const lateMs = now - this.lastAt > COLD_AFTER_MS ? COLD_START_MS : 0;
		const sent: Sent = { at: now, kind, lateMs };
		this.newest.push(sent);
		while (this.newest.length > Math.ceil(this.limit())) this.newest.shift();
		return {
			answered: () => this.noteAnswer(sent),
			busyFor: (ms) => (sent.lateMs = Math.max(sent.lateMs, ms)),
		};
	}

	/** Whether the limit was used up in the last second, and by creates alone. */
	isFullOfCreates(): boolean {
		const first = this.newest[this.newest.length - Math.ceil(this.limit())];
		const since = this.clock.now() - 1000 - LATEST_MS - this.interval();
		const isFull = first !== undefined && first.at > since && this.perSecond === this.limit();
		return isFull && this.newest.every(({ kind }) => kind === 'create');
	}

	/** The server took a request, whatever its answer was. */
	accepted(): void {
		this.refusedInRow = 0;
	}

	/**
	 * The server said 429: slow down, and retry soon.
	 *
	 * A process that is alone on the key leaves only short gaps, and a newcomer meets none of them. So it
	 * does not wait for long, but retries at random offsets until it hits one; then the first is refused
	 * and slows down, too. However often it is refused until then, it slows down once: otherwise the one
	 * that is shut out would slow down most.
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

	/** Nothing may leave for so long. */
	pause(ms: number): void {
		this.pausedUntil = Math.max(this.pausedUntil, this.clock.now() + ms);
	}

	/** -Infinity = nothing has left yet. */
	private get lastAt(): number {
		return this.newest[this.newest.length - 1]?.at ?? -Infinity;
	}

	private interval(perSecond = this.perSecond): number {
		return (1000 / perSecond) * SAFETY;
	}

	private windowOpensAt(): number {
		const first = this.newest[this.newest.length - Math.ceil(this.limit())];
		if (!first) return -Infinity;
		return first.at + 1000 + Math.max(GUARD_MS, first.lateMs + LATE_MARGIN_MS);
	}

	/** An answer that took longer than others may be one to a request that was late. */
	private noteAnswer(sent: Sent): void {
		const { kind } = sent;
		const tookMs = this.clock.now() - sent.at;
		this.usualMs[kind] = Math.min(tookMs, this.usualMs[kind] + 1);
		const longerMs = Math.min(tookMs - this.usualMs[kind], LATEST_MS);
		sent.lateMs = Math.max(sent.lateMs, longerMs);
	}
}
