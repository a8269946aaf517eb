// How long tasks of one kind take, estimated from the latest tasks.

/** What polls have shown of one task so far. */
interface Observation {
	/** If done, the duration; otherwise the age at the last poll. */
	ms: number;
	done: boolean;
}

interface Curve {
	steps: Array<{ ms: number; unfinished: number }>;
	/** The longest age observed, at least `SHORTEST_MS`. */
	endMs: number;
	/** Undefined while too little is known. */
	probablyDoneAfterMs: number | undefined;
}

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
	private readonly seen: Observation[] = [];
	/** The unfinished share (1…0) by age; recomputed after each observation. */
	private curve?: Curve;

	/**
	 * Records what a poll has shown.
	 *
	 * @param known returned for an earlier poll of the same task; it is updated
	 */
	note(ms: number, done: boolean, known?: Observation): Observation {
		const observation = known ?? { ms, done };
		if (!known && this.seen.push(observation) > REMEMBERED_TASKS) this.seen.shift();
		observation.ms = ms;
		observation.done = done;
		this.curve = undefined;
		return observation;
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

	private current(): Curve {
		if (this.curve) return this.curve;
		const sorted = [...this.seen].sort((a, b) => a.ms - b.ms);
		const steps = [];
		let unfinished = 1;
		for (const [index, { ms, done }] of sorted.entries()) {
			if (!done) continue;
			const others = sorted.length - index;
			unfinished *= others / (others + 1);
			steps.push({ ms, unfinished });
		}
		this.curve = {
			steps,
			endMs: Math.max(SHORTEST_MS, sorted[sorted.length - 1]?.ms ?? 0),
			probablyDoneAfterMs: steps.find((step) => step.unfinished <= 1 - PROBABLY + 1e-9)?.ms,
		};
		return this.curve;
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
