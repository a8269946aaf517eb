import { startEngine, type Engine } from '../engine/engine';
import type { Fault, FaultAction } from '../sandbox/server';
import { htmlPage, inEnvelope, saysNo } from './answers';
import { checkSection } from './document';
import { errorOf } from './itemError';
import { expectAllTasksReported, expectKeyKept } from './seen';
import {
	pictureItem,
	runOptions,
	runTrial,
	startFaultySandbox,
	type Trial,
	type TrialPlan,
} from './trial';

const images = Array.from({ length: 60 }, (_, index) => pictureItem(`${index}.jpg`));
/** Slow enough that only a few creates leave before a response arrives. */
const REQUESTS_PER_SECOND = 4;
/** Creates in flight when the first refusal arrives: six seconds of them, as a busy machine may take. */
const UNDER_WAY = 24;
/** How long the response to a query may take to reach the node. */
const UNDER_WAY_MS = 6000;

const always = (act: FaultAction, skip = 0): Fault[] => [
	{ kind: 'create', act, skip, times: Infinity },
];
const once = (act: FaultAction): Fault[] => [{ kind: 'create', act }];

interface RefusalRow extends TrialPlan {
	fault: string;
	promise: string;
	seen: string;
}

const NOT_UPLOADED = 'the remaining images are not uploaded, and their errors say why';

const rows: RefusalRow[] = [
	{
		fault: '401 in the API’s own format',
		promise: NOT_UPLOADED,
		faults: always(saysNo(401)),
		seen: 'few creates; 60 × UNAUTHORIZED',
	},
	{
		fault: '403 in the API’s own format',
		promise: NOT_UPLOADED,
		faults: always(saysNo(403)),
		seen: 'few creates; 60 × UNAUTHORIZED',
	},
	{
		fault: 'body status 401 with HTTP 200',
		promise: NOT_UPLOADED,
		faults: always(inEnvelope(200, { status: 401, message: 'Unauthorized' })),
		seen: 'few creates; 60 × UNAUTHORIZED',
	},
	{
		fault: '401 in the API’s own format, On Error: stop',
		promise: 'the run ends',
		faults: always(saysNo(401)),
		node: { onError: 'stopWorkflow' },
		seen: 'few creates; stopped',
	},
	{
		fault: '401 from the eleventh create on, while the first tasks are in progress',
		promise: `${NOT_UPLOADED}; paid results are fetched`,
		faults: always(saysNo(401), 10),
		sandbox: { processingMs: 1500 },
		seen: '10 creates and a few more; 10 × result, 50 × UNAUTHORIZED',
	},
	{
		fault: '401 for every query',
		promise: 'no more tasks are created, and the errors name the existing ones',
		faults: [{ kind: 'query', act: saysNo(401), times: Infinity }],
		options: { pollInterval: 1 },
		seen: 'no create after the refusal; 60 × UNAUTHORIZED',
	},
	{
		fault: '401 with an HTML page, once',
		promise: 'a proxy’s refusal fails only its own image',
		faults: once(htmlPage(401)),
		seen: '60 creates; 59 × result, 1 × INVALID_RESPONSE',
	},
	{
		fault: '403 with an HTML page, once',
		promise: 'a proxy’s refusal fails only its own image',
		faults: once(htmlPage(403)),
		seen: '60 creates; 59 × result, 1 × INVALID_RESPONSE',
	},
];

let engine: Engine;
const trials = new Map<RefusalRow, Promise<Trial>>();
const seen = new Map<string, string>();

beforeAll(async () => {
	engine = await startEngine({ binaryMode: 'filesystem' });
	for (const row of rows) {
		const node = { onError: 'continueRegularOutput', ...row.node } as const;
		const trial = runTrial(engine, {
			items: images,
			requestsPerSecond: REQUESTS_PER_SECOND,
			...row,
			node,
		});
		// Its own test reports a failure; until then, nothing would handle it.
		trial.catch(() => {});
		trials.set(row, trial);
	}
});

afterAll(async () => await engine.close());

function describeCreates({ requests }: Trial): string {
	const creates = requests.filter(({ kind }) => kind === 'create');
	const accepted = creates.filter(({ taskId }) => taskId !== undefined).length;
	const refusedAt = requests.find(
		({ kind, status }) => kind === 'query' && status === 401,
	)?.endedAt;
	if (refusedAt !== undefined) {
		const later = creates.filter(({ at }) => at > refusedAt + UNDER_WAY_MS).length;
		return `${later === 0 ? 'no' : later} create after the refusal`;
	}
	if (creates.length === images.length || creates.length > accepted + UNDER_WAY) {
		return `${creates.length} creates`;
	}
	return accepted === 0 ? 'few creates' : `${accepted} creates and a few more`;
}

function describeItems({ run }: Trial): string {
	if (run.status !== 'success') return 'stopped';
	const counts = new Map<string, number>();
	for (const item of run.outputs[0] ?? []) {
		const kind = errorOf(item)?.code ?? (item.binary?.data ? 'result' : 'no result');
		counts.set(kind, (counts.get(kind) ?? 0) + 1);
	}
	const phrases = [...counts].sort(([one], [other]) => (one < other ? 1 : -1));
	return phrases.map(([kind, count]) => `${count} × ${kind}`).join(', ');
}

test.each(rows)(
	'$fault: $promise',
	async (row) => {
		const trial = await trials.get(row);
		if (!trial) throw new Error('The row was not run');
		const text = `${describeCreates(trial)}; ${describeItems(trial)}`;

		expect(text).toBe(row.seen);
		expectKeyKept(trial);
		expectAllTasksReported(trial);
		seen.set(row.fault, text);
	},
	60_000,
);

test('an image that was not sent gives the reason', async () => {
	const [row] = rows;
	const trial = row && (await trials.get(row));
	const last = trial?.run.outputs[0]?.at(-1);
	const error = last && errorOf(last);

	expect(error).toMatchObject({ code: 'UNAUTHORIZED', taskId: null, retryable: false });
	expect(`${error?.message} ${error?.description}`).toMatch(/API key/);
});

test('the next run tries again, as the account may work by then', async () => {
	let fixed = false;
	const sandbox = await startFaultySandbox({
		faults: [{ kind: 'create', act: saysNo(401), times: Infinity, when: () => !fixed }],
	});
	try {
		const items = images.slice(0, 3);
		const node = { onError: 'continueRegularOutput' } as const;
		const first = await engine.run(runOptions(sandbox, { items, node }));
		fixed = true;
		const second = await engine.run(runOptions(sandbox, { items, node }));

		expect(first.outputs[0]?.every((item) => errorOf(item)?.code === 'UNAUTHORIZED')).toBe(true);
		expect(second.outputs[0]?.map((item) => errorOf(item)?.code)).toEqual(
			items.map(() => undefined),
		);
	} finally {
		await sandbox.close();
	}
});

test('docs/reliability.md matches what was observed', () => {
	expect(seen.size).toBe(rows.length);
	checkSection(
		'An account-wide refusal',
		rows.map(({ fault, promise }) => [fault, promise, seen.get(fault) ?? '']),
		`One run each, of ${images.length} images, at ${REQUESTS_PER_SECOND} requests per second. On Error is set to continue unless stated otherwise. “Few” means at most ${UNDER_WAY}: the creates in flight when the refusal arrives.`,
	);
});
