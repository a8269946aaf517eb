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
	 * @returns the signal, and what to call when the request is over
	 */
	forRequest(
		mayFinish: boolean,
		sleep: (ms: number) => Promise<void>,
	): { signal: AbortSignal; over: () => void } {
		const controller = new AbortController();
		const abort = () => {
			const { graceMs = 0 } = this;
			if (mayFinish) void sleep(graceMs).then(() => controller.abort());
			else controller.abort();
		};
		if (this.stopped) abort();
		this.listeners.add(abort);
		return { signal: controller.signal, over: () => this.listeners.delete(abort) };
	}
}
