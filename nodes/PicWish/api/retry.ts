// What is sent again, how often and how late; and the loop that does it.

import { canceled, type PicWishError } from '../errors';
import type { Stop } from '../schedule/stop';
import { sleepUntil, type Clock } from '../schedule/clock';

type Method = 'create' | 'query' | 'download' | 'image';

/** The ways in which a request can end without what was asked for. */
export type Failure =
	/** The server has certainly not had the whole request. */
	| 'notDelivered'
	/** Sent, at least in part, but no whole answer came. */
	| 'lost'
	| 'rateLimited'
	/** 503 in the API's own words: nothing was made. */
	| 'unavailable'
	| 'serverError'
	/** An answer, but not one that can be understood. */
	| 'unreadable'
	/** The picture arrived, but n8n's binary store did not take it. */
	| 'notStored'
	/** The result URL works no longer; the task names a new one. */
	| 'expired'
	/** An answer that says no, and would again. */
	| 'refused'
	/** The API knows no such task of this type. */
	| 'unknownTask'
	/** The same, but it may be of another type, which is asked next. */
	| 'otherType'
	/** The same for every request of this account: the key, the service or the credits. */
	| 'accountRefused'
	| 'canceled';

export interface Failed {
	failure: Failure;
	error: PicWishError;
	/** Waiting time before the next try where it is not the usual one: Retry-After, or 0, ms. */
	delayMs?: number;
}

/**
 * How often a request may end in each way before it is given up; Infinity = until the waiting time is
 * over; missing = at once.
 *
 * A create costs credits, so it is sent again only where no task can exist. Queries and downloads
 * change nothing, so everything that can pass is tried again.
 */
const MOST_TRIES: Record<Method, Partial<Record<Failure, number>>> = {
	create: { notDelivered: Infinity, rateLimited: Infinity, unavailable: Infinity },
	query: {
		notDelivered: Infinity,
		lost: Infinity,
		rateLimited: Infinity,
		unavailable: Infinity,
		serverError: Infinity,
		unreadable: 5,
		otherType: Infinity,
	},
	download: {
		notDelivered: Infinity,
		lost: Infinity,
		rateLimited: Infinity,
		serverError: Infinity,
		unreadable: 3,
		notStored: 3,
		expired: 2,
	},
	/** The image's own host, which may be any; PicWish will not try for longer either. */
	image: { notDelivered: 3, lost: 3, rateLimited: 3, serverError: 3 },
};

const FIRST_DELAY_MS = 1000;
const LONGEST_DELAY_MS = 15_000;

/** Delay after the `tries`-th failure of a kind, ms: doubling, half of it random so that many do not come at once. */
function retryDelayMs(tries: number, random: number): number {
	const full = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (tries - 1));
	return full * (0.5 + random / 2);
}

/** A longer Retry-After is cut: PicWish's limit is one per second, and maxWait must keep its meaning. */
const LONGEST_RETRY_AFTER_MS = 60_000;

/** Header Retry-After: seconds or a date → ms from now; undefined when absent or unreadable. */
export function retryAfterMs(header: unknown, nowEpochMs: number): number | undefined {
	if (typeof header !== 'string' || header.trim() === '') return undefined;
	const seconds = Number(header);
	const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - nowEpochMs;
	return Number.isFinite(ms) ? Math.min(Math.max(0, ms), LONGEST_RETRY_AFTER_MS) : undefined;
}

/**
 * Sends until it works, may not be sent again, or the time is over. A query or download that began before
 * the deadline may be followed by one more try: a process that stood still meanwhile must not lose what it
 * paid for. A create that took until the deadline is not: nobody would wait for its task.
 *
 * @param deadline on the clock, asked after each try; a delay is cut at it
 * @throws PicWishError of the last try; CANCELED when stopped
 */
export async function withRetries<T>(
	method: Method,
	attempt: () => Promise<{ value: T } | Failed>,
	{ clock, deadline, stop }: { clock: Clock; deadline: () => number; stop: Stop },
): Promise<T> {
	const triesBy = new Map<Failure, number>();
	for (;;) {
		const begunAt = clock.now();
		const outcome = await attempt();
		if ('value' in outcome) return outcome.value;
		const { failure, error } = outcome;
		const tries = (triesBy.get(failure) ?? 0) + 1;
		triesBy.set(failure, tries);
		const mostTries = MOST_TRIES[method][failure] ?? 1;
		const triedAt = method === 'create' ? clock.now() : begunAt;
		if (tries >= mostTries || triedAt >= deadline()) throw error;
		const delayMs = outcome.delayMs ?? retryDelayMs(tries, Math.random());
		const resumeAt = Math.min(clock.now() + delayMs, deadline());
		await sleepUntil(clock, resumeAt, () => stop.stopped);
		if (stop.stopped) throw canceled(error.details.taskId);
	}
}
