// What is sent again, how often and how late; and the loop that does it.

import { canceled, type PicWishError } from './errors';
import type { Stop } from '../schedule/stop';
import type { Clock } from '../schedule/clock';

type Method = 'create' | 'query' | 'download';

/** The ways in which a request can end without what was asked for. */
export type Failure =
	/** The server has certainly not had the whole request. */
	| 'notDelivered'
	/** Sent, at least in part, but no whole answer came. */
	| 'lost'
	| 'rateLimited'
	| 'serverError'
	/** An answer, but not one that can be understood. */
	| 'unreadable'
	/** The picture arrived, but n8n's binary store did not take it. */
	| 'notStored'
	/** The result URL works no longer; the task names a new one. */
	| 'expired'
	/** An answer that says no, and would again. */
	| 'refused'
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
	create: { notDelivered: 5, rateLimited: Infinity },
	query: {
		notDelivered: Infinity,
		lost: Infinity,
		rateLimited: Infinity,
		serverError: Infinity,
		unreadable: 5,
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

/** A wait is cut into naps so that a stop is noticed at once and no timer outlives its run. */
const NAP_MS = 250;

/**
 * Sends until it works, may not be sent again, or the time is over.
 *
 * @param deadline on the clock, asked after each try; a delay is cut at it, for one last try
 * @throws PicWishError of the last try; CANCELED when stopped
 */
export async function withRetries<T>(
	method: Method,
	attempt: () => Promise<{ value: T } | Failed>,
	{ clock, deadline, stop }: { clock: Clock; deadline: () => number; stop: Stop },
): Promise<T> {
	const triesBy = new Map<Failure, number>();
	for (;;) {
		const outcome = await attempt();
		if ('value' in outcome) return outcome.value;
		const { failure, error } = outcome;
		const tries = (triesBy.get(failure) ?? 0) + 1;
		triesBy.set(failure, tries);
		const delayMs = outcome.delayMs ?? retryDelayMs(tries, Math.random());
		const mostTries = MOST_TRIES[method][failure] ?? 1;
		if (tries >= mostTries || clock.now() >= deadline()) throw error;
		const resumeAt = Math.min(clock.now() + delayMs, deadline());
		while (clock.now() < resumeAt && !stop.stopped) {
			await clock.sleep(Math.min(NAP_MS, resumeAt - clock.now()));
		}
		if (stop.stopped) throw canceled(error.details.taskId);
	}
}
