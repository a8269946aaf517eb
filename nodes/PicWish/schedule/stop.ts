/** The grace is waited for in naps, so that no timer outlives the request. */
const NAP_MS = 100;

/**
 * Ends a run: for everything that waits, and for requests under way. One for all items, and without a
 * listener for each wait on n8n's own signal, which warns from the eleventh on.
 */
export class Stop {
	private graceMs: number | undefined;
	private readonly listeners = new Set<() => void>();

	get stopped(): boolean {
		return this.graceMs !== undefined;
	}

	/** @param graceMs how long a create under way may still take to name its task */
	stop(graceMs: number): void {
		if (this.stopped) return;
		this.graceMs = graceMs;
		for (const listener of [...this.listeners]) listener();
	}

	/**
	 * A signal for one request, aborted when the run ends.
	 *
	 * @param mayFinish whether the request gets the grace
	 * @returns the signal, a way to end the request alone, and what to call when it is over
	 */
	forRequest(
		mayFinish: boolean,
		sleep: (ms: number) => Promise<void>,
	): { signal: AbortSignal; abort: () => void; over: () => void } {
		const controller = new AbortController();
		const abort = () => controller.abort();
		let isOver = false;
		const onStop = async () => {
			const grace = mayFinish ? (this.graceMs ?? 0) : 0;
			for (let waited = 0; waited < grace && !isOver; waited += NAP_MS) await sleep(NAP_MS);
			abort();
		};
		const listener = () => void onStop();
		if (this.stopped) listener();
		this.listeners.add(listener);
		const over = () => {
			isOver = true;
			this.listeners.delete(listener);
		};
		return { signal: controller.signal, abort, over };
	}
}
