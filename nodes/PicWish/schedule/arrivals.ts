import type { Clock } from './clock';

/*
 * The server counts requests when they arrive, and they arrive with jitter. So what may leave now depends
 * on when earlier requests arrived at the latest. The numbers below were chosen with `npm run bench`,
 * in which a dozen batches at once make this process and the server late now and then.
 */

/** On top of the second in which the server counts: what jitter usually is, and at most. */
const GUARD_MS = 35;
const WIDEST_GUARD_MS = 100;
/** A 429 at full pace means more jitter than thought: the guard grows by this… */
const GUARD_STEP_MS = 20;
/** …and half of that has passed after this time. */
const GUARD_HALF_LIFE_MS = 10_000;
/** What is left for jitter after a request of which it is known that it came late. */
const LATE_MARGIN_MS = 20;
/** The first request after a pause comes late by up to this: name look-up, connection, cold code. */
const COLD_START_MS = 100;
const COLD_AFTER_MS = 5000;
/** However long its answer took, a request is not taken for later than this. */
const LATEST_MS = 100;
/** Of so many answers the quickest says how long an answer takes. */
const COMPARED_ANSWERS = 20;

export type RequestKind = 'poll' | 'create';

export interface NotedRequest {
	/** Its answer is there, and the server gave it as soon as it had the request. */
	answered(): void;
	/** This process did nothing for so long when it was to send it. */
	busyFor(ms: number): void;
}

interface Sent {
	at: number;
	/** By so much more than usual it may have come late to the server. */
	lateMs: number;
}

/** Keeps requests apart so that the server never sees more than its limit in any second. */
export class Arrivals {
	/** The newest requests, as many as may arrive in one second: the oldest of them rules the next. */
	private newest: Sent[] = [];
	private readonly answerTimes: Record<RequestKind, number[]> = { poll: [], create: [] };
	private widenedTo = GUARD_MS;
	private widenedAt = 0;

	constructor(private readonly clock: Clock) {}

	/**
	 * The time from which the next request may leave.
	 *
	 * @param limit requests in any one second; of 2.5 a second, three now and then
	 */
	nextAt(limit: number): number {
		const first = this.newest[this.newest.length - Math.ceil(limit)];
		if (!first) return -Infinity;
		return first.at + 1000 + Math.max(this.guardMs(), first.lateMs + LATE_MARGIN_MS);
	}

	/** When the last request left; -Infinity = none yet. */
	get lastAt(): number {
		return this.newest[this.newest.length - 1]?.at ?? -Infinity;
	}

	/** A request leaves now. */
	note(kind: RequestKind, limit: number): NotedRequest {
		const at = this.clock.now();
		const pauseMs = at - this.lastAt;
		const request = { at, lateMs: pauseMs > COLD_AFTER_MS ? COLD_START_MS : 0 };
		this.newest = [...this.newest, request].slice(-Math.ceil(limit));
		return {
			answered: () => this.noteAnswer(kind, request),
			busyFor: (ms) => (request.lateMs = Math.max(request.lateMs, ms)),
		};
	}

	/** The server said that there were too many, although the limit was kept. */
	widen(): void {
		this.widenedTo = Math.min(WIDEST_GUARD_MS, this.guardMs() + GUARD_STEP_MS);
		this.widenedAt = this.clock.now();
	}

	/** An answer that took longer than others may be one to a request that came late. */
	private noteAnswer(kind: RequestKind, request: Sent): void {
		const tookMs = this.clock.now() - request.at;
		const times = [...this.answerTimes[kind], tookMs].slice(-COMPARED_ANSWERS);
		this.answerTimes[kind] = times;
		const longerMs = Math.min(tookMs - Math.min(...times), LATEST_MS);
		request.lateMs = Math.max(request.lateMs, longerMs);
	}

	private guardMs(): number {
		const left = 0.5 ** ((this.clock.now() - this.widenedAt) / GUARD_HALF_LIFE_MS);
		return GUARD_MS + (this.widenedTo - GUARD_MS) * left;
	}
}
