import type { ProcessingTimes } from '../../sandbox/tasks';
import { makespanMs, runBatch } from '../batch';
import { around, logNormal, withSlowOnes } from '../durations';
import { atMost, explained, type Scenario, seconds } from '../scenario';
import {
	credentialFor,
	removeObjects,
	removeWatermark,
	REQUESTS_PER_SECOND,
	type Setting,
} from '../setting';
import { countPaced, describe429, mixedBoundMs } from '../tally';

const IMAGES = 100;
const TARGET = 1.15;

interface Mix {
	/** For `--only`, and for the chart. */
	name: string;
	/** For the table. */
	tasks: string;
	processingMs: (images: number) => ProcessingTimes;
	/** Measured with version 1.0. */
	before: number;
	/** In the chart. */
	short: string;
	/** Of the node, one for each run; the images are shared out among the runs, which begin together. */
	runs?: Array<Record<string, unknown>>;
}

/** Batches whose tasks differ in duration. */
export const mixedBatches: Scenario[] = [
	{
		name: 'slow-ones',
		tasks: 'tasks of 3 s, 5 % of them 120 s',
		short: '5 % of 120 s',
		before: 2.24,
		processingMs: (images: number) => ({
			inOrder: withSlowOnes(3000, images, { ms: 120_000, at: [0.12, 0.31, 0.47, 0.6, 0.76] }),
		}),
	},
	{
		name: 'doubling',
		tasks: 'tasks of 4 s, of 8 s from the middle on',
		short: '4 s, then 8 s',
		before: 1.11,
		processingMs: (images: number) => ({
			inOrder: [...around(4000, images / 2), ...around(8000, images / 2, 2)],
		}),
	},
	{
		name: 'log-normal',
		tasks: 'durations log-normal, median 4 s, σ 0.7',
		short: 'log-normal',
		before: 1.15,
		processingMs: (images: number) => ({ inOrder: logNormal(4000, 0.7, images) }),
	},
	{
		name: 'two-kinds',
		tasks: 'half of them objects of 12 s, half watermarks of 1 s, two runs at once',
		short: 'two kinds',
		before: 1.08,
		processingMs: (images: number) => ({
			removeObjects: { inOrder: around(12_000, images) },
			removeWatermark: { inOrder: around(1000, images, 2) },
		}),
		runs: [removeObjects, removeWatermark],
	},
].map(toScenario);

function toScenario(mix: Mix): Scenario {
	return {
		name: mix.name,
		async prepare(setting: Setting) {
			const images = setting.images(IMAGES);
			const sandbox = await setting.openSandbox({
				requestsPerSecond: REQUESTS_PER_SECOND,
				processingMs: mix.processingMs(images),
			});
			return async () => {
				const runs = mix.runs ?? [removeWatermark];
				const running = runs.map(async (parameters) => {
					return await runBatch(setting.engine, {
						picture: setting.smallPicture,
						images: images / runs.length,
						parameters,
						credential: credentialFor(sandbox),
					});
				});
				const elapsedMs = makespanMs(await Promise.all(running));
				const log = await sandbox.log();
				const boundMs = mixedBoundMs(log, REQUESTS_PER_SECOND);
				const name = `${images} images, ${mix.tasks}: makespan ÷ bound`;
				const perImage = Math.round((countPaced(log) / images) * 100) / 100;
				const how = `${seconds(elapsedMs)} ÷ ${seconds(boundMs)}; ${perImage} requests per image`;
				const value = elapsedMs / boundMs;
				return {
					figures: [explained(atMost(name, value, TARGET), how)],
					charts: {
						uneven: [
							{ panel: 'mixed', name: mix.short, value, before: mix.before, target: TARGET },
						],
					},
					refused: [describe429(log)],
				};
			};
		},
	};
}
