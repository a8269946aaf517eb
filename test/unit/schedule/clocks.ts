/** Punctual timers; some that fire late, as on a busy machine; and standstills, as of a laptop. */
export const clocks = [
	['punctual', () => () => 0],
	['late', (random: () => number) => () => (random() < 0.03 ? 80 * random() : 4 * random())],
	['jumping', (random: () => number) => () => (random() < 0.001 ? 5000 : 0)],
] as const;

export type LateTimers = (typeof clocks)[number][1];
