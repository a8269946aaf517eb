// Processing times for batches whose tasks differ in duration. The same in every run.

/** As in the other batches: the mean ± 30 %. */
const SPREAD = 0.3;

/** Tasks of about `ms` each. */
export function around(ms: number, count: number, seed = 1): number[] {
	const random = seededRandom(seed);
	return Array.from({ length: count }, () => ms * (1 + SPREAD * (2 * random() - 1)));
}

/** About `ms` each, but for those at `slow.at`, which are shares of the whole batch, 0…1. */
export function withSlowOnes(
	ms: number,
	count: number,
	slow: { ms: number; at: readonly number[] },
): number[] {
	const durations = around(ms, count);
	for (const share of slow.at) durations[Math.floor(share * count)] = slow.ms;
	return durations;
}

/** @param sigma of the logarithm: with 0.7, one of twenty takes more than three times the median */
export function logNormal(medianMs: number, sigma: number, count: number): number[] {
	const random = seededRandom(7);
	return Array.from({ length: count }, () => {
		// Box and Muller's normal variate.
		const radius = Math.sqrt(-2 * Math.log(1 - random()));
		return medianMs * Math.exp(sigma * radius * Math.cos(2 * Math.PI * random()));
	});
}

function seededRandom(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return state / 2 ** 32;
	};
}
