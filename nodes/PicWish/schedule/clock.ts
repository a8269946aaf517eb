/** Time, handed in so that tests can hold it. */
export interface Clock {
	/** Milliseconds, never going back. */
	now(): number;
	sleep(ms: number): Promise<void>;
}
