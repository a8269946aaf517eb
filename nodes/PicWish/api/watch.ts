import type { Clock } from '../schedule/clock';

interface Watched {
	giveUpAt: () => number;
	giveUp: () => void;
}

/** How often requests under way are looked at; also how long a timer can outlive the last one. */
const WATCH_MS = 250;

/** One round for all: a timer for each request would cost more than the requests. */
const rounds = new WeakMap<Clock, { watched: Set<Watched>; running: boolean }>();

/**
 * Looks after a request under way: gives it up when its time has come.
 *
 * Not left to the HTTP library, whose limit counts from the request's start in some versions of n8n, so
 * that a long upload would be cut in the middle, and between two bytes in others, so that a server that
 * drips would never be left.
 *
 * @param giveUpAt on the clock, as things stand; asked again and again
 * @returns what to call when the request is over
 */
export function watch(clock: Clock, giveUpAt: () => number, giveUp: () => void): () => void {
	const round = rounds.get(clock) ?? { watched: new Set(), running: false };
	rounds.set(clock, round);
	const { watched } = round;
	const entry = { giveUpAt, giveUp };
	watched.add(entry);
	if (!round.running) {
		round.running = true;
		void goRound(clock, watched).finally(() => (round.running = false));
	}
	return () => watched.delete(entry);
}

async function goRound(clock: Clock, watched: Set<Watched>): Promise<void> {
	while (watched.size > 0) {
		await clock.sleep(WATCH_MS);
		const due = [...watched].filter(({ giveUpAt }) => giveUpAt() <= clock.now());
		for (const entry of due) {
			watched.delete(entry);
			entry.giveUp();
		}
	}
}
