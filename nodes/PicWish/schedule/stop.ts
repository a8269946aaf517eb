import { sleepUntil, type Clock } from './clock';

/**
 * Ends a run: everything that waits, and the requests in flight. All items share one object, because
 * n8n's own signal warns about more than ten listeners.
 */
export class Stop {
	private endsAt?: number;
	private readonly listeners = new Set<() => void>();

	constructor(private readonly clock: Clock) {}

	get stopped(): boolean {
		return this.endsAt !== undefined;
	}

	/**
	 * @param graceMs how long a create in flight may still take to return its task ID; a second stop can
	 *   only shorten it
	 */
	stop(graceMs: number): void {
		const endsAt = this.clock.now() + graceMs;
		if (endsAt >= (this.endsAt ?? Infinity) && this.stopped) return;
		this.endsAt = endsAt;
		for (const listener of [...this.listeners]) listener();
	}

	/** @returns a function that removes the listener */
	onStop(listener: () => void): () => void {
		this.listeners.add(listener);
		return () => this.listeners.delete(listener);
	}

	/**
	 * A signal for one request, aborted when the run ends.
	 *
	 * @param mayFinish called when the run ends: whether the request gets the grace period
	 * @returns the signal, `abort` for this request alone, and `over`, to be called when it has ended
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
			// With unlimited grace, the request's own deadline ends it.
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
