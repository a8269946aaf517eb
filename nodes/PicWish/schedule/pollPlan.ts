// When to ask for a task, from how long tasks took lately.

/** One task is not asked for more often: answers may come out of a cache that holds them for a second. */
export const SHORTEST_POLL_GAP_MS = 1000;

/** Completions that are remembered; older ones say little about the service now. */
const REMEMBERED = 50;
/** "Very probably done": this share of the remembered tasks had finished by then. */
const QUANTILE = 0.97;
/** With few completions the guess is widened: by this share with one, half of it with two… */
const WIDENING = 0.4;

/** How long tasks of one type took lately, from create to done. */
export class ProcessingTimes {
	private newest: number[] = [];
	/** The time by which a task is very probably done, in ms; undefined while nothing is known. */
	probablyDoneAfter: number | undefined;

	record(ms: number): void {
		this.newest = [...this.newest, ms].slice(-REMEMBERED);
		const sorted = [...this.newest].sort((a, b) => a - b);
		const index = Math.min(sorted.length - 1, Math.floor(QUANTILE * sorted.length));
		this.probablyDoneAfter = sorted[index]! * (1 + WIDENING / sorted.length);
	}
}

/** Times in ms of one clock. */
export interface PolledTask {
	/** -Infinity = long ago, or not known. */
	createdAt: number;
	/** When it was asked for last; undefined = never. */
	askedAt?: number;
	/** How often it was asked for. */
	asks: number;
	pollIntervalMs: number;
	/** From here on waiting is over; one look is taken just before. */
	deadline: number;
}

export interface Circumstances {
	/** Whether others need the requests that eager polling would take. */
	scarce: boolean;
	/** Whether it is the task of its kind that is asked for all while nothing is learned. */
	oldest: boolean;
	/** From ProcessingTimes. */
	probablyDoneAfterMs?: number;
}

/**
 * When to ask for a task next.
 *
 * Requests to spare: every poll interval, the first time sooner where tasks are faster. Requests scarce:
 * once, when it is very probably done, because a poll too early costs a request while a poll too late
 * costs nothing as long as others fill the line; stragglers at growing gaps. While nothing is learned
 * yet, only the oldest is asked, for all: at gaps that double, and later are half of its age.
 */
export function nextPollAt(task: PolledTask, now: Circumstances): number {
	const { createdAt, askedAt, asks, pollIntervalMs, deadline } = task;
	const lastLook = Math.max(deadline - SHORTEST_POLL_GAP_MS, earliest(task));
	return Math.min(Math.max(planned(), earliest(task)), lastLook);

	function planned(): number {
		const expected = now.probablyDoneAfterMs;
		if (!now.scarce) {
			const first = Math.min(pollIntervalMs, expected ?? Infinity);
			return askedAt === undefined ? createdAt + first : askedAt + pollIntervalMs;
		}
		if (expected === undefined) {
			if (!now.oldest && createdAt !== -Infinity) return Infinity;
			if (askedAt === undefined) return createdAt + pollIntervalMs;
			const longestMs = Math.max(8 * pollIntervalMs, (askedAt - createdAt) / 2);
			return askedAt + Math.min(pollIntervalMs * 2 ** asks, longestMs);
		}
		if (askedAt === undefined) return createdAt + expected;
		// Asked too early before: the rest is short compared with the whole.
		return Math.max(createdAt + expected, askedAt + 0.1 * expected * 1.5 ** (asks - 1));
	}
}

function earliest({ createdAt, askedAt }: PolledTask): number {
	return askedAt === undefined ? createdAt : askedAt + SHORTEST_POLL_GAP_MS;
}

/**
 * The processing time of a finished task, in ms, as near as can be known: the server's own figures,
 * held between the last look that found it unfinished and the one that found it done.
 */
export function observedProcessingMs(seen: {
	createdAt: number;
	lastUnfinishedAt?: number;
	doneSeenAt: number;
	/** The server's figure for the work: exact, but without time in the queue. */
	serverElapsedMs?: number;
	/** From create to done by the server's clock: with the queue, but in whole seconds. */
	serverMs?: number;
}): number {
	const atLeast = (seen.lastUnfinishedAt ?? seen.createdAt) - seen.createdAt;
	const atMost = seen.doneSeenAt - seen.createdAt;
	const fromServer =
		seen.serverElapsedMs === undefined && seen.serverMs === undefined
			? (atLeast + atMost) / 2
			: Math.max(seen.serverElapsedMs ?? 0, (seen.serverMs ?? 0) - 1000);
	return Math.min(Math.max(fromServer, atLeast), atMost);
}
