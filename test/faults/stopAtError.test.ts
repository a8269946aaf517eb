import { startEngine, type Engine } from '../engine/engine';
import type { Fault, FaultAction, LoggedRequest } from '../sandbox/server';
import { saysNo } from './answers';
import { checkSection } from './document';
import { describeOutcome, expectKeyKept } from './seen';
import { pictureItem, runTrial, type Trial, type TrialPlan } from './trial';

/** Longer than any time that a node of its own accord might allow creates under way. */
const SLOW_MS = 4500;
const SYNC = { requestMode: 'sync' };
const RETRY = { retryOnFail: true, maxTries: 3, waitBetweenTries: 50 };

const items = (count: number) =>
	Array.from({ length: count }, (_, index) => pictureItem(`${index}.jpg`));

const createOf = (index: number, act: FaultAction, times = 1): Fault => ({
	kind: 'create',
	act,
	times,
	when: ({ files }: LoggedRequest) => files.file?.fileName === `${index}.jpg`,
});

interface StopRow extends TrialPlan {
	fault: string;
	promise: string;
	seen: string;
}

/** What the error says of images that were sent and not answered. */
const MAYBE_CHARGED = 'may have been charged';

const rows: StopRow[] = [
	{
		fault: 'synchronous, item 20 of 40 is refused while the tasks of those before it are in work',
		promise:
			'nothing new is sent; the creates under way end in their own time, so every task is named',
		items: items(40),
		sandbox: { processingMs: SLOW_MS },
		options: SYNC,
		requestsPerSecond: 8,
		faults: [createOf(20, saysNo(400))],
		seen: 'stopped by item 20, “Sandbox says 400”; every task named, no create twice',
	},
	{
		fault: 'the same, item 20 is refused in every try of Retry On Fail',
		promise: 'the last try says why, too; no task is made twice',
		items: items(40),
		sandbox: { processingMs: SLOW_MS },
		options: SYNC,
		requestsPerSecond: 8,
		faults: [createOf(20, saysNo(400), Infinity)],
		node: RETRY,
		seen: 'stopped by item 20, “Sandbox says 400”; every task named, no create twice but that of item 20',
	},
	{
		fault: 'the same, item 20 is refused in the first try only',
		promise: 'the next try ends well, with the tasks that are there',
		items: items(40),
		sandbox: { processingMs: SLOW_MS },
		options: SYNC,
		requestsPerSecond: 8,
		faults: [createOf(20, saysNo(400))],
		node: RETRY,
		seen: 'the picture; no create twice but that of item 20',
	},
	{
		fault: 'asynchronous, the answers to five creates are slow, item 5 of 12 is refused',
		promise: 'their tasks are named',
		items: items(12),
		faults: [
			...[0, 1, 2, 3, 4].map((index) => createOf(index, { type: 'delay', ms: SLOW_MS })),
			createOf(5, saysNo(400)),
		],
		seen: 'stopped by item 5, “Sandbox says 400”; every task named, no create twice',
	},
	{
		fault: 'synchronous, item 1 of 2 is refused while item 0 never gets an answer',
		promise: 'the run ends when Max Wait of item 0 is over, and says that item 0 may be charged',
		items: items(2),
		options: { ...SYNC, maxWait: 5 },
		faults: [createOf(0, { type: 'hang' }), createOf(1, saysNo(400))],
		seen: `stopped by item 1, “Sandbox says 400”; every task named, no create twice, “${MAYBE_CHARGED}”`,
	},
	{
		fault: 'the same in every try of Retry On Fail',
		promise: 'the last try says why, too; nothing is sent again while item 0 may be charged',
		items: items(2),
		options: { ...SYNC, maxWait: 5 },
		faults: [createOf(0, { type: 'hang' }), createOf(1, saysNo(400), Infinity)],
		node: RETRY,
		seen: `stopped by item 1, “Sandbox says 400”; every task named, no create twice, “${MAYBE_CHARGED}”`,
	},
];

let engine: Engine;
const trials = new Map<StopRow, Promise<Trial>>();
const seen = new Map<string, string>();

beforeAll(async () => {
	engine = await startEngine({ binaryMode: 'filesystem' });
	for (const row of rows) {
		const node = { ...row.node, onError: 'stopWorkflow' } as const;
		const trial = runTrial(engine, { ...row, node });
		// Its test tells of it; until then nobody listens.
		trial.catch(() => {});
		trials.set(row, trial);
	}
});

afterAll(async () => await engine.close());

async function describeRun(trial: Trial): Promise<string> {
	const { run, tasks } = trial;
	if (run.status === 'success') return `${await describeOutcome(trial)}; ${describeCreates(trial)}`;
	const { message = '', description = '', itemIndex } = run.error ?? {};
	const [reason = message] = /Sandbox says \d+/.exec(message) ?? [];
	const unnamed = tasks.filter(({ taskId }) => !description.includes(taskId)).length;
	const phrases = [
		unnamed === 0 ? 'every task named' : `${unnamed} of ${tasks.length} tasks not named`,
		describeCreates(trial),
		description.includes(MAYBE_CHARGED) && `“${MAYBE_CHARGED}”`,
	];
	return `stopped by item ${itemIndex}, “${reason}”; ${phrases.filter(Boolean).join(', ')}`;
}

function describeCreates({ requests }: Trial): string {
	const sent = requests.flatMap(({ files }) => files.file?.fileName.replace('.jpg', '') ?? []);
	const again = new Set(sent.filter((name, index) => sent.indexOf(name) < index));
	return again.size === 0
		? 'no create twice'
		: `no create twice but that of item ${[...again].join(', ')}`;
}

test.each(rows)(
	'$fault: $promise',
	async (row) => {
		const trial = await trials.get(row);
		if (!trial) throw new Error('The row was not run');
		const text = await describeRun(trial);

		expect(text).toBe(row.seen);
		// Of the twenty after the refused one, no more than left before its answer was there.
		const isNew = ({ kind }: LoggedRequest) => kind === 'create';
		if (!row.node) expect(trial.requests.filter(isNew).length).toBeLessThan(36);
		expectKeyKept(trial);
		seen.set(row.fault, text);
	},
	60_000,
);

test('docs/reliability.md says what was seen', () => {
	expect(seen.size).toBe(rows.length);
	checkSection(
		'Stopping at an error while creates are under way',
		rows.map(({ fault, promise }) => [fault, promise, seen.get(fault) ?? '']),
		`One run each, On Error set to stop. Tasks and slow answers take ${SLOW_MS / 1000} s.`,
	);
});
