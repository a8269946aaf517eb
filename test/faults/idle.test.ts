import { startEngine, type Engine } from '../engine/engine';
import type { InputItem } from '../engine/nodes/start';
import type { Run } from '../engine/runResult';
import type { Sandbox } from '../sandbox/server';
import type { ProcessingTimes } from '../sandbox/tasks';
import { taskTypes } from '../sandbox/taskTypes';
import { checkSection } from './document';
import { expectKeyKept } from './seen';
import { picture, pictureItem, runOptions, startFaultySandbox } from './trial';

/** The service's own for a new account: three open tasks are more than can be asked for in a second. */
const REQUESTS_PER_SECOND = 2;
/** The shortest, so that many tasks are open for each poll interval. */
const POLL_INTERVAL_S = 1;
/** Every max(poll interval, open tasks ÷ requests a second), one round missed, and the way of the picture. */
const lateAtMostMs = (openTasks: number) =>
	2000 * Math.max(POLL_INTERVAL_S, openTasks / REQUESTS_PER_SECOND) + 1000;

interface IdleRow {
	what: string;
	promise: string;
	processingMs: ProcessingTimes;
	/** Images that are done before, by the same key. */
	before?: number;
	images: number;
	/** The tasks exist already, and this process has not seen how long any takes. */
	fetchOnly?: boolean;
	seen: string;
}

const NOTICED = 'each noticed soon after it was done';

const rows: IdleRow[] = [
	{
		what: 'three tasks of 0.3 s after three of 12 s',
		promise: 'looked at while nobody else wants a request, whatever earlier tasks took',
		processingMs: { inOrder: [12_000, 12_000, 12_000, 300] },
		before: 3,
		images: 3,
		seen: NOTICED,
	},
	{
		what: 'Get Result of six tasks that take 18 s more, in a process that has seen none',
		promise: 'looked at in turn until they are done',
		processingMs: 18_000,
		images: 6,
		fetchOnly: true,
		seen: NOTICED,
	},
	{
		what: 'eight tasks of 0.5 s, one in the middle of 12 s',
		promise: 'one slow task delays no other, and is itself noticed',
		processingMs: { inOrder: [500, 500, 500, 12_000, 500] },
		images: 8,
		seen: NOTICED,
	},
	{
		what: 'four tasks of 0.5 s, then four of 9 s',
		promise: 'noticed, although they take longer than any before',
		processingMs: { inOrder: [500, 500, 500, 500, 9000] },
		before: 4,
		images: 4,
		seen: NOTICED,
	},
];

let engine: Engine;
const seen = new Map<string, string>();
const found = new Map<IdleRow, Promise<string>>();

beforeAll(async () => {
	engine = await startEngine({ binaryMode: 'filesystem' });
	for (const row of rows) {
		const text = runRow(row);
		// Its test tells of it; until then nobody listens.
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

/** Makes the tasks, as a process did that is gone. */
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
	if (done < own.length) return `${done} of ${own.length} pictures; ${run.error?.message}`;
	const lateMs = own.map(({ taskId, doneAt }) => {
		const looks = requests.filter(({ kind, at, ...request }) => {
			return kind === 'query' && request.taskId === taskId && at >= doneAt;
		});
		return (looks[0]?.endedAt ?? Infinity) - doneAt;
	});
	const latestMs = Math.max(...lateMs);
	if (latestMs <= lateAtMostMs(own.length)) return NOTICED;
	return `the last noticed ${(latestMs / 1000).toFixed(1)} s after it was done`;
}

test.each(rows)(
	'$what: $promise',
	async (row) => {
		const text = await found.get(row);

		expect(text).toBe(row.seen);
		seen.set(row.what, text ?? '');
	},
	120_000,
);

test('docs/reliability.md says what was seen', () => {
	expect(seen.size).toBe(rows.length);
	checkSection(
		'Waiting while nobody else wants a request',
		rows.map(({ what, promise }) => [what, promise, seen.get(what) ?? '']),
		`At ${REQUESTS_PER_SECOND} requests a second, asked every second. “Soon”: after two poll intervals, or two rounds through all open tasks, and a second.`,
	);
});
