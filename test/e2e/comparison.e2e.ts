import { startSandboxProcess } from '../sandbox/process';
import { startSandbox, type Fault } from '../sandbox/server';
import { sha256 } from '../sandbox/sha256';
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
import { endedBy429, found, type Run, succeeded, toApi } from './comparison/runs';
import { allDone } from './server/allDone';
import { binaryOf, errorOf, secondsOf } from './server/executions';
import { type ImageHost, startImageHost } from './server/imageHost';
import { startTestServer, type TestServer } from './server/testServer';
import type { WorkflowFile } from './server/workflows';
import { table, writeReport } from './setup/report';

const imageCount = 30;
const requestsPerSecond = 2;
const processingMs: [number, number] = [2500, 3500];
const coreNodes = [oneByOne, batched];
const contestants = [...coreNodes, picWish];
/** Of core nodes, when a 429 has ended one: that is bad luck, and for the page, not a failure here. */
const maxTries = 3;

const smallImageCount = 6;
const smallLimit = 50;
const faults: Record<string, Fault['act']> = {
	'429 to one create': { type: 'respond', status: 429, body: '{"status":429}' },
	'the response to one create lost': { type: 'loseAnswer' },
};

describe('The same pictures through core nodes and through the PicWish node', () => {
	let server: TestServer;
	let images: ImageHost;
	/** All tries of each; the last one counts. */
	let tries: Map<Contestant, Run[]>;
	let faultRuns: Map<string, Run[]>;

	beforeAll(async () => {
		server = await startTestServer('comparison');
		images = await startImageHost();
		// Together on one server; each has a sandbox, and with it a request limit, of its own. The
		// faults wait until the two are done whose seconds matter.
		const clean = contestants.map(async (each) => [each, await tryClean(each)] as const);
		const faulty = allDone(clean.slice(1)).then(async () => await runFaults());
		const [cleanTries, withFaults] = await allDone([allDone(clean), faulty]);
		tries = new Map(cleanTries);
		faultRuns = new Map(withFaults);
		await report();
	}, 1_200_000);

	afterAll(async () => {
		await images?.close();
		await server?.close();
	});

	async function tryClean(contestant: Contestant): Promise<Run[]> {
		const runs = [await runClean(contestant)];
		while (contestant !== picWish && runs.every(endedBy429) && runs.length < maxTries) {
			runs.push(await runClean(contestant));
		}
		return runs;
	}

	async function runClean(contestant: Contestant): Promise<Run> {
		// In a process of its own: its clock gives the 429s, and must not wait for Jest's work.
		const sandbox = await startSandboxProcess({ requestsPerSecond, processingMs, inpaint: false });
		try {
			const urls = images.urls(imageCount);
			const execution = await runContestant(server, contestant, sandbox, requestsPerSecond, urls);
			const { requests, tasks } = await sandbox.log();
			return { contestant, execution, requests, paidTasks: tasks.length };
		} finally {
			await sandbox.close();
		}
	}

	async function runFaults() {
		return await allDone(
			Object.entries(faults).map(async ([name, act]) => {
				const hit = [...contestants, picWishGoingOn].map(async (each) => await runHit(each, act));
				return [name, await allDone(hit)] as const;
			}),
		);
	}

	async function runHit(contestant: Contestant, act: Fault['act']): Promise<Run> {
		const options = { requestsPerSecond: smallLimit, processingMs, inpaint: false };
		const sandbox = await startSandbox(options);
		try {
			sandbox.addFault({ kind: 'create', skip: 3, act });
			const urls = images.urls(smallImageCount);
			const execution = await runContestant(server, contestant, sandbox, smallLimit, urls);
			return {
				contestant,
				execution,
				requests: sandbox.requests,
				paidTasks: sandbox.tasks.length,
			};
		} finally {
			await sandbox.close();
		}
	}

	const cleanRun = (contestant: Contestant) => found(tries.get(contestant)?.at(-1));
	const hitRun = (contestant: Contestant, fault: string) =>
		found(faultRuns.get(fault)?.find((run) => run.contestant === contestant));

	async function report(): Promise<void> {
		const rows = await Promise.all(
			contestants.map(async (contestant) => {
				const { execution, requests } = cleanRun(contestant);
				const runs = tries.get(contestant) ?? [];
				const workflow: WorkflowFile = JSON.parse(await readContestant(contestant));
				return [
					`[${contestant.title}](../test/e2e/comparison/${contestant.file})`,
					`${runs.filter(endedBy429).length} of ${runs.length}`,
					succeeded({ execution }) ? secondsOf(execution).toFixed(0) : '–',
					toApi(requests).length,
					toApi(requests).filter(({ status }) => status === 429).length,
					workflow.nodes.length,
					asExported(workflow).split('\n').length,
				];
			}),
		);
		const complete = contestants.map(cleanRun).every(succeeded)
			? `Each workflow fetched all ${imageCount} images, byte for byte correct.`
			: 'A workflow without a time never finished.';
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
			'# Compared with what users build today',
			'',
			'Measured and written by `UPDATE_DOCS=1 npm run test:e2e -- comparison`: a real n8n server, and a stand-in',
			'for the PicWish API that counts requests and returns 429 beyond its limit. All workflows process the same',
			'images. The workflows are files, linked below; import them into n8n to see them. All three run at the same',
			'time on one server, each against its own stand-in, and so with its own request limit.',
			'',
			`## ${imageCount} images`,
			'',
			`Remove Watermark, tasks of ${processingMs[0] / 1000} to ${processingMs[1] / 1000} s, ${requestsPerSecond} requests per second. ${complete}`,
			'',
			...table(
				[
					'',
					'runs ended by a 429',
					'seconds',
					'requests',
					'of these 429',
					'nodes',
					'lines of JSON',
				],
				rows,
			),
			'',
			`Each image costs a create and a query, so ${requestsPerSecond} requests per second need at least ${(2 * imageCount) / requestsPerSecond} s.`,
			'The workflow with batching leaves 600 ms between requests. At 500 ms, which the limit would allow,',
			'one request that arrives slightly early gets a 429, which ends the run (see below).',
			`Core nodes had up to ${maxTries} tries; the figures are from the last one.`,
			'The PicWish node paces itself; after a 429 it only pauses.',
			'',
			'## One bad response',
			'',
			`${smallImageCount} images; only the fourth create fails. *On Error* has its default value unless stated otherwise.`,
			'*Retry On Fail* is on for the create of the loop (it sends one image), off for the batching one (it would',
			'send all images again, and pay for them), and off for the PicWish node, which does not need it.',
			'',
			...table(['fault', '', 'execution', 'images', 'tasks paid'], faultRows),
			'',
			'The PicWish node stops at a lost response, because the task may exist and may be charged. Its error says so',
			'and lists the tasks of the other images for *Get Result*. With *Continue*, the other images come out, and',
			'the fourth item has that error.',
		]);
	}

	const expectAllPictures = async ({ contestant, execution, paidTasks }: Run) => {
		expect([execution.status, errorOf(execution)]).toEqual(['success', '']);
		const items = picturesOf(contestant, execution);
		const bytes = await Promise.all(
			items.map(async (item) => await binaryOf(server.session, item)),
		);
		const sums = bytes.map(sha256);
		expect(sums).toEqual(images.urls(imageCount).map((url) => images.sha256(url)));
		expect(paidTasks).toBe(imageCount);
	};

	test('PicWish node: all pictures, byte for byte', async () => {
		await expectAllPictures(cleanRun(picWish));
	});

	test.each(coreNodes)('$title: all pictures, or ended by a 429', async (contestant) => {
		const run = cleanRun(contestant);
		if (!endedBy429(run)) await expectAllPictures(run);
	});

	test('The PicWish node keeps near the floor that the limit sets', () => {
		const floorSeconds = (2 * imageCount) / requestsPerSecond;
		expect(secondsOf(cleanRun(picWish).execution)).toBeLessThan(floorSeconds * 1.35);
		expect(secondsOf(cleanRun(oneByOne).execution)).toBeGreaterThan(floorSeconds * 2);
	});

	test('It asks the API for little more than a create and a query an image, and less than the loop', () => {
		const answered = (contestant: Contestant) =>
			toApi(cleanRun(contestant).requests).filter(({ status }) => status !== 429).length;
		expect(answered(picWish)).toBeLessThan(2 * imageCount * 1.2);
		expect(answered(picWish)).toBeLessThanOrEqual(answered(oneByOne));
	});

	test('A 429 costs it a pause, no picture and no second task', () => {
		const { execution, paidTasks } = hitRun(picWish, '429 to one create');
		expect(picturesOf(picWish, execution)).toHaveLength(smallImageCount);
		expect(paidTasks).toBe(smallImageCount);
	});

	test('A lost answer is not paid twice; the error names what was paid', () => {
		const run = hitRun(picWish, 'the response to one create lost');
		const creates = run.requests.filter(({ kind }) => kind === 'create');
		expect(run.execution.status).toBe('error');
		expect(creates.length).toBe(run.paidTasks);
		const message = errorOf(run.execution);
		expect(message).toContain('may have been accepted');
		expect(message).toContain('Tasks already paid for in this run');
	});
});

/** As n8n's editor downloads it. */
function asExported(workflow: WorkflowFile): string {
	return JSON.stringify(workflow, null, 2);
}
