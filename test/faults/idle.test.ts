import { startEngine, type Engine } from '../engine/engine';
import type { InputItem } from '../engine/nodes/start';
import type { Run } from '../engine/runResult';
import type { Sandbox } from '../sandbox/server';
import type { ProcessingTimes } from '../sandbox/tasks';
import { taskTypes } from '../sandbox/taskTypes';
import { testRows } from './rowTests';
import { expectKeyKept } from './seen';
import { picture, pictureItem, runOptions, startFaultySandbox } from './trial';

/** PicWish's limit for a new account: three open tasks are more than can be polled in a second. */
const REQUESTS_PER_SECOND = 2;
/** The shortest interval, so that many tasks are open in each. */
const POLL_INTERVAL_S = 1;
/** Two rounds of max(poll interval, open tasks ÷ requests per second), as one may be missed, and a second. */
const lateAtMostMs = (openTasks: number) =>
	2000 * Math.max(POLL_INTERVAL_S, openTasks / REQUESTS_PER_SECOND) + 1000;

interface IdleRow {
	what: string;
	promise: string;
	processingMs: ProcessingTimes;
	/** Images processed before, with the same key. */
	before?: number;
	images: number;
	/** The tasks exist already, and this process does not know how long any takes. */
	fetchOnly?: boolean;
	seen: string;
}

const DETECTED = 'each detected soon after it finished';

const rows: IdleRow[] = [
	{
		what: 'three tasks of 0.3 s after three of 12 s',
		promise: 'polled while no other request waits, however long earlier tasks took',
		processingMs: { inOrder: [12_000, 12_000, 12_000, 300] },
		before: 3,
		images: 3,
		seen: DETECTED,
	},
	{
		what: 'Get Result of six tasks with 18 s to go, in a process that has seen no task',
		promise: 'polled in turn until they finish',
		processingMs: 18_000,
		images: 6,
		fetchOnly: true,
		seen: DETECTED,
	},
	{
		what: 'eight tasks, all of 0.5 s except one of 12 s in the middle',
		promise: 'the slow task delays no other and is detected too',
		processingMs: { inOrder: [500, 500, 500, 12_000, 500] },
		images: 8,
		seen: DETECTED,
	},
	{
		what: 'four tasks of 0.5 s, then four of 9 s',
		promise: 'detected, although they take longer than any earlier task',
		processingMs: { inOrder: [500, 500, 500, 500, 9000] },
		before: 4,
		images: 4,
		seen: DETECTED,
	},
];

let engine: Engine;
const found = new Map<IdleRow, Promise<string>>();

beforeAll(async () => {
	engine = await startEngine({ binaryMode: 'filesystem' });
	for (const row of rows) {
		const text = runRow(row);
		// Its own test reports a failure; until then, nothing would handle it.
		text.catch(() => {});
		found.set(row, text);
	}
});

afterAll(async () => await engine.close());

async function runRow({ processingMs, before, images, fetchOnly }: IdleRow): Promise<string> {
	const sandbox = await startFaultySandbox({ sandbox: { processingMs } });
	try {
		const run = async (items: InputItem[], parameters?: Record<string, unknown>) => {
			const options = { pollInterval: POLL_INTERVAL_S, maxWait: 60 };
			const requestsPerSecond = REQUESTS_PER_SECOND;
			const plan = { items, parameters, options, requestsPerSecond };
			return await engine.run(runOptions(sandbox, plan));
		};
		const pictures = (count: number) => Array.from({ length: count }, () => pictureItem());
		if (before) await run(pictures(before));
		const earlier = sandbox.tasks.length;
		const last = fetchOnly
			? await run(await submit(sandbox, images), {
					operation: 'getResult',
					taskType: 'removeWatermark',
					taskId: '={{ $json.taskId }}',
				})
			: await run(pictures(images));
		return describeRun(last, sandbox, earlier);
	} finally {
		await sandbox.close();
	}
}

/** Creates the tasks outside this process's node. */
async function submit({ apiUrl, apiKey }: Sandbox, count: number): Promise<InputItem[]> {
	const items: InputItem[] = [];
	while (items.length < count) {
		const body = new FormData();
		body.append('file', new Blob([picture], { type: 'image/jpeg' }), 'mug.jpg');
		const url = apiUrl + taskTypes.removeWatermark.path;
		const response = await fetch(url, { method: 'POST', headers: { 'x-api-key': apiKey }, body });
		const { data } = Object(await response.json());
		items.push({ json: { taskId: String(data.task_id) } });
	}
	return items;
}

function describeRun(run: Run, { requests, tasks }: Sandbox, earlier: number): string {
	expectKeyKept({ run, requests, tasks });
	const own = tasks.slice(earlier);
	const done = (run.outputs[0] ?? []).filter(({ binary }) => binary?.data).length;
	if (done < own.length) return `${done} of ${own.length} results; ${run.error?.message}`;
	const lateMs = own.map(({ taskId, doneAt }) => {
		const polls = requests.filter(({ kind, at, ...request }) => {
			return kind === 'query' && request.taskId === taskId && at >= doneAt;
		});
		return (polls[0]?.endedAt ?? Infinity) - doneAt;
	});
	const latestMs = Math.max(...lateMs);
	if (latestMs <= lateAtMostMs(own.length)) return DETECTED;
	return `the last detected ${(latestMs / 1000).toFixed(1)} s after it finished`;
}

testRows('what', {
	title: 'Polling while no other request waits',
	rows,
	observe: async (row) => await found.get(row),
	note: `At ${REQUESTS_PER_SECOND} requests per second, polled every second. “Soon”: within two poll intervals or two rounds through all open tasks, whichever is longer, plus a second.`,
	timeoutMs: 120_000,
});
