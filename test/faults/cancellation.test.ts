/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { setTimeout as wait } from 'node:timers/promises';
import { startEngine, type Engine } from '../engine/engine';
import type { LoggedRequest, Sandbox } from '../sandbox/server';
import { patchData, saysNo } from './answers';
import { checkSection } from './document';
import { expectAllTasksReported, expectKeyKept } from './seen';
import {
	largeItem,
	picture,
	pictureItem,
	runOptions,
	startFaultySandbox,
	type TrialPlan,
} from './trial';

interface StopRow extends TrialPlan {
	fault: string;
	/** Whether the run has reached the point at which it is stopped. */
	when: (requests: readonly LoggedRequest[]) => boolean;
	/** Stopped by an item's error; default: by the stop button. */
	by?: 'error';
	/** The sandbox does not read the body, so it cannot notice that the connection closed. */
	unread?: boolean;
}

const came = (kind: LoggedRequest['kind'], count = 1) => {
	return (requests: readonly LoggedRequest[]) =>
		requests.filter((request) => request.kind === kind).length >= count;
};
const items = (count: number) =>
	Array.from({ length: count }, (_, index) => pictureItem(`${index}.jpg`));
const HOUR_MS = 3_600_000;

const canceled: StopRow[] = [
	{
		fault: 'while images are queued',
		items: items(6),
		requestsPerSecond: 1,
		when: came('create', 2),
	},
	{
		fault: 'during an upload',
		items: [largeItem()],
		faults: [{ kind: 'create', act: { type: 'hang', readBody: false } }],
		when: came('create'),
		unread: true,
	},
	{
		fault: 'while waiting for the response to a create',
		faults: [{ kind: 'create', act: { type: 'hang' } }],
		when: came('create'),
	},
	{
		fault: 'during processing, synchronous',
		sandbox: { processingMs: HOUR_MS },
		options: { requestMode: 'sync' },
		when: came('create'),
	},
	{
		fault: 'during processing, between two polls',
		items: items(3),
		sandbox: { processingMs: HOUR_MS },
		when: came('query', 3),
	},
	{
		fault: 'while waiting for the response to a query',
		faults: [{ kind: 'query', act: { type: 'hang' } }],
		when: came('query'),
	},
	{
		fault: 'during the pause after a failed query',
		faults: [{ kind: 'query', act: saysNo(500), times: Infinity }],
		when: came('query', 2),
	},
	{
		fault: 'during the pause after a 429',
		faults: [{ kind: 'create', act: saysNo(429, { 'retry-after': '30' }), times: Infinity }],
		when: came('create'),
	},
	{
		fault: 'while waiting for a download to begin',
		faults: [{ kind: 'download', act: { type: 'hang' } }],
		when: came('download'),
	},
	{
		fault: 'in the middle of a download',
		faults: [
			{
				kind: 'download',
				act: {
					type: 'serve',
					body: async function* () {
						yield picture.subarray(0, picture.length / 2);
						await new Promise(() => {});
					},
				},
			},
		],
		when: came('download'),
	},
	{
		fault: 'during the pause after a failed download',
		faults: [
			{ kind: 'download', act: { type: 'respond', status: 500, body: '' }, times: Infinity },
		],
		when: came('download', 2),
	},
];

const stopped: StopRow[] = [
	{
		fault: 'an item is refused while others are being processed, On Error: stop',
		items: items(6),
		sandbox: { processingMs: HOUR_MS },
		faults: [{ kind: 'create', skip: 5, act: saysNo(400) }],
		when: came('create', 6),
		by: 'error',
	},
	{
		fault: 'an item is refused while others are queued, On Error: stop',
		items: items(6),
		requestsPerSecond: 1,
		faults: [{ kind: 'create', skip: 1, act: saysNo(400) }],
		when: came('create', 2),
		by: 'error',
	},
	{
		fault: 'an item’s query is refused while another item is being downloaded, On Error: stop',
		items: items(2),
		faults: ({ requests }) => {
			const isSecond = ({ taskId }: LoggedRequest) =>
				requests.find(({ kind }) => kind === 'create')?.taskId !== taskId;
			const begun = () => came('download')(requests);
			const act = patchData((data) => ({ ...data, state: 4 }));
			return [
				{ kind: 'download', act: { type: 'hang' } },
				{ kind: 'query', act: saysNo(404), when: (query) => isSecond(query) && begun() },
				{ kind: 'query', act, times: Infinity, when: isSecond },
			];
		},
		when: (requests) => requests.some(({ status }) => status === 404),
		by: 'error',
	},
];

let engine: Engine;
const rows = [...canceled, ...stopped];
const outcomes = new Map<StopRow, Promise<string>>();
const seen = new Map<string, string>();

beforeAll(async () => {
	engine = await startEngine({ binaryMode: 'filesystem' });
	for (const row of rows) {
		const outcome = stopRun(row);
		// Its own test reports a failure; until then, nothing would handle it.
		outcome.catch(() => {});
		outcomes.set(row, outcome);
	}
});

afterAll(async () => await engine.close());

async function stopRun(row: StopRow): Promise<string> {
	const sandbox = await startFaultySandbox(row);
	try {
		const options = runOptions(sandbox, row);
		const running = engine.start(options);
		while (!row.when(sandbox.requests)) await wait(10);
		// Time for a response to reach the node.
		if (!row.by) await wait(100);
		const stoppedAt = performance.now();
		if (!row.by) running.cancel();
		const run = await running.finished;
		const tookMs = performance.now() - stoppedAt;
		expect(run.status).toBe(row.by ?? 'canceled');
		const trial = { run, requests: [...sandbox.requests], tasks: sandbox.tasks };
		if (row.by) expectAllTasksReported(trial);
		expectKeyKept(trial);
		return `${tookMs < 1000 ? 'ended within a second' : `ended after ${tookMs} ms`}, ${await followUps(sandbox, row)}`;
	} finally {
		await sandbox.close();
	}
}

/** What goes on after the end: new requests, or connections that stay open. */
async function followUps({ requests }: Sandbox, { unread }: StopRow): Promise<string> {
	const before = requests.length;
	await wait(1500);
	const more = requests.length - before;
	const text = `${more === 0 ? 'no' : more} later requests`;
	if (unread) return text;
	const open = requests.filter(({ endedAt }) => endedAt === undefined).length;
	return `${text}, ${open === 0 ? 'none' : open} left open`;
}

const PROMISE = 'the run ends within a second and leaves nothing running';
const SEEN = 'ended within a second, no later requests';

test.each(rows)(
	'$fault',
	async (row) => {
		const text = await outcomes.get(row);

		expect(text).toBe(row.unread ? SEEN : `${SEEN}, none left open`);
		seen.set(row.fault, text ?? '');
	},
	60_000,
);

test('docs/reliability.md matches what was observed', () => {
	expect(seen.size).toBe(rows.length);
	checkSection(
		'Cancellation and stopping',
		rows.map(({ fault, by }) => [
			by ? fault : `canceled ${fault}`,
			by ? `${PROMISE}; the error names every paid task` : PROMISE,
			seen.get(fault) ?? '',
		]),
		'One run each, observed for another second and a half after its end.',
	);
});
