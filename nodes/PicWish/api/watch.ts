import type { Clock } from '../schedule/clock';

interface Watched {
	giveUpAt: () => number;
	giveUp: () => void;
	/** How long this process stood still meanwhile, ms: that time does not count. */
	stoodStillMs: number;
}

/** How often requests in flight are checked; also how long a timer can outlive the last one. */
const WATCH_MS = 250;

/** One round for all: a timer for each request would cost more than the requests. */
interface Round {
	watched: Set<Watched>;
	running: boolean;
}
const rounds = new WeakMap<Clock, Round>();

/**
 * Watches a request in flight: gives it up when its time has come.
 *
 * Not left to the HTTP library, whose limit counts from the request's start in some versions of n8n, so
 * that a long upload would be cut in the middle, and between two bytes in others, so that a server that
 * drips would never be left.
 *
 * @param giveUpAt on the clock, as things stand; asked again and again
 * @returns what to call when the request is over
 */
export function watch(clock: Clock, giveUpAt: () => number, giveUp: () => void): () => void {
	const round: Round = rounds.get(clock) ?? { watched: new Set(), running: false };
	rounds.set(clock, round);
	const { watched } = round;
	const entry: Watched = { giveUpAt, giveUp, stoodStillMs: 0 };
	watched.add(entry);
	if (!round.running) {
		round.running = true;
		void goRound(clock, round);
	}
	return () => watched.delete(entry);
}

async function goRound(clock: Clock, round: Round): Promise<void> {
	const { watched } = round;
	while (watched.size > 0) {
		const lookAt = clock.now() + WATCH_MS;
		await clock.sleep(WATCH_MS);
		const now = clock.now();
		const lateMs = now - lookAt;
		// After a standstill answers may be here that nobody has read yet.
		if (lateMs > WATCH_MS) watched.forEach((entry) => (entry.stoodStillMs += lateMs));
		const due = [...watched].filter((one) => one.giveUpAt() + one.stoodStillMs <= now);
		for (const entry of due) {
			watched.delete(entry);
			entry.giveUp();
		}
	}
	round.running = false;
}
