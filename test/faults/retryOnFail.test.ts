import { startEngine, type Engine } from '../engine/engine';
import { samples } from '../sandbox/samples/samples';
import type { Fault, FaultAction, LoggedRequest } from '../sandbox/server';
import { saysNo } from './answers';
import { checkSection } from './document';
import { closablePort } from './refusal';
import { describeOutcome, expectAllTasksTold, expectKeyKept } from './seen';
import { largeItem, pictureItem, runTrial, type Trial, type TrialPlan } from './trial';

/** n8n runs the node again, all items, up to three times. */
const RETRY = { retryOnFail: true, maxTries: 3, waitBetweenTries: 50 };
const STOP = { ...RETRY, onError: 'stopWorkflow' } as const;
const GO_ON = { ...RETRY, onError: 'continueRegularOutput' } as const;

const twelve = Array.from({ length: 12 }, (_, index) => pictureItem(`${index}.jpg`));

/** A fault of one item, told by its file name. */
const createOf = (index: number, act: FaultAction, times = 1): Fault => ({
	kind: 'create',
	act,
	times,
	when: ({ files }: LoggedRequest) => files.file?.fileName === `${index}.jpg`,
});

/** Told by its length: the body of an upload that stalls has not been read. */
const isLarge = ({ headers }: LoggedRequest) => Number(headers['content-length']) > 1_000_000;

/**
 * For a create that fails before its task is made, and is the last of its run: all uploads before it have
 * ended by then. Those under way would be cut off, and sent again by the next try.
 */
const EACH_UPLOAD_ENDS = { requestsPerSecond: 4 };

/** For addresses that are written down before the sandbox is there. */
const picturePort = closablePort();

interface RetryRow extends TrialPlan {
	fault: string;
	promise: string;
	seen: string;
}

const rows: RetryRow[] = [
	{
		fault: 'the task of item 7 of 12 fails at the vendor',
		promise: 'that task alone is made anew',
		faults: [createOf(7, { type: 'failTask', state: -9 })],
		node: STOP,
		seen: '13 creates for 12 images, 13 tasks; the picture',
	},
	{
		fault: 'the task of item 7 of 12 fails every time',
		promise: 'that task alone is made anew, each time',
		faults: [createOf(7, { type: 'failTask', state: -9 }, Infinity)],
		node: STOP,
		seen: '14 creates for 12 images, 14 tasks; stopped by item 7',
	},
	{
		fault: 'the result of item 7 of 12 cannot be used, three times',
		promise: 'no task is made anew',
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
		seen: '12 creates for 12 images, 12 tasks; the picture',
	},
	{
		fault: 'item 11 of 12 is refused with 500 in the API’s own words',
		promise: 'no task was made for it, so its create is sent anew',
		faults: [createOf(11, saysNo(500))],
		...EACH_UPLOAD_ENDS,
		node: STOP,
		seen: '13 creates for 12 images, 12 tasks; the picture',
	},
	{
		fault: 'the answer to the create of item 11 of 12 is lost',
		promise: 'reported at every try, never sent again',
		faults: [createOf(11, { type: 'loseAnswer' })],
		...EACH_UPLOAD_ENDS,
		node: STOP,
		seen: '12 creates for 12 images, 12 tasks; stopped by item 11',
	},
	{
		fault: 'item 11 fails at once while the answers to other creates are waited for',
		promise: 'the tasks of those creates are known to the next try',
		faults: [
			createOf(11, saysNo(500)),
			...[0, 1, 2, 3, 4, 5].map((index) => createOf(index, { type: 'delay', ms: 5000 })),
		],
		...EACH_UPLOAD_ENDS,
		node: STOP,
		seen: '13 creates for 12 images, 12 tasks; the picture',
	},
	{
		fault: 'the task of item 0 of 12 fails at the vendor, On Error: continue',
		promise: 'n8n tries again, too; that task alone is made anew',
		faults: [createOf(0, { type: 'failTask', state: -9 })],
		node: GO_ON,
		seen: '13 creates for 12 images, 13 tasks; the picture',
	},
	{
		fault: 'the answer to the create of item 0 of 12 is lost, On Error: continue',
		promise: 'reported at every try, never sent again',
		faults: [createOf(0, { type: 'loseAnswer' })],
		node: GO_ON,
		seen: '12 creates for 12 images, 12 tasks; NETWORK_ERROR, final, “may have been accepted”; the picture',
	},
	{
		fault: 'the same picture in all items, and the first task fails',
		promise: 'each item has a task of its own, one is made anew',
		items: Array.from({ length: 4 }, () => pictureItem('same.jpg')),
		faults: [{ kind: 'create', act: { type: 'failTask', state: -9 } }],
		node: STOP,
		seen: '5 creates for 4 images, 5 tasks; the picture',
	},
	{
		fault: 'image URLs with `$now` in them, and the last of four tasks fails',
		promise:
			'an expression that is never the same twice makes no other image: one task is made anew',
		items: Array.from({ length: 4 }, () => ({ json: {} })),
		sandbox: { resultsPort: picturePort },
		parameters: {
			imageSource: 'url',
			imageUrl: `=http://127.0.0.1:${picturePort}/samples/${samples.watermarked.file}#{{ $now.toMillis() }}`,
		},
		faults: [{ kind: 'create', skip: 3, act: { type: 'failTask', state: -9 } }],
		node: STOP,
		seen: '5 creates for 4 images, 5 tasks; the picture',
	},
	{
		fault: 'item 0 of 2 fails while the upload of item 1 is under way',
		promise: 'what was not sent to its end made no task, so it is sent anew',
		items: [pictureItem('0.jpg'), largeItem()],
		faults: [
			{ kind: 'create', act: { type: 'hang', readBody: false }, when: isLarge },
			createOf(0, { type: 'failTask', state: -9 }),
		],
		node: STOP,
		seen: '4 creates for 2 images, 3 tasks; the picture',
	},
	{
		fault: 'a rejected key',
		promise: 'tried again by n8n, at no cost',
		faults: [{ kind: 'create', act: saysNo(401), times: Infinity }],
		items: [pictureItem('0.jpg')],
		node: STOP,
		seen: '3 creates for 1 images, 0 tasks; stopped by item 0',
	},
];

let engine: Engine;
const trials = new Map<RetryRow, Promise<Trial>>();
const seen = new Map<string, string>();

beforeAll(async () => {
	engine = await startEngine({ binaryMode: 'filesystem' });
	for (const row of rows) {
		const trial = runTrial(engine, { items: twelve, ...row });
		// Its test tells of it; until then nobody listens.
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
		const text = `${creates} creates for ${run.input.length} images, ${tasks.length} tasks; ${outcome}`;

		expect(text).toBe(row.seen);
		expectKeyKept(trial);
		expectAllTasksTold(trial);
		seen.set(row.fault, text);
	},
	60_000,
);

test('docs/reliability.md says what was seen', () => {
	expect(seen.size).toBe(rows.length);
	checkSection(
		'Retry On Fail',
		rows.map(({ fault, promise }) => [fault, promise, seen.get(fault) ?? '']),
		'One run each, with n8n’s own retry: three tries. On Error is set to stop unless stated otherwise.',
	);
});
