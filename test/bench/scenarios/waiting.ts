/* eslint-disable @n8n/community-nodes/no-restricted-imports -- a command-line program for a developer's machine */
import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { IDataObject } from 'n8n-workflow';
import type { SandboxLog, SandboxProcess } from '../../sandbox/process';
import { type BatchOrder, machineNow, runBatch } from '../batch';
import { around } from '../durations';
import { atMost, explained, type Scenario, seconds } from '../scenario';
import {
	credentialFor,
	removeObjects,
	removeWatermark,
	REQUESTS_PER_SECOND,
	type Setting,
} from '../setting';
import { describe429 } from '../tally';

const TASKS = 10;
const MOST_LATE_MS = 6000;
const MOST_TIMES = 3;
/** Measured with version 1.0. */
const BEFORE = { fetchS: 124, besideTimes: 61 };

/** The pattern that survives a restart: create without waiting, fetch in another process. */
export const fetchUnfinished: Scenario = {
	name: 'fetch-unfinished',
	async prepare(setting) {
		const processingMs = 140_000;
		const limits = { requestsPerSecond: REQUESTS_PER_SECOND, processingMs };
		const sandbox = await setting.openSandbox(limits);
		const runner = await setting.openRunner();
		return async () => {
			const { endedAt } = await runner.run({
				picture: setting.smallPicture,
				images: TASKS,
				json: await submitTasks(sandbox, setting.smallPicture, TASKS),
				parameters: {
					operation: 'getResult',
					taskType: 'removeWatermark',
					taskId: '={{ $json.taskId }}',
				},
				credential: credentialFor(sandbox),
			});
			const log = await sandbox.log();
			const lateMs = longestUnseenMs(log);
			const lastMs = endedAt - Math.max(...log.tasks.map(({ doneAt }) => doneAt));
			const name = `Get Result of ${TASKS} unfinished tasks in a fresh process: longest from done to seen`;
			const how = `the run ended ${seconds(lastMs)} after the last was done; tasks of ${seconds(processingMs)}`;
			return {
				figures: [explained(atMost(name, lateMs, MOST_LATE_MS, seconds), how)],
				charts: {
					uneven: [
						{
							panel: 'fetch',
							name: 'Get Result',
							value: lateMs / 1000,
							before: BEFORE.fetchS,
							target: MOST_LATE_MS / 1000,
						},
					],
				},
				refused: [describe429(log)],
			};
		};
	},
};

/** A few quick images after a batch of slow ones, whose durations are what the process knows. */
export const afterSlowOnes: Scenario = {
	name: 'after-slow-ones',
	async prepare(setting) {
		const slow = setting.images(10);
		const quick = 3;
		const processingMs = { inOrder: [...around(60_000, slow), ...around(3000, quick)] };
		const limits = { requestsPerSecond: REQUESTS_PER_SECOND, processingMs };
		const sandbox = await setting.openSandbox(limits);
		return async () => {
			const order = {
				picture: setting.smallPicture,
				parameters: removeWatermark,
				credential: credentialFor(sandbox),
			};
			await runBatch(setting.engine, { ...order, images: slow });
			const { elapsedMs } = await runBatch(setting.engine, { ...order, images: quick });
			const name = `after a batch of 60 s tasks, ${quick} images of 3 s: makespan`;
			return {
				figures: [atMost(name, elapsedMs, MOST_LATE_MS, seconds)],
				refused: [describe429(await sandbox.log())],
			};
		};
	},
};

/** One quick image that comes while a large batch of slow ones runs. */
export const besideLargeRun: Scenario = {
	name: 'beside-large-run',
	async prepare(setting) {
		const requestsPerSecond = 10;
		const processingMs = { removeObjects: 6000, removeWatermark: 500 };
		const sandbox = await setting.openSandbox({ requestsPerSecond, processingMs });
		return async () => {
			const large = setting.images(400);
			const one: BatchOrder = {
				picture: setting.smallPicture,
				images: 1,
				parameters: removeWatermark,
				credential: credentialFor(sandbox, requestsPerSecond),
			};
			const { engine } = setting;
			// With the same key, so that it is known how quick such tasks are.
			const alone = await runBatch(engine, one);
			const batch = { ...one, images: large, parameters: removeObjects };
			const running = runBatch(engine, batch);
			await wait(ARRIVES_AFTER_MS);
			const beside = await runBatch(engine, one);
			await running;
			const value = beside.elapsedMs / alone.elapsedMs;
			const name = `one watermark (0.5 s) beside ${large} Remove Objects (6 s), ${requestsPerSecond}/s: time ÷ the same alone`;
			const how = `${seconds(beside.elapsedMs)} ÷ ${seconds(alone.elapsedMs)}`;
			return {
				figures: [explained(atMost(name, value, MOST_TIMES), how)],
				charts: {
					uneven: [
						{
							panel: 'beside',
							name: 'one watermark',
							value,
							before: BEFORE.besideTimes,
							target: MOST_TIMES,
						},
					],
				},
			};
		};
	},
};

const ARRIVES_AFTER_MS = 3000;

/** From done at the server to the answer that says so. */
function longestUnseenMs({ requests, tasks }: SandboxLog): number {
	const unseen = tasks.map(({ taskId, doneAt }) => {
		const seen = requests.find(
			(request) => request.kind === 'query' && request.taskId === taskId && request.at >= doneAt,
		);
		return (seen?.endedAt ?? machineNow()) - doneAt;
	});
	return Math.max(...unseen);
}

/** Creates tasks without the node, at a pace that is not refused. */
async function submitTasks(
	{ apiUrl, apiKey }: SandboxProcess,
	picture: Setting['smallPicture'],
	count: number,
): Promise<IDataObject[]> {
	const file = new Blob([await readFile(picture.path)], { type: picture.mimeType });
	const tasks: IDataObject[] = [];
	while (tasks.length < count) {
		const body = new FormData();
		body.append('file', file, 'picture.jpg');
		const url = `${apiUrl}/api/tasks/visual/external/watermark-remove`;
		const headers = { 'X-API-KEY': apiKey };
		const { data } = Object(await (await fetch(url, { method: 'POST', headers, body })).json());
		tasks.push({ taskId: String(data.task_id) });
		await wait(1200 / REQUESTS_PER_SECOND);
	}
	return tasks;
}
