import { batchSize, nodesShown, waitSeconds, wantedSums } from './restart/kill';
import { killServer, type ServerKill } from './restart/serverKill';
import { killWorker, type LostBatch, type WorkerKill } from './restart/workerKill';
import { allDone } from './server/allDone';
import { errorOf, type Execution } from './server/executions';
import { type ImageHost, startImageHost } from './server/imageHost';
import { table, writeReport } from './setup/report';

describe('kill -9', () => {
	let images: ImageHost;
	let server: ServerKill;
	let worker: WorkerKill;

	beforeAll(async () => {
		images = await startImageHost();
		// Beside each other: both spend their time in waiting.
		[server, worker] = await allDone([killServer(images), killWorker(images)]);
		await report();
	}, 1_200_000);

	afterAll(async () => await images?.close());

	const lostBatches = (): Array<[string, Pick<LostBatch, 'ended' | 'images' | 'rescue'>]> => [
		['server, one node', { ...server, ended: server.batch, images: server.batchImages }],
		['worker, one node', worker.oneNode],
		['worker, two nodes', worker.twoNodes],
	];

	test('of the server: submit → Wait → Get Result resumes, delivers, and has paid once', () => {
		expect(server.waiting.status).toBe('waiting');
		expect(server.resumed.status).toBe('success');
		expect(server.resumedPictures).toEqual(wantedSums(images, server.resumedImages));
		expect(server.resumedCreates).toBe(1);
	});

	test('of a worker: submit → Wait → Get Result goes on in another worker', () => {
		expect(worker.resumed.status).toBe('success');
		expect(worker.resumedPictures).toEqual(wantedSums(images, worker.resumedImages));
		expect(worker.resumedCreates).toBe(1);
	});

	test('n8n says of a batch that it did not finish', () => {
		expect(server.batch.status).toBe('crashed');
		expect(errorOf(server.batch)).toContain('did not finish');
		for (const { ended } of [worker.oneNode, worker.twoNodes]) {
			expect(ended.status).toBe('error');
			expect(errorOf(ended)).toContain('failed to be processed too many times');
		}
	});

	test('n8n shows no output of the killed node', () => {
		for (const [, { ended }] of lostBatches()) {
			expect(nodesShown(ended)).not.toContain('PicWish');
			expect(nodesShown(ended)).not.toContain('Get result');
		}
	});

	test('the log names every paid task of the execution', () => {
		const named = lostBatches().map(([name, { rescue }]) => [name, new Set(rescue.taskIds).size]);
		expect(named).toEqual(lostBatches().map(([name]) => [name, batchSize]));
	});

	test('Get Result with these ids gives every picture and pays nothing', () => {
		for (const [, { images: urls, rescue }] of lostBatches()) {
			expect(rescue.pictures).toEqual(wantedSums(images, urls));
			expect(rescue.paidTasks).toBe(batchSize);
		}
	});

	test('n8n’s Retry of a lost execution in queue mode pays nothing', () => {
		expect(worker.oneNode.paidAfterRetry).toBe(batchSize);
		expect(worker.twoNodes.paidAfterRetry).toBe(batchSize);
	});

	async function report(): Promise<void> {
		await writeReport('restarts.md', [
			'# When n8n is killed',
			'',
			'Measured and written by `UPDATE_DOCS=1 npm run test:e2e -- restart`: a real n8n server in regular mode, and one',
			'in queue mode (Redis, PostgreSQL, n8n’s default settings), ended by `kill -9`, as happens when memory runs out or',
			'the power fails.',
			'',
			'## Nothing is lost while a workflow waits',
			'',
			`*Submit* (Wait for Completion off) → *Wait* (${waitSeconds} s) → *Get Result*, as in [example 3](../examples/3-submit-wait-get-result.json).`,
			'n8n stores waits of 65 s and more in its database, so no process holds the workflow meanwhile.',
			'',
			...table(
				['killed while the workflow waits', 'execution', 'image', 'tasks paid'],
				[
					[
						`the server; it was back after ${server.downSeconds.toFixed(0)} s`,
						...outcome(server.resumed, server.resumedPictures, server.resumedCreates),
					],
					[
						'the worker that submitted the image',
						...outcome(worker.resumed, worker.resumedPictures, worker.resumedCreates),
					],
				],
			),
			'',
			'## A running node is lost with its process',
			'',
			`${batchSize} images each, all submitted, some results already fetched.`,
			'',
			...table(
				['killed', 'n8n says', 'after', 'n8n shows the output of'],
				[
					['the server, in *PicWish*', saying(server.batch), 'the restart', nodeList(server.batch)],
					batchRow('a worker, in *PicWish*', worker.oneNode),
					batchRow('a worker, in *Get result* after *Submit*', worker.twoNodes),
				],
			),
			'',
			'n8n stores the output of a node only when the node has finished, so the finished images of a killed node are',
			'lost, too. Before n8n noticed the kill, the last of these executions showed',
			`${nodeList(worker.twoNodes.atOnce)} (its setting *Save Execution Progress* is on);`,
			'then n8n replaced them with the error. Do not rely on that setting for task IDs in queue mode.',
			'',
			'## Recovering the paid images',
			'',
			'The node logs each task as soon as it is created, at level `info`, which is n8n’s default:',
			'',
			'```',
			'PicWish task 9559a3df-e408-4333-a252-863f8937cfb1 (removeWatermark) created for item 0 of execution 12 (node "PicWish")',
			'```',
			'',
			'1. Find these lines in the log of the killed process (in queue mode, the worker) by the number of the execution.',
			'2. Give the task IDs to *Get Result*, for instance in [this workflow](../test/e2e/restart/get-results.json) (its webhook takes `{"taskIds": ["…"]}`; choose your credential and the Task Type), within the hour that PicWish keeps results.',
			'',
			...table(
				[
					'killed',
					'tasks paid',
					'named in the log',
					'images by *Get Result*',
					'tasks paid in the end',
				],
				lostBatches().map(([name, { rescue }]) => [
					name,
					batchSize,
					rescue.taskIds.length,
					rescue.pictures.length,
					rescue.paidTasks,
				]),
			),
			'',
			`*Retry* in n8n’s list of executions does not help: in queue mode it ended at once as “${worker.oneNode.retryStatus}” and paid nothing.`,
			'Starting the workflow again pays for all images again.',
		]);
	}
});

function outcome({ status }: Execution, pictures: string[], creates: number) {
	return [status, pictures.length === 1 ? 'delivered' : 'missing', creates];
}

function saying(execution: Execution): string {
	const [sentence] = errorOf(execution).split('. ');
	return `${execution.status}: “${sentence}”`;
}

function nodeList(execution: Execution): string {
	return nodesShown(execution).join(', ') || 'no node';
}

function batchRow(name: string, { ended, noticedSeconds }: LostBatch) {
	return [name, saying(ended), `${noticedSeconds.toFixed(0)} s`, nodeList(ended)];
}
