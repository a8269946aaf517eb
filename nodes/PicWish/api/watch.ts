import type { Clock } from '../schedule/clock';

interface Watched {
	giveUpAt: () => number;
	giveUp: () => void;
	/** How long this process was blocked meanwhile, ms: that time does not count. */
	stoodStillMs: number;
}

/** How often requests in flight are checked, and how long the timer can outlive the last one. */
const WATCH_MS = 250;

/** The requests in flight. One timer for all: a timer per request would cost more than the requests. */
const inFlight = new Map<Clock, Set<Watched>>();

/**
 * Calls `giveUp` when a request in flight reaches its deadline.
 *
 * The HTTP library's own timeout will not do. In some n8n versions it counts from the start of the
 * request and would cut off long uploads; in others it counts between two bytes, so a server that
 * drips bytes would never time out.
 *
 * @param giveUpAt the deadline on the clock; checked repeatedly, may change
 * @returns a function to call when the request has ended
 */
export function watch(clock: Clock, giveUpAt: () => number, giveUp: () => void): () => void {
	const known = inFlight.get(clock);
	const watched = known ?? new Set<Watched>();
	const entry: Watched = { giveUpAt, giveUp, stoodStillMs: 0 };
	watched.add(entry);
	if (!known) void goRound(clock, watched);
	return () => watched.delete(entry);
}

async function goRound(clock: Clock, watched: Set<Watched>): Promise<void> {
	inFlight.set(clock, watched);
	while (watched.size > 0) {
		const lookAt = clock.now() + WATCH_MS;
		await clock.sleep(WATCH_MS);
		const now = clock.now();
		const lateMs = now - lookAt;
		// After this process was blocked, answers may have arrived that are not read yet.
		if (lateMs > WATCH_MS) watched.forEach((entry) => (entry.stoodStillMs += lateMs));
		const due = [...watched].filter((one) => one.giveUpAt() + one.stoodStillMs <= now);
		for (const entry of due) {
			watched.delete(entry);
			entry.giveUp();
		}
	}
	inFlight.delete(clock);
}
