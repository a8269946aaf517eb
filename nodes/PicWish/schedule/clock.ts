/** Time, handed in so that tests can hold it. */
export interface Clock {
	/** Milliseconds, never going back. */
	now(): number;
	sleep(ms: number): Promise<void>;
}

/** Timers cannot be canceled, so a long wait is cut: no timer outlives its run by more than this. */
const LONGEST_TIMER_MS = 250;

/**
 * Waits until the clock shows `at`, or until `over` says so.
 *
 * @param over asked again after at most 250 ms
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
