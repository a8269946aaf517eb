import { startEngine, type Engine } from '../engine/engine';
import { checkSection } from './document';
import { errorOf } from './itemError';
import {
	describeOutcome,
	describeRequests,
	expectAllTasksReported,
	expectKeyKept,
	type Counted,
} from './seen';
import { MAX_WAIT_S, runTrial, type Trial, type TrialPlan } from './trial';

/** One row of docs/reliability.md, and its test. */
export interface FaultRow extends TrialPlan {
	fault: string;
	promise: string;
	/** The texts of `describeRequests`, `describeOutcome` and `shows`, joined. */
	seen: string;
	uncounted?: Counted[];
	/** With On Error set to stop, fewer requests are sent. */
	stopsEarlier?: boolean;
	/** Observations that requests and items do not show. */
	shows?: (trial: Trial) => string;
}

interface Pair {
	goOn: Trial;
	stop: Trial;
}

/** Rows run at once: enough to overlap the waits, few enough for two cores. */
const AT_ONCE = 16;
const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/;
const ROW_MS = 110_000;

/**
 * Runs each row twice in n8n's engine, with On Error set to continue and to stop, and compares both
 * with the row and with the document. Rows overlap; each test waits for its own.
 *
 * @param graceMs how long after Max Wait a run may end
 */
export function testFaults(title: string, rows: readonly FaultRow[], graceMs = 3000): void {
	const pairs = new Map<FaultRow, Promise<Pair>>();
	const seen = new Map<string, string>();
	let engine: Engine;

	beforeAll(async () => {
		engine = await startEngine({ binaryMode: 'filesystem' });
		const turns: Array<Promise<unknown>> = [];
		rows.forEach((row, index) => {
			const turn = turns[index - AT_ONCE] ?? Promise.resolve();
			const pair = turn.then(async () => await tryBothWays(engine, row));
			pairs.set(row, pair);
			turns.push(pair.catch(() => {}));
		});
	});

	afterAll(async () => await engine.close());

	test.each(rows)(
		'$fault: $promise',
		async (row) => {
			const pair = await pairs.get(row);
			if (!pair) throw new Error('The row was not run');
			const { goOn, stop } = pair;
			const requests = describeRequests(goOn, row.uncounted);
			const phrases = [requests, await describeOutcome(goOn), row.shows?.(goOn)];
			const text = phrases.filter(Boolean).join('; ');

			expect(text).toBe(row.seen);
			expectHint(goOn);
			if (!row.stopsEarlier) expect(describeRequests(stop, row.uncounted)).toBe(requests);
			expectSameError(stop, goOn);
			for (const trial of [goOn, stop]) {
				expect(trial.run.elapsedMs).toBeLessThan(maxWaitMs(row) + graceMs);
				expectKeyKept(trial);
				expectAllTasksReported(trial);
			}
			seen.set(row.fault, text);
		},
		ROW_MS,
	);

	test('docs/reliability.md matches what was observed', () => {
		expect(seen.size).toBe(rows.length);
		checkSection(
			title,
			rows.map(({ fault, promise }) => [fault, promise, seen.get(fault) ?? '']),
		);
	});
}

const maxWaitMs = ({ options }: FaultRow) => Number(options?.maxWait ?? MAX_WAIT_S) * 1000;

async function tryBothWays(engine: Engine, row: FaultRow): Promise<Pair> {
	const [goOn, stop] = await Promise.all([
		runTrial(engine, { ...row, node: { ...row.node, onError: 'continueRegularOutput' } }),
		runTrial(engine, { ...row, node: { ...row.node, onError: 'stopWorkflow' } }),
	]);
	return { goOn, stop };
}

/** One hint in the output pane gives the number of failed images and the reason; without failures there is none. */
function expectHint({ run }: Trial): void {
	const items = run.outputs[0] ?? [];
	const errors = items.flatMap((item) => errorOf(item) ?? []);
	const [error] = errors;
	if (!error) {
		expect(run.hints).toEqual([]);
		return;
	}
	const [hint, ...others] = run.hints;
	expect(others).toEqual([]);
	expect(hint?.message).toContain(`${errors.length} of ${items.length} images`);
	// The hint names the file once, before the message.
	const inMessage = [/ \[item \d+\]$/, ` (${error.fileName})`, ` "${error.fileName}"`];
	const why = inMessage.reduce<string>((text, name) => text.replace(name, ''), error.message);
	expect(hint?.message).toContain(why);
	expect(hint?.message).not.toContain('\n');
}

/** A run that stops throws the error that a continuing run puts into its first failed item. */
function expectSameError({ run: stopped }: Trial, { run: wentOn }: Trial): void {
	const items = wentOn.outputs[0] ?? [];
	const itemIndex = items.findIndex((item) => errorOf(item));
	const error = items[itemIndex] && errorOf(items[itemIndex]);
	if (!error) {
		expect(stopped.error).toBeUndefined();
		expect(stopped.outputs[0] ?? []).toHaveLength(items.length);
		return;
	}
	const { code, httpStatus } = error;
	const isOwn = ['INVALID_INPUT', 'TIMEOUT', 'CANCELED'].includes(code) && httpStatus === null;
	expect(stopped.error).toMatchObject({
		name: isOwn ? 'NodeOperationError' : 'NodeApiError',
		message: error.message,
		description: expect.stringContaining(error.description),
		itemIndex,
		// The error pane shows `httpCode` as the error's code, where a success status would mislead.
		...(!isOwn && {
			httpCode: httpStatus !== null && httpStatus >= 300 ? String(httpStatus) : code,
		}),
	});
	if (code === 'TASK_FAILED') expect(stopped.error?.description).toMatch(UUID);
	expect(stopped.outputs).toEqual([]);
}
