// The retry policy (what, how often, with which delay) and the retry loop.

import { canceled, type PicWishError } from '../errors';
import type { Stop } from '../schedule/stop';
import { sleepUntil, type Clock } from '../schedule/clock';

type Method = 'create' | 'poll' | 'download' | 'image';

/** How a request can fail. */
export type Failure =
	/** The server certainly did not get the whole request. */
	| 'notDelivered'
	/** Sent, at least in part, but no complete answer arrived. */
	| 'lost'
	| 'rateLimited'
	/** 503 in the API's own JSON: nothing was created. */
	| 'unavailable'
	| 'serverError'
	/** The answer cannot be parsed. */
	| 'unreadable'
	/** The picture arrived, but n8n's binary store rejected it. */
	| 'notStored'
	/** The result URL no longer works; a poll returns a new one. */
	| 'expired'
	/** An error that a retry would repeat. */
	| 'refused'
	/** The API knows no such task of this type. */
	| 'unknownTask'
	/** The same, but the task may be of another type, which is queried next. */
	| 'otherType'
	/** Affects every request of this account: the key, the service or the credits. */
	| 'accountRefused'
	| 'canceled';

export interface Failed {
	failure: Failure;
	error: PicWishError;
	/** Delay before the next try, in ms, if not the usual backoff: Retry-After, or 0. */
	delayMs?: number;
}

/** What one try gave. */
export type Attempt<T> = { value: T } | Failed;

/** A create costs credits, so it is retried only if no task can exist. */
const NOTHING_CREATED = { notDelivered: Infinity, rateLimited: Infinity, unavailable: Infinity };
/** Polls and downloads change nothing, so every transient failure is retried. */
const TRANSIENT = { ...NOTHING_CREATED, lost: Infinity, serverError: Infinity };

/** The most tries per kind of failure. Infinity = until the deadline; missing = no retry. */
const MOST_TRIES: Record<Method, Partial<Record<Failure, number>>> = {
	create: NOTHING_CREATED,
	poll: { ...TRANSIENT, unreadable: 5, otherType: Infinity },
	download: { ...TRANSIENT, unreadable: 3, notStored: 3, expired: 2 },
	/** From the image's own host, which can be any server: few retries. */
	image: { notDelivered: 3, lost: 3, rateLimited: 3, serverError: 3 },
};

const FIRST_DELAY_MS = 1000;
const LONGEST_DELAY_MS = 15_000;

/** Backoff after the `tries`-th failure of a kind, ms: doubling, half of it jitter to spread retries. */
function retryDelayMs(tries: number, random: number): number {
	const full = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (tries - 1));
	return full * (0.5 + random / 2);
}

/** Caps Retry-After: PicWish counts requests per second, and a longer wait could use up Max Wait. */
const LONGEST_RETRY_AFTER_MS = 60_000;

/** Retry-After header (seconds or a date) → ms from now; undefined if absent or invalid. */
export function retryAfterMs(header: unknown, nowEpochMs: number): number | undefined {
	if (typeof header !== 'string' || header.trim() === '') return undefined;
	const seconds = Number(header);
	const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - nowEpochMs;
	return Number.isFinite(ms) ? Math.min(Math.max(0, ms), LONGEST_RETRY_AFTER_MS) : undefined;
}

/**
 * Retries until success, a failure that must not be retried, or the deadline. A poll or download that
 * started before the deadline gets one more try, so that a stalled process does not lose a paid task.
 * A create does not: nothing would wait for its task.
 *
 * @param deadline on the clock, read after each try; it also cuts the delay
 * @throws PicWishError of the last try; CANCELED when stopped
 */
export async function withRetries<T>(
	method: Method,
	attempt: () => Promise<Attempt<T>>,
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
