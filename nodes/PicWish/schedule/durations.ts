// How long tasks of one kind take, estimated from the latest tasks.

/** Older tasks say little about the service's current speed. */
const REMEMBERED_TASKS = 100;
/** "Probably done": four of five polls at this probability find the task done… */
const PROBABLY = 0.8;
/** …but with too few observations for that, one of two is enough. */
const PROBABLY_AT_FIRST = 0.5;
/** The resolution of the estimate, because a task is not polled more often than this. */
const SHORTEST_MS = 1000;

/**
 * The probability that a task is done at a given age: a Kaplan–Meier estimate, in which unfinished
 * tasks count as censored. One imaginary task that outlasts all others keeps the estimate below 1;
 * beyond the longest age observed, the unfinished share falls as 1 ÷ age.
 */
export class Durations {
	/** The duration of a finished task, or an unfinished task's age at the latest poll. Oldest first. */
	private readonly seen = new Map<unknown, { ms: number; done: boolean }>();
	/** Computed anew after each observation. */
	private curve?: ReturnType<Durations['estimate']>;

	/** Records what a poll of a task has shown: its duration if `done`, otherwise its age. */
	note(task: unknown, ms: number, done: boolean): void {
		this.seen.set(task, { ms, done });
		const [oldest] = this.seen.keys();
		if (this.seen.size > REMEMBERED_TASKS) this.seen.delete(oldest);
		this.curve = undefined;
	}

	/** The probability 0…1 that a task is done at `ageMs`, given that it was not at `unfinishedAtMs`. */
	chanceDone(ageMs: number, unfinishedAtMs = 0): number {
		return 1 - this.unfinished(ageMs) / this.unfinished(unfinishedAtMs);
	}

	/** The probability from which a task counts as probably done. */
	get enough(): number {
		return this.probablyDoneAfter() === undefined ? PROBABLY_AT_FIRST : PROBABLY;
	}

	/** The age at which a task is probably done, ms; undefined while too little is known. */
	probablyDoneAfter(): number | undefined {
		return this.current().probablyDoneAfterMs;
	}

	private unfinished(ageMs: number): number {
		const { steps, endMs } = this.current();
		let low = 0;
		let high = steps.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if (steps[middle]!.ms <= ageMs) low = middle + 1;
			else high = middle;
		}
		const unfinished = steps[low - 1]?.unfinished ?? 1;
		return ageMs > endMs ? (unfinished * endMs) / ageMs : unfinished;
	}

	private current() {
		return (this.curve ??= this.estimate());
	}

	/** The unfinished share (1…0) by age; `endMs` is the longest age observed, at least `SHORTEST_MS`. */
	private estimate() {
		const sorted = [...this.seen.values()].sort((a, b) => a.ms - b.ms);
		const steps: Array<{ ms: number; unfinished: number }> = [];
		let unfinished = 1;
		for (const [index, { ms, done }] of sorted.entries()) {
			if (!done) continue;
			const others = sorted.length - index;
			unfinished *= others / (others + 1);
			steps.push({ ms, unfinished });
		}
		return {
			steps,
			endMs: Math.max(SHORTEST_MS, sorted[sorted.length - 1]?.ms ?? 0),
			probablyDoneAfterMs: steps.find((step) => step.unfinished <= 1 - PROBABLY + 1e-9)?.ms,
		};
	}
}

/**
 * The best estimate of a finished task's processing time, in ms: the server's figures, clamped between
 * the last poll that found it unfinished and the one that found it done.
 */
export function observedProcessingMs(seen: {
	createdAt: number;
	lastUnfinishedAt?: number;
	doneSeenAt: number;
	/** The server's processing time: exact, but without its queue. */
	serverElapsedMs?: number;
	/** From create to done on the server's clock: includes its queue, but in whole seconds. */
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
