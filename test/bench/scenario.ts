import type { ChartData } from './chartData';
import type { Setting } from './setting';

/** One line of the table. */
export interface Figure {
	name: string;
	/** In words; empty = shown for comparison. */
	target: string;
	measured: string;
	/** Undefined where there is no target. */
	met?: boolean;
}

export interface Findings {
	figures: Figure[];
	charts?: Partial<ChartData>;
	/**
	 * By key: each 429 answer to a single process that knew the right limit; undefined = no such run.
	 */
	refused?: string[][];
}

export interface Scenario {
	/** For `--only`. */
	name: string;
	/** Measures the machine, not the clock: nothing else may run beside it. */
	alone?: boolean;
	/** Starts the processes that it needs; the returned function measures. */
	prepare(setting: Setting): Promise<() => Promise<Findings>>;
}

/** Several runs, as garbage is collected and the machine is busy now and then: the median counts. */
export async function middleOf<T>(
	runs: number,
	measure: () => Promise<T>,
	by: (measured: T) => number,
): Promise<T> {
	const first = await measure();
	const all = [first];
	while (all.length < runs) all.push(await measure());
	all.sort((a, b) => by(a) - by(b));
	return all[Math.floor(runs / 2)] ?? first;
}

/** A figure that must not be above its target. */
export function atMost(name: string, value: number, most: number, show = ratio): Figure {
	const target = most === 0 ? show(0) : `≤ ${show(most)}`;
	return { name, target, measured: show(value), met: value <= most };
}

/** A figure that must not be below its target. */
export function atLeast(name: string, value: number, least: number, show = ratio): Figure {
	return { name, target: `≥ ${show(least)}`, measured: show(value), met: value >= least };
}

/** Adds to what was measured how it came about. */
export function explained(figure: Figure, how: string): Figure {
	return { ...figure, measured: `${figure.measured} (${how})` };
}

export const ratio = (value: number) => String(Math.round(value * 1000) / 1000);
export const count = (value: number) => value.toLocaleString('en');
export const seconds = (ms: number) => `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
export const milliseconds = (ms: number) => `${Math.round(ms * 10) / 10} ms`;
export const megabytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MB`;
