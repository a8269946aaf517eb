/* eslint-disable @n8n/community-nodes/no-restricted-imports -- a command-line program for a developer's machine */
import { setTimeout as wait } from 'node:timers/promises';
import { startSandbox } from '../../sandbox/server';
import { samples } from '../../sandbox/samples/samples';
import { toItems } from '../batch';
import { atLeast, atMost, count, explained, type Scenario } from '../scenario';
import { credentialFor, removeWatermark, REQUESTS_PER_SECOND } from '../setting';

/** A run that stops at an error while synchronous creates are under way. */
export const stopInSync: Scenario = {
	name: 'sync-stop',
	prepare: async (setting) => async () => {
		const images = setting.images(40);
		const refused = Math.floor(images / 2);
		const sandbox = await startSandbox({
			requestsPerSecond: REQUESTS_PER_SECOND,
			processingMs: 8000,
			inpaint: false,
		});
		try {
			const body = JSON.stringify({ status: 400, message: 'Refused' });
			const act = { type: 'respond', status: 400, body } as const;
			sandbox.addFault({ kind: 'create', skip: refused, act });
			const { error, status } = await setting.engine.run({
				items: toItems(setting.smallPicture, images),
				parameters: { ...removeWatermark, options: { requestMode: 'sync' } },
				credential: credentialFor(sandbox),
			});
			if (status !== 'error') throw new Error(`The run ended as "${status}"`);
			const paid = sandbox.tasks.map(({ taskId }) => taskId);
			const named = paid.filter((taskId) => error?.description?.includes(taskId));
			const name = `sync, stop at an error, ${images} images of 8 s: paid tasks that the error does not name`;
			const figure = atMost(name, paid.length - named.length, 0);
			return { figures: [explained(figure, `${named.length} of ${paid.length} named`)] };
		} finally {
			await sandbox.close();
		}
	},
};

/** One call of an agent's tool whose tries are all out of time. */
export const toolCall: Scenario = {
	name: 'tool-call',
	async prepare(setting) {
		const sandbox = await setting.openSandbox({ processingMs: 3_600_000 });
		return async () => {
			const tool = setting.engine.createTool({
				parameters: {
					...removeWatermark,
					imageSource: 'url',
					imageUrl: '={{ $fromAI("image") }}',
					options: { maxWait: 3 },
				},
				credential: credentialFor(sandbox),
				node: { retryOnFail: true, maxTries: 3, waitBetweenTries: 100 },
			});
			const image = `${sandbox.resultsUrl}/samples/${samples.watermarked.file}`;
			const answered = await tool.call({ image }).then(
				() => true,
				() => false,
			);
			if (answered) throw new Error('The call should have been out of time');
			const { tasks } = await sandbox.log();
			return { figures: [atMost('one tool call, three tries: tasks paid', tasks.length, 1)] };
		};
	},
};

/** As a laptop's sleep: the process does not run when waiting is over. */
export const standstill: Scenario = {
	name: 'standstill',
	async prepare(setting) {
		const images = 10;
		const maxWaitS = 30;
		const pastMaxWaitS = 15;
		const sandbox = await setting.openPacedSandbox(10);
		const runner = await setting.openRunner();
		return async () => {
			const running = runner.run({
				picture: setting.smallPicture,
				images,
				mayFail: true,
				parameters: { ...removeWatermark, options: { maxWait: maxWaitS } },
				credential: credentialFor(sandbox),
			});
			while ((await sandbox.log()).tasks.length < images) await wait(100);
			runner.pause();
			await wait((maxWaitS + pastMaxWaitS) * 1000);
			runner.resume();
			const { finished } = await running;
			const name = `${images} finished tasks, the process stopped ${pastMaxWaitS} s past Max Wait: fetched`;
			return { figures: [atLeast(name, finished, images, count)] };
		};
	},
};
