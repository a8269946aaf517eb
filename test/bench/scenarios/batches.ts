import type { SandboxLog } from '../../sandbox/process';
import { runBatch } from '../batch';
import type { Makespan, ProcessingBar, RequestMark } from '../chartData';
import { oneAfterAnother } from '../oneAfterAnother';
import {
	atLeast,
	atMost,
	explained,
	type Figure,
	ratio,
	type Scenario,
	seconds,
} from '../scenario';
import { credentialFor, removeWatermark, REQUESTS_PER_SECOND, type Setting } from '../setting';
import { asyncBoundMs, countPaced, describe429, syncBoundMs } from '../tally';

const IMAGES = 100;
/** Of the loop that takes one image after another. */
const POLL_EVERY_MS = 1000;
/** The batch whose requests are drawn. */
const DRAWN_TASK_S = 6;

/** A batch as a user runs it, beside the same images one at a time. */
export function asyncBatch(
	taskS: number,
	compared: { images: number; atLeastTimesFaster?: number },
): Scenario {
	return {
		name: `async-${taskS}s`,
		async prepare(setting) {
			const sandbox = await setting.openPacedSandbox(taskS);
			const other = await setting.openPacedSandbox(taskS);
			return async () => {
				const images = setting.images(IMAGES);
				const [{ elapsedMs }, slowly] = await Promise.all([
					runBatch(setting.engine, {
						picture: setting.smallPicture,
						images,
						parameters: removeWatermark,
						credential: credentialFor(sandbox),
					}),
					serially(setting, other, compared.images, images),
				]);
				const log = await sandbox.log();
				const boundMs = asyncBoundMs(images, REQUESTS_PER_SECOND, taskS * 1000);
				const makespans: Makespan[] = [
					{ way: 'async', taskS, makespanS: elapsedMs / 1000, boundS: boundMs / 1000 },
					{ way: 'one at a time', taskS, makespanS: slowly.ms / 1000 },
				];
				return {
					figures: [
						makespanFigure(`async, ${images} images, tasks of ${taskS} s`, elapsedMs, boundMs),
						atMost(`requests per image, async, tasks of ${taskS} s`, countPaced(log) / images, 2.2),
						explained(
							timesFaster(taskS, slowly.ms / elapsedMs, compared.atLeastTimesFaster),
							`${slowly.description} against ${seconds(elapsedMs)}`,
						),
					],
					charts: { makespans, ...(taskS === DRAWN_TASK_S ? draw(log) : {}) },
					refused: [describe429(log)],
				};
			};
		},
	};
}

/** One request an image: the answer to the create is the result. */
export function syncBatch(taskS: number): Scenario {
	return {
		name: `sync-${taskS}s`,
		async prepare(setting) {
			const sandbox = await setting.openPacedSandbox(taskS);
			return async () => {
				const images = setting.images(IMAGES);
				const { elapsedMs } = await runBatch(setting.engine, {
					picture: setting.smallPicture,
					images,
					parameters: { ...removeWatermark, options: { requestMode: 'sync' } },
					credential: credentialFor(sandbox),
				});
				const boundMs = syncBoundMs(images, REQUESTS_PER_SECOND, taskS * 1000);
				return {
					figures: [
						makespanFigure(`sync, ${images} images, tasks of ${taskS} s`, elapsedMs, boundMs),
					],
					charts: {
						makespans: [
							{ way: 'sync', taskS, makespanS: elapsedMs / 1000, boundS: boundMs / 1000 },
						],
					},
					refused: [describe429(await sandbox.log())],
				};
			};
		},
	};
}

function makespanFigure(name: string, elapsedMs: number, boundMs: number): Figure {
	const figure = atMost(`${name}: makespan ÷ bound`, elapsedMs / boundMs, 1.08);
	return explained(figure, `${seconds(elapsedMs)} ÷ ${seconds(boundMs)}`);
}

function timesFaster(taskS: number, times: number, target?: number): Figure {
	const name = `speed-up over one image at a time, tasks of ${taskS} s`;
	if (target !== undefined) return atLeast(name, times, target);
	return { name, target: '', measured: ratio(times) };
}

/** A share of the images is enough: the loop takes the same time for each. */
async function serially(
	setting: Setting,
	sandbox: { apiUrl: string; apiKey: string },
	sampleOf: number,
	images: number,
): Promise<{ ms: number; description: string }> {
	const sample = setting.images(sampleOf);
	const sampleMs = await oneAfterAnother(sandbox, setting.smallPicture, sample, POLL_EVERY_MS);
	const ms = (sampleMs / sample) * images;
	return { ms, description: `${seconds(ms)}, from ${sample} images in ${seconds(sampleMs)}` };
}

function draw({ requests, tasks }: SandboxLog): {
	requests: RequestMark[];
	processing: ProcessingBar[];
} {
	const beginning = requests[0]?.at ?? 0;
	const since = (at: number) => (at - beginning) / 1000;
	const imageOf = new Map(tasks.map(({ taskId }, index) => [taskId, index + 1]));
	const doneAt = new Map(tasks.map((task) => [task.taskId, task.doneAt]));
	const marks = requests.flatMap(({ kind, taskId = '', at }): RequestMark[] => {
		const image = imageOf.get(taskId);
		if (image === undefined || kind === 'other') return [];
		const done = at >= (doneAt.get(taskId) ?? Infinity);
		const poll = done ? 'poll that saw it done' : 'poll too early';
		return [{ kind: kind === 'query' ? poll : kind, image, atS: since(at) }];
	});
	const processing = tasks.map((task, index) => ({
		image: index + 1,
		fromS: since(task.createdAt),
		toS: since(task.doneAt),
	}));
	return { requests: marks, processing };
}
