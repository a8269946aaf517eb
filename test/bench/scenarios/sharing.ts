import { type BatchOrder, makespanMs, runBatch } from '../batch';
import type { Runner } from '../runner';
import { atMost, explained, type Scenario, seconds } from '../scenario';
import {
	credentialFor,
	MOST_REFUSED,
	removeWatermark,
	REQUESTS_PER_SECOND,
	type Setting,
} from '../setting';
import { asyncBoundMs, count429, countPaced, describe429 } from '../tally';

const TASK_S = 3;

function order(setting: Setting, images: number, credential: BatchOrder['credential']): BatchOrder {
	return { picture: setting.smallPicture, images, parameters: removeWatermark, credential };
}

/** Half a batch each, at the same time and with one key, against the whole batch in one. */
export const twoWorkflows: Scenario = {
	name: 'two-workflows',
	async prepare(setting) {
		const sandbox = await setting.openPacedSandbox(TASK_S);
		const other = await setting.openPacedSandbox(TASK_S);
		return async () => {
			const half = setting.images(50);
			const { engine } = setting;
			const shared = order(setting, half, credentialFor(sandbox));
			const whole = order(setting, 2 * half, credentialFor(other));
			const [one, ...two] = await Promise.all([
				runBatch(engine, whole),
				runBatch(engine, shared),
				runBatch(engine, shared),
			]);
			const oneMs = makespanMs([one]);
			const twoMs = makespanMs(two);
			const log = await sandbox.log();
			return {
				figures: [
					explained(
						atMost(
							`two workflows at once, ${half} images each, one key: makespan ÷ one workflow with ${2 * half}`,
							twoMs / oneMs,
							1.1,
						),
						`${seconds(twoMs)} ÷ ${seconds(oneMs)}`,
					),
					atMost('two workflows at once, one key: 429 responses', count429(log), MOST_REFUSED),
				],
				refused: [describe429(log), describe429(await other.log())],
			};
		};
	},
};

/** n8n's queue mode: the processes know of each other only by the server's 429. */
export const threeProcesses: Scenario = {
	name: 'three-processes',
	async prepare(setting) {
		const sandbox = await setting.openPacedSandbox(TASK_S);
		const runners: Runner[] = [];
		for (let i = 0; i < 3; i++) runners.push(await setting.openRunner());
		return async () => {
			const each = setting.images(40);
			const batch = order(setting, each, credentialFor(sandbox));
			const elapsedMs = makespanMs(await Promise.all(runners.map((runner) => runner.run(batch))));
			const boundMs = asyncBoundMs(3 * each, REQUESTS_PER_SECOND, TASK_S * 1000);
			const log = await sandbox.log();
			const figure = atMost(
				`three processes, one key, ${each} images each: all done, makespan ÷ bound for ${3 * each}`,
				elapsedMs / boundMs,
				1.35,
			);
			const how = `${seconds(elapsedMs)} ÷ ${seconds(boundMs)}; ${described(log)}`;
			return { figures: [explained(figure, how)] };
		};
	},
};

export const limitTooHigh: Scenario = {
	name: 'limit-too-high',
	async prepare(setting) {
		const sandbox = await setting.openPacedSandbox(TASK_S);
		return async () => {
			const images = setting.images(100);
			const tooHigh = 5 * REQUESTS_PER_SECOND;
			const batch = order(setting, images, credentialFor(sandbox, tooHigh));
			const { elapsedMs } = await runBatch(setting.engine, batch);
			const boundMs = asyncBoundMs(images, REQUESTS_PER_SECOND, TASK_S * 1000);
			const figure = atMost(
				`limit set to ${tooHigh}/s where the server allows ${REQUESTS_PER_SECOND}/s, ${images} images: all done, makespan ÷ bound`,
				elapsedMs / boundMs,
				1.35,
			);
			const how = `${seconds(elapsedMs)} ÷ ${seconds(boundMs)}; ${described(await sandbox.log())}`;
			return { figures: [explained(figure, how)] };
		};
	},
};

function described(log: Parameters<typeof countPaced>[0]): string {
	return `${countPaced(log)} requests, ${count429(log)} of them refused with 429`;
}
