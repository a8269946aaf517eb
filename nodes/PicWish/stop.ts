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
		const onStop = () => {
			if (mayFinish) void sleep(this.graceMs ?? 0).then(abort);
			else abort();
		};
		if (this.stopped) onStop();
		this.listeners.add(onStop);
		return { signal: controller.signal, abort, over: () => this.listeners.delete(onStop) };
	}
}
