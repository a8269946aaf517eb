import { sleepUntil, type Clock } from './clock';

/**
 * Ends a run: everything that waits, and the requests in flight. One object for all items, because n8n's
 * own signal warns from the eleventh listener on.
 */
export class Stop {
	private endsAt?: number;
	private readonly listeners = new Set<() => void>();

	constructor(private readonly clock: Clock) {}

	get stopped(): boolean {
		return this.endsAt !== undefined;
	}

	/**
	 * @param graceMs how long a create that was sent may still take to name its task; a second stop can
	 *   only make it shorter
	 */
	stop(graceMs: number): void {
		const endsAt = this.clock.now() + graceMs;
		if (endsAt >= (this.endsAt ?? Infinity) && this.stopped) return;
		this.endsAt = endsAt;
		for (const listener of [...this.listeners]) listener();
	}

	/** @returns what to call when the listener is no longer needed */
	onStop(listener: () => void): () => void {
		this.listeners.add(listener);
		return () => this.listeners.delete(listener);
	}

	/**
	 * A signal for one request, aborted when the run ends.
	 *
	 * @param mayFinish asked when the run ends: whether the request gets the grace
	 * @returns the signal, a way to end the request alone, and what to call when it is over
	 */
	forRequest(mayFinish: () => boolean): {
		signal: AbortSignal;
		abort: () => void;
		over: () => void;
	} {
		const controller = new AbortController();
		const abort = () => controller.abort();
		let isOver = false;
		const onStop = async () => {
			const endsAt = mayFinish() ? (this.endsAt ?? 0) : 0;
			// Without a limit the request's own deadline ends it.
			if (endsAt === Infinity) return;
			await sleepUntil(this.clock, endsAt, () => isOver);
			abort();
		};
		const remove = this.onStop(() => void onStop());
		if (this.stopped) void onStop();
		const over = () => {
			isOver = true;
			remove();
		};
		return { signal: controller.signal, abort, over };
	}
}
