/** Time, passed in so that tests can control it. */
export interface Clock {
	/** Monotonic, in ms. */
	now(): number;
	sleep(ms: number): Promise<void>;
}

/** Timers cannot be canceled, so long waits are split: no timer outlives its run by more than this. */
const LONGEST_TIMER_MS = 250;

/**
 * Waits until the clock reaches `at`, or until `over` returns true.
 *
 * @param over checked at least every 250 ms
 */
export async function sleepUntil(
	clock: Clock,
	at: number,
	over: () => boolean = () => false,
): Promise<void> {
	while (clock.now() < at && !over()) {
		await clock.sleep(Math.min(LONGEST_TIMER_MS, at - clock.now()));
	}
}
