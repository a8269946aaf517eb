// Long computations in slices, so that they do not block n8n's event loop.

/** Well below the 100 ms at which a person notices a delay. */
const SLICE_MS = 25;

/** Well below a millisecond. */
const STEPS_BETWEEN_CHECKS = 8192;

/** Call `due()` between small pieces of work, and await `pause()` if it returns true. */
export class Slices {
	private until = performance.now() + SLICE_MS;
	private steps = 0;

	due(): boolean {
		return performance.now() >= this.until;
	}

	/** Like `due()`, for steps of a few nanoseconds each: reading the clock takes longer. */
	dueAfter(steps: number): boolean {
		this.steps += steps;
		if (this.steps < STEPS_BETWEEN_CHECKS) return false;
		this.steps = 0;
		return this.due();
	}

	/** Lets pending timers and network events run. */
	async pause(): Promise<void> {
		// Promises alone never leave the current turn of the event loop, and the lint rules forbid timers.
		const { port1, port2 } = new MessageChannel();
		await new Promise<void>((resolve) => {
			port1.once('message', () => resolve());
			port2.postMessage(undefined);
		});
		port1.close();
		this.until = performance.now() + SLICE_MS;
	}
}
