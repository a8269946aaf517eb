/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { type SandboxLog, type SandboxProcess, startSandboxProcess } from '../sandbox/process';
import type { LoggedRequest } from '../sandbox/server';
import { sha256 } from '../sandbox/sha256';
import { picWish, picturesOf, readContestant } from './comparison/contestants';
import { allDone } from './server/allDone';
import { createCredential, sandboxCredential } from './server/credentials';
import { binaryOf, endedExecution, errorOf, type Execution } from './server/executions';
import { type ImageHost, startImageHost } from './server/imageHost';
import { type QueueServer, startQueueServer } from './server/queueServer';
import { publishWorkflow } from './server/workflows';
import { logFolder } from './setup/output';
import { table, writeReport } from './setup/report';

const workerNames = ['worker-1', 'worker-2'];
const executionCount = 6;
const imagesEach = 20;
const imageCount = executionCount * imagesEach;
const requestsPerSecond = 2;
const processingMs: [number, number] = [2500, 3500];
/** An image costs a create and a query. */
const floorSeconds = (2 * imageCount) / requestsPerSecond;

describe('Six executions of 20 images on one key, over two workers', () => {
	let server: QueueServer;
	let sandbox: SandboxProcess;
	let log: SandboxLog;
	let images: ImageHost;
	let executions: Execution[];
	/** Execution id → the worker that ran it. */
	let workerOf: Map<string, string>;

	beforeAll(async () => {
		server = await startQueueServer('queue');
		// Each takes its share: the queue gives whom it likes otherwise.
		const share = executionCount / workerNames.length;
		await allDone(workerNames.map(async (name) => await server.addWorker(name, share)));
		images = await startImageHost();
		// In a process of its own: its clock gives the 429s, and must not wait for Jest's work.
		sandbox = await startSandboxProcess({ requestsPerSecond, processingMs, inpaint: false });
		const credential = await createCredential(
			server.session,
			'picWishApi',
			'PicWish account',
			sandboxCredential(sandbox, requestsPerSecond),
		);
		const workflow = await publishWorkflow(server, JSON.parse(await readContestant(picWish)), {
			picWishApi: credential,
		});
		executions = await allDone(
			Array.from({ length: executionCount }, async (_, index) => {
				const id = await workflow.start({ images: images.urls(imagesEach, index * imagesEach) });
				return await endedExecution(server.session, id, 400_000);
			}),
		);
		log = await sandbox.log();
		workerOf = await readWorkerLogs();
		await report();
	}, 1_200_000);

	afterAll(async () => {
		await server?.close();
		await sandbox?.close();
		await images?.close();
	});

	const toApi = () => log.requests.filter(({ port }) => port === 'api');
	const accepted = () => toApi().filter(({ status }) => status === 200);
	const refused = () => toApi().filter(({ status }) => status === 429);

	/** Tasks by worker, in the order the API created them. */
	function workerOfTask(): Map<string, string> {
		const pairs = executions.flatMap((execution) =>
			picturesOf(picWish, execution).map(
				({ json }) => [String(json.taskId), workerOf.get(execution.id) ?? 'none'] as const,
			),
		);
		return new Map(pairs);
	}

	test('all end complete', () => {
		expect(executions.map(errorOf)).toEqual(executions.map(() => ''));
		expect(executions.map(({ status }) => status)).toEqual(executions.map(() => 'success'));
	});

	test('every picture is the right one, in the order of its execution', async () => {
		for (const [index, execution] of executions.entries()) {
			const items = picturesOf(picWish, execution);
			const pictures = await Promise.all(
				items.map(async (item) => await binaryOf(server.session, item)),
			);
			const sums = pictures.map(sha256);
			const wanted = images.urls(imagesEach, index * imagesEach);
			expect(sums).toEqual(wanted.map((url) => images.sha256(url)));
		}
	});

	test('pictures lie in the database', () => {
		const stores = executions
			.flatMap((execution) => picturesOf(picWish, execution))
			.map(({ binary }) => binary?.data?.id?.split(':')[0]);
		expect(new Set(stores)).toEqual(new Set(['database']));
	});

	test('no image is paid twice', () => {
		expect(log.tasks).toHaveLength(imageCount);
	});

	test('both workers take part from the beginning to the end', () => {
		expect(new Set(workerOf.values())).toEqual(new Set(workerNames));
		const byTask = workerOfTask();
		const tasks = log.tasks.map(({ taskId }) => byTask.get(taskId));
		const firstHalf = tasks.slice(0, imageCount / 2);
		for (const name of workerNames) {
			expect(firstHalf.filter((worker) => worker === name).length).toBeGreaterThan(imageCount / 8);
		}
	});

	test('the limit is used well: the whole takes at most 1.5 times what it allows', () => {
		expect(spanSeconds(accepted())).toBeLessThan(floorSeconds * 1.5);
	});

	async function report(): Promise<void> {
		const byTask = workerOfTask();
		const rows = workerNames.map((name) => {
			const own = (kind: string) =>
				accepted().filter(
					(request) => request.kind === kind && byTask.get(request.taskId ?? '') === name,
				);
			const tasks = log.tasks.filter(({ taskId }) => byTask.get(taskId) === name);
			const half = tasks.filter(({ taskId }) =>
				log.tasks.slice(0, imageCount / 2).some((task) => task.taskId === taskId),
			);
			return [
				name,
				[...workerOf.values()].filter((worker) => worker === name).length,
				tasks.length,
				`${half.length} of ${imageCount / 2}`,
				own('query').length,
			];
		});
		const seconds = spanSeconds(accepted());
		await writeReport('queue-mode.md', [
			'# Several workers, one key',
			'',
			'Measured and written by `UPDATE_DOCS=1 npm run test:e2e -- queue`: n8n in queue mode with a main process',
			'and two workers, Redis, PostgreSQL, binary data in the database, and a stand-in for the PicWish API that',
			'counts requests and returns 429 beyond its limit.',
			'',
			`${executionCount} executions of ${imagesEach} images at once on one key, ${requestsPerSecond} requests per second, tasks of ${processingMs[0] / 1000} to ${processingMs[1] / 1000} s.`,
			'',
			'**About the 429s:** each worker knows only its own requests and tries to use the whole limit. Together they',
			'exceed it, and the API refuses the rest with 429. A refused request creates no task and costs nothing. It',
			'shows the worker that others use the key, so the worker slows down and retries later. These 429s are how',
			'the workers share the limit, not failures. For fewer of them, set *Requests per Second* to the limit divided',
			'by the number of workers.',
			'',
			...table(
				['', ''],
				[
					['executions complete', `${executions.filter(succeeded).length} of ${executionCount}`],
					[
						'images',
						`${executions.flatMap((each) => picturesOf(picWish, each)).length} of ${imageCount}`,
					],
					['tasks paid', log.tasks.length],
					['seconds, first request to last', seconds.toFixed(0)],
					['seconds that the limit requires at least', floorSeconds],
					['requests answered', accepted().length],
					['of these, more than two per image', accepted().length - 2 * imageCount],
					['requests refused with 429 and retried later', refused().length],
					['requests that the limit allowed but nobody used', unused(seconds)],
				],
			),
			'',
			'How the workers shared the limit, from the API’s log:',
			'',
			...table(
				['worker', 'executions', 'tasks', 'in the first half of the tasks', 'queries answered'],
				rows,
			),
		]);
	}

	function unused(seconds: number): number {
		return Math.max(0, Math.round(seconds * requestsPerSecond) - accepted().length);
	}

	async function readWorkerLogs(): Promise<Map<string, string>> {
		const logs = await Promise.all(
			workerNames.map(async (name) => {
				const text = await readFile(path.join(logFolder, `queue-${name}.log`), 'utf8');
				const started = text.matchAll(/Worker started execution (\d+)/g);
				return [...started].map(([, id]) => [id ?? '', name] as const);
			}),
		);
		return new Map(logs.flat());
	}
});

function succeeded({ status }: Execution): boolean {
	return status === 'success';
}

function spanSeconds(requests: LoggedRequest[]): number {
	const times = requests.map(({ at }) => at);
	return (Math.max(...times) - Math.min(...times)) / 1000;
}
