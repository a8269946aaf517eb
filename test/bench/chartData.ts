/** One request as it arrived at the sandbox. */
export interface RequestMark {
	kind: 'create' | 'poll too early' | 'poll that saw it done' | 'download';
	/** Number of the image, by order of creation. */
	image: number;
	/** Since the first request. */
	atS: number;
}

/** What one image's task did between its create and its end. */
export interface ProcessingBar {
	image: number;
	fromS: number;
	toS: number;
}

export interface Makespan {
	way: 'async' | 'sync' | 'one at a time';
	/** Mean processing time. */
	taskS: number;
	makespanS: number;
	/** The minimum at this limit; unknown for one at a time. */
	boundS?: number;
}

export interface MemoryCurve {
	name: string;
	/** Seconds since the run began, and RSS above what it was before, in MB. */
	points: Array<[atS: number, growthMb: number]>;
}

/** A figure of the chart about batches that are not all alike, beside what version 1.0 had. */
export interface UnevenBar {
	panel: 'beside' | 'fetch' | 'mixed';
	name: string;
	value: number;
	/** Measured in the same way with version 1.0. */
	before: number;
	target: number;
}

/** What the charts are drawn from, collected over all scenarios. */
export interface ChartData {
	requests: RequestMark[];
	processing: ProcessingBar[];
	makespans: Makespan[];
	memory: MemoryCurve[];
	uneven: UnevenBar[];
}

export function collect(parts: ReadonlyArray<Partial<ChartData>>): ChartData {
	return {
		requests: parts.flatMap(({ requests }) => requests ?? []),
		processing: parts.flatMap(({ processing }) => processing ?? []),
		makespans: parts.flatMap(({ makespans }) => makespans ?? []),
		memory: parts.flatMap(({ memory }) => memory ?? []),
		uneven: parts.flatMap(({ uneven }) => uneven ?? []),
	};
}
