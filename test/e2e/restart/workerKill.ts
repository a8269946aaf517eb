import { allDone } from '../server/allDone';
import {
	endedExecution,
	type Execution,
	outputOf,
	readExecution,
	retriedExecution,
} from '../server/executions';
import type { ImageHost } from '../server/imageHost';
import { startQueueServer } from '../server/queueServer';
import type { WorkflowFile } from '../server/workflows';
import { Opened } from '../setup/opened';
import {
	batchSize,
	createsOf,
	durableExample,
	midBatch,
	readWorkflow,
	type Rescue,
	rescueFromLog,
	startVictim,
	sumsOf,
	type Victim,
} from './kill';

/** One batch that was running in the killed worker. */
export interface LostBatch {
	images: string[];
	/** What n8n showed just after the kill, and when it had noticed. */
	atOnce: Execution;
	ended: Execution;
	/** Seconds from the kill until n8n noticed. */
	noticedSeconds: number;
	/** Status of the execution that n8n's "Retry" gave. */
	retryStatus: string;
	/** Tasks paid after the retry. */
	paidAfterRetry: number;
	rescue: Rescue;
}

/** What was seen of `kill -9` on a worker in n8n's queue mode, with n8n's own settings. */
export interface WorkerKill {
	/** One node that waits for its results. */
	oneNode: LostBatch;
	/** Submit, then Get Result in one run, with *Save Execution Progress* on. */
	twoNodes: LostBatch;
	/** Submit → Wait → Get Result. */
	resumed: Execution;
	resumedImages: string[];
	resumedPictures: string[];
	resumedCreates: number;
}

export async function killWorker(images: ImageHost): Promise<WorkerKill> {
	const name = 'restart-queue';
	const opened = new Opened();
	try {
		const server = opened.add(await startQueueServer(name));
		const worker = await server.addWorker('worker-1');
		const workerLog = `${name}-worker-1.log`;
		const start = async (...args: [WorkflowFile, string[]]) => {
			const victim = await startVictim(server, ...args);
			opened.add(victim.sandbox);
			return victim;
		};
		const picWish = await readWorkflow('../comparison/picwish.json');
		const submitGet = await readWorkflow('submit-get-result.json');
		const oneNode = await start(picWish, images.urls(batchSize, 300));
		const twoNodes = await start(submitGet, images.urls(batchSize, 400));
		const [image = ''] = images.urls(1, 500);
		const durable = await start(await durableExample(image), [image]);
		await allDone([oneNode, twoNodes].map(async (victim) => await midBatch(victim, workerLog)));

		await worker.kill();
		const killedAt = Date.now();
		// As whatever looks after the processes would do.
		const replacement = server.addWorker('worker-2');

		const lose = async (victim: Victim): Promise<LostBatch> => {
			const { session } = server;
			const { executionId, sandbox } = victim;
			const atOnce = await readExecution(session, executionId);
			const ended = await endedExecution(session, executionId, 180_000);
			const noticedSeconds = (Date.now() - killedAt) / 1000;
			await replacement;
			const retry = await retriedExecution(session, ended);
			return {
				images: victim.images,
				atOnce,
				ended,
				noticedSeconds,
				retryStatus: retry.status,
				paidAfterRetry: sandbox.tasks.length,
				rescue: await rescueFromLog(server, victim, workerLog),
			};
		};
		const [first, second] = await allDone([lose(oneNode), lose(twoNodes), replacement]);
		const resumed = await endedExecution(server.session, durable.executionId, 180_000);
		return {
			oneNode: first,
			twoNodes: second,
			resumed,
			resumedImages: [image],
			resumedPictures: await sumsOf(server.session, outputOf(resumed, 'Get result')),
			resumedCreates: createsOf(durable),
		};
	} finally {
		await opened.close();
	}
}
