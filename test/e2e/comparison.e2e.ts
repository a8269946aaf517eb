import { createHash } from 'node:crypto';

import { startSandbox, type Fault, type LoggedRequest } from '../sandbox/server';
import {
	batched,
	type Contestant,
	oneByOne,
	picturesOf,
	picWish,
	picWishGoingOn,
	readContestant,
	runContestant,
} from './comparison/contestants';
import { errorOf, type Execution, secondsOf } from './server/executions';
import { type ImageHost, startImageHost } from './server/imageHost';
import { startTestServer, type TestServer } from './server/testServer';
import { binaryOf } from './server/workflowRuns';
import type { WorkflowFile } from './server/workflows';
import { table, writeReport } from './setup/report';

interface Run {
	contestant: Contestant;
	execution: Execution;
	requests: LoggedRequest[];
	/** Tasks that PicWish was given, and wants money for. */
	paidTasks: number;
}

const imageCount = 30;
const requestsPerSecond = 2;
const processingMs: [number, number] = [2500, 3500];
const contestants = [oneByOne, batched, picWish];

const smallImageCount = 6;
const faults: Record<string, Fault['act']> = {
	'429 to one create': { type: 'respond', status: 429, body: '{"status":429}' },
	'the answer to one create lost': { type: 'loseAnswer' },
};

/** Issue 5, "Against what users build today". */
describe('The same pictures through core nodes and through the PicWish node', () => {
	let server: TestServer;
	let images: ImageHost;
	let runs: Run[];
	let faultRuns: Map<string, Run[]>;

	beforeAll(async () => {
		server = await startTestServer('comparison');
		images = await startImageHost();
		// Together on one server; each has a sandbox, and with it a request limit, of its own. The
		// faults wait until the two are done whose seconds matter.
		const clean = contestants.map(async (each) => await run(each, imageCount, requestsPerSecond));
		await Promise.all(clean.slice(1));
		faultRuns = new Map(
			await Promise.all(
				Object.entries(faults).map(async ([name, act]) => {
					const hit = [...contestants, picWishGoingOn].map(
						async (each) => await run(each, smallImageCount, 50, act),
					);
					return [name, await Promise.all(hit)] as const;
				}),
			),
		);
		runs = await Promise.all(clean);
		await report();
	}, 600_000);

	afterAll(async () => {
		await images?.close();
		await server?.close();
	});

	async function run(
		contestant: Contestant,
		count: number,
		limit: number,
		act?: Fault['act'],
	): Promise<Run> {
		const sandbox = await startSandbox({ requestsPerSecond: limit, processingMs, inpaint: false });
		if (act) sandbox.addFault({ kind: 'create', skip: 3, act });
		const urls = images.urls(count);
		const execution = await runContestant(server, contestant, sandbox, limit, urls);
		const { requests, tasks } = sandbox;
		await sandbox.close();
		return { contestant, execution, requests, paidTasks: tasks.length };
	}

	const runOf = (contestant: Contestant, among = runs) => {
		const run = among.find((candidate) => candidate.contestant === contestant);
		if (!run) throw new Error(`${contestant.title} did not run`);
		return run;
	};

	async function report(): Promise<void> {
		const rows = await Promise.all(
			runs.map(async ({ contestant, execution, requests }) => {
				const text = await readContestant(contestant);
				const workflow: WorkflowFile = JSON.parse(text);
				return [
					`[${contestant.title}](../test/e2e/comparison/${contestant.file})`,
					secondsOf(execution).toFixed(0),
					toApi(requests).length,
					toApi(requests).filter(({ status }) => status === 429).length,
					workflow.nodes.length,
					asExported(workflow).split('\n').length,
				];
			}),
		);
		const faultRows = [...faultRuns].flatMap(([fault, faulty]) =>
			faulty.map(({ contestant, execution, paidTasks }) => [
				fault,
				contestant.title,
				execution.status,
				`${picturesOf(contestant, execution).length} of ${smallImageCount}`,
				paidTasks,
			]),
		);
		await writeReport('comparison.md', [
			'# Against what users build today',
			'',
			'Written by `UPDATE_DOCS=1 npm run test:e2e -- comparison` from what it measured: a real n8n server, a',
			'stand-in for the PicWish API that counts requests and answers 429 beyond its limit, the same images',
			'for everyone. The workflows are files, linked below; import them into n8n to see them.',
			'',
			`## ${imageCount} images`,
			'',
			`Remove Watermark, tasks of ${processingMs[0] / 1000} to ${processingMs[1] / 1000} s, ${requestsPerSecond} requests a second. Every way fetched all ${imageCount} pictures, byte for byte the right ones.`,
			'',
			...table(['', 'seconds', 'requests', 'of these 429', 'nodes', 'lines of JSON'], rows),
			'',
			`An image costs a create and a query, so ${requestsPerSecond} requests a second allow no less than ${(2 * imageCount) / requestsPerSecond} s.`,
			'The workflow with batching leaves 600 ms between requests: at the 500 ms that the limit asks for,',
			'one request that arrives a little early is answered with 429, and that ends its run (below).',
			'The PicWish node paces itself; a 429 costs it a pause.',
			'',
			'## One bad answer',
			'',
			`${smallImageCount} images; the fourth create meets the fault, nothing else goes wrong. *On Error* is left at its default unless a line says otherwise.`,
			'*Retry On Fail* is on for the create of the loop (it sends one image), off for the batching one (it would',
			'send and pay all images again), and off for the PicWish node (nothing needs it).',
			'',
			...table(['fault', '', 'execution', 'pictures', 'tasks paid'], faultRows),
			'',
			'The PicWish node stops at a lost answer, because that task may exist and cost; its error says so and',
			'lists the tasks of the other images, for *Get Result*. *Continue* gives the other pictures, and an item',
			'that says the same of the fourth image.',
		]);
	}

	test.each(contestants)('$title: all pictures, byte for byte', async (contestant) => {
		const { execution, paidTasks } = runOf(contestant);
		expect(execution).toMatchObject({ status: 'success' });
		const items = picturesOf(contestant, execution);
		const bytes = await Promise.all(
			items.map(async (item) => await binaryOf(server.session, item)),
		);
		const sums = bytes.map((picture) => createHash('sha256').update(picture).digest('hex'));
		expect(sums).toEqual(images.urls(imageCount).map((url) => images.sha256(url)));
		expect(paidTasks).toBe(imageCount);
	});

	test('The PicWish node keeps near the floor that the limit sets', () => {
		const floorSeconds = (2 * imageCount) / requestsPerSecond;
		expect(secondsOf(runOf(picWish).execution)).toBeLessThan(floorSeconds * 1.35);
		expect(secondsOf(runOf(oneByOne).execution)).toBeGreaterThan(floorSeconds * 2);
	});

	test('It asks the API less often than the loop', () => {
		const answered = ({ requests }: Run) =>
			toApi(requests).filter(({ status }) => status !== 429).length;
		expect(answered(runOf(picWish))).toBeLessThanOrEqual(answered(runOf(oneByOne)));
	});

	test('A 429 costs it a pause, no picture and no second task', () => {
		const { execution, paidTasks } = runOf(picWish, faultRuns.get('429 to one create'));
		expect(picturesOf(picWish, execution)).toHaveLength(smallImageCount);
		expect(paidTasks).toBe(smallImageCount);
	});

	test('A lost answer is not paid twice; the error names what was paid', () => {
		const run = runOf(picWish, faultRuns.get('the answer to one create lost'));
		const creates = run.requests.filter(({ kind }) => kind === 'create');
		expect(run.execution.status).toBe('error');
		expect(creates.length).toBe(run.paidTasks);
		const message = errorOf(run.execution);
		expect(message).toContain('may have been accepted');
		expect(message).toContain('Tasks already paid for in this run');
	});
});

function toApi(requests: LoggedRequest[]): LoggedRequest[] {
	return requests.filter(({ port }) => port === 'api');
}

/** As n8n's editor downloads it. */
function asExported(workflow: WorkflowFile): string {
	return JSON.stringify(workflow, null, 2);
}
