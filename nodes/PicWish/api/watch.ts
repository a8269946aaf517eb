import type { Clock } from '../schedule/clock';

/** How often a request under way is looked at; also how long a timer can outlive it. */
const WATCH_MS = 250;

/**
 * Looks after one request under way: gives it up when its time has come.
 *
 * Not left to the HTTP library, whose limit counts from the request's start in some versions of n8n, so
 * that a long upload would be cut in the middle, and between two bytes in others, so that a server that
 * drips would never be left.
 *
 * @param giveUpAt on the clock, as things stand; asked again and again
 * @returns what to call when the request is over
 */
export function watch(clock: Clock, giveUpAt: () => number, giveUp: () => void): () => void {
	let isOver = false;
	void (async () => {
		while (!isOver) {
			const leftMs = giveUpAt() - clock.now();
			if (leftMs <= 0) return giveUp();
			await clock.sleep(Math.min(WATCH_MS, leftMs));
		}
	})();
	return () => {
		isOver = true;
	};
}
