// How long tasks of one kind take, from what was seen of the latest.

/** What the looks at one task have shown so far. */
interface Observation {
	/** Age at the last look that found it unfinished, or the whole duration; ms. */
	ms: number;
	done: boolean;
}

interface Curve {
	steps: Array<{ ms: number; unfinished: number }>;
	/** The longest age that was seen. */
	endMs: number;
	/** Undefined while too little is known. */
	probablyDoneAfterMs: number | undefined;
}

/** Older tasks say little about the service now. */
const REMEMBERED_TASKS = 100;
/** "Probably done": of polls at this chance, four of five find the task done… */
const PROBABLY = 0.8;
/** …but while too little is known to be so sure, every second one will do. */
const PROBABLY_AT_FIRST = 0.5;
/** Below it nothing is told apart: a task is not polled more often. */
const SHORTEST_MS = 1000;

/**
 * The chance that a task is done, as the Kaplan–Meier estimate of how many are still unfinished at an
 * age: unfinished tasks count, too. One imagined task that outlasts all others keeps it from certainty;
 * beyond the longest age that was seen, the unfinished part falls as 1 ÷ age.
 */
export class Durations {
	private readonly seen: Observation[] = [];
	/** How many are unfinished from an age on, 1…0; made anew after each observation. */
	private curve?: Curve;

	/**
	 * Notes what a look has shown.
	 *
	 * @param known what an earlier look at the same task gave back
	 */
	note(ms: number, done: boolean, known?: Observation): Observation {
		const observation = known ?? { ms, done };
		if (!known && this.seen.push(observation) > REMEMBERED_TASKS) this.seen.shift();
		observation.ms = ms;
		observation.done = done;
		this.curve = undefined;
		return observation;
	}

	/** The chance 0…1 that a task is done at this age, when it was not at the age of the last look; ms. */
	chanceDone(ageMs: number, unfinishedAtMs = 0): number {
		return 1 - this.unfinished(ageMs) / this.unfinished(unfinishedAtMs);
	}

	/** The chance from which a task counts as probably done. */
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
 * The processing time of a finished task, in ms, as near as can be known: the server's own figures,
 * held between the last look that found it unfinished and the one that found it done.
 */
export function observedProcessingMs(seen: {
	createdAt: number;
	lastUnfinishedAt?: number;
	doneSeenAt: number;
	/** The server's figure for the work: exact, but without time in its queue. */
	serverElapsedMs?: number;
	/** From create to done by the server's clock: with its queue, but in whole seconds. */
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
