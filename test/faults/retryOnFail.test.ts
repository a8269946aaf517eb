import { startEngine, type Engine } from '../engine/engine';
import { samples } from '../sandbox/samples/samples';
import type { Fault, FaultAction, LoggedRequest } from '../sandbox/server';
import { saysNo } from './answers';
import { checkSection } from './document';
import { closablePort } from './refusal';
import { describeOutcome, expectAllTasksReported, expectKeyKept } from './seen';
import { largeItem, pictureItem, runTrial, type Trial, type TrialPlan } from './trial';

/** n8n runs the node, with all items, up to three times. */
const RETRY = { retryOnFail: true, maxTries: 3, waitBetweenTries: 50 };
const STOP = { ...RETRY, onError: 'stopWorkflow' } as const;
const GO_ON = { ...RETRY, onError: 'continueRegularOutput' } as const;

const twelve = Array.from({ length: 12 }, (_, index) => pictureItem(`${index}.jpg`));

/** A fault for one item, identified by its file name. */
const createOf = (index: number, act: FaultAction, times = 1): Fault => ({
	kind: 'create',
	act,
	times,
	when: ({ files }: LoggedRequest) => files.file?.fileName === `${index}.jpg`,
});

/** Identified by its length, as the body of a stalled upload is not read. */
const isLarge = ({ headers }: LoggedRequest) => Number(headers['content-length']) > 1_000_000;

/**
 * For a create that fails before its task exists and is the last of its run: all earlier uploads have
 * ended by then. An upload in progress would be cut off and repeated by the next try.
 */
const EACH_UPLOAD_ENDS = { requestsPerSecond: 4 };

/** For URLs that are needed before the sandbox starts. */
const picturePort = closablePort();

interface RetryRow extends TrialPlan {
	fault: string;
	promise: string;
	seen: string;
}

const rows: RetryRow[] = [
	{
		fault: 'the task of item 7 of 12 fails at PicWish',
		promise: 'only that task is created again',
		faults: [createOf(7, { type: 'failTask', state: -9 })],
		node: STOP,
		seen: '13 creates for 12 images, 13 tasks; the result',
	},
	{
		fault: 'the task of item 7 of 12 fails every time',
		promise: 'only that task is created again, each time',
		faults: [createOf(7, { type: 'failTask', state: -9 }, Infinity)],
		node: STOP,
		seen: '14 creates for 12 images, 14 tasks; stopped by item 7',
	},
	{
		fault: 'the result of item 7 of 12 is unusable three times',
		promise: 'no task is created again',
		faults: ({ requests }) => [
			{
				kind: 'download',
				act: { type: 'serve', body: Buffer.alloc(0) },
				times: 3,
				when: ({ taskId }) =>
					requests.find((request) => request.taskId === taskId)?.files.file?.fileName === '7.jpg',
			},
		],
		node: STOP,
		seen: '12 creates for 12 images, 12 tasks; the result',
	},
	{
		fault: 'item 11 of 12 is refused with 500 in the API’s own format',
		promise: 'no task was created, so the create is repeated',
		faults: [createOf(11, saysNo(500))],
		...EACH_UPLOAD_ENDS,
		node: STOP,
		seen: '13 creates for 12 images, 12 tasks; the result',
	},
	{
		fault: 'the response to the create of item 11 of 12 is lost',
		promise: 'reported by every try; the create is never repeated',
		faults: [createOf(11, { type: 'loseAnswer' })],
		...EACH_UPLOAD_ENDS,
		node: STOP,
		seen: '12 creates for 12 images, 12 tasks; stopped by item 11',
	},
	{
		fault: 'item 11 fails at once while other creates are in flight',
		promise: 'the next try knows the tasks of those creates',
		faults: [
			createOf(11, saysNo(500)),
			...[0, 1, 2, 3, 4, 5].map((index) => createOf(index, { type: 'delay', ms: 5000 })),
		],
		...EACH_UPLOAD_ENDS,
		node: STOP,
		seen: '13 creates for 12 images, 12 tasks; the result',
	},
	{
		fault: 'the task of item 0 of 12 fails at PicWish, On Error: continue',
		promise: 'n8n retries here, too; only that task is created again',
		faults: [createOf(0, { type: 'failTask', state: -9 })],
		node: GO_ON,
		seen: '13 creates for 12 images, 13 tasks; the result',
	},
	{
		fault: 'the response to the create of item 0 of 12 is lost, On Error: continue',
		promise: 'reported by every try; the create is never repeated',
		faults: [createOf(0, { type: 'loseAnswer' })],
		node: GO_ON,
		seen: '12 creates for 12 images, 12 tasks; NETWORK_ERROR, final, “may have been accepted”; the result',
	},
	{
		fault: 'the same image in all items, and the first task fails',
		promise: 'each item has its own task; only the failed one is created again',
		items: Array.from({ length: 4 }, () => pictureItem('same.jpg')),
		faults: [{ kind: 'create', act: { type: 'failTask', state: -9 } }],
		node: STOP,
		seen: '5 creates for 4 images, 5 tasks; the result',
	},
	{
		fault: 'image URLs with `$now` in them, and the last of four tasks fails',
		promise:
			'a URL that changes with every evaluation still means the same image: one task is created again',
		items: Array.from({ length: 4 }, () => ({ json: {} })),
		sandbox: { resultsPort: picturePort },
		parameters: {
			imageSource: 'url',
			imageUrl: `=http://127.0.0.1:${picturePort}/samples/${samples.watermarked.file}#{{ $now.toMillis() }}`,
		},
		faults: [{ kind: 'create', skip: 3, act: { type: 'failTask', state: -9 } }],
		node: STOP,
		seen: '5 creates for 4 images, 5 tasks; the result',
	},
	{
		fault: 'item 0 of 2 fails while item 1 is being uploaded',
		promise: 'an incomplete upload creates no task, so it is repeated',
		items: [pictureItem('0.jpg'), largeItem()],
		faults: [
			{ kind: 'create', act: { type: 'hang', readBody: false }, when: isLarge },
			createOf(0, { type: 'failTask', state: -9 }),
		],
		node: STOP,
		seen: '4 creates for 2 images, 3 tasks; the result',
	},
	{
		fault: 'a refused key',
		promise: 'retried by n8n, at no cost',
		faults: [{ kind: 'create', act: saysNo(401), times: Infinity }],
		items: [pictureItem('0.jpg')],
		node: STOP,
		seen: '3 creates for 1 image, 0 tasks; stopped by item 0',
	},
];

let engine: Engine;
const trials = new Map<RetryRow, Promise<Trial>>();
const seen = new Map<string, string>();

beforeAll(async () => {
	engine = await startEngine({ binaryMode: 'filesystem' });
	for (const row of rows) {
		const trial = runTrial(engine, { items: twelve, ...row });
		// Its own test reports a failure; until then, nothing would handle it.
		trial.catch(() => {});
		trials.set(row, trial);
	}
});

afterAll(async () => await engine.close());

test.each(rows)(
	'$fault: $promise',
	async (row) => {
		const trial = await trials.get(row);
		if (!trial) throw new Error('The row was not run');
		const { run, tasks, requests } = trial;
		const creates = requests.filter(({ kind }) => kind === 'create').length;
		const outcome =
			run.status === 'success'
				? await describeOutcome(trial)
				: `stopped by item ${run.error?.itemIndex}`;
		const text = `${creates} creates for ${run.input.length} ${run.input.length === 1 ? 'image' : 'images'}, ${tasks.length} tasks; ${outcome}`;

		expect(text).toBe(row.seen);
		expectKeyKept(trial);
		expectAllTasksReported(trial);
		seen.set(row.fault, text);
	},
	60_000,
);

test('docs/reliability.md matches what was observed', () => {
	expect(seen.size).toBe(rows.length);
	checkSection(
		'Retry On Fail',
		rows.map(({ fault, promise }) => [fault, promise, seen.get(fault) ?? '']),
		'One run each, with n8n’s Retry On Fail at three tries. On Error is set to stop unless stated otherwise.',
	);
});
