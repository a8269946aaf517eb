import type { Fault, FaultAction } from '../sandbox/server';
import { htmlPage, inEnvelope, patchData, saysNo } from './answers';
import { testFaults, type FaultRow } from './faultTable';
import { SHORT_WAIT } from './trial';

const times = (count: number, act: FaultAction): Fault[] => [{ kind: 'query', act, times: count }];
const once = (act: FaultAction) => times(1, act);
const always = (act: FaultAction) => times(Infinity, act);

const FINE = '; the result';

/** Faults that pass: the task is polled again, and the result arrives. */
const passing: FaultRow[] = [
	{ fault: 'reset once', act: { type: 'resetAtOnce' as const } },
	{ fault: 'the response lost once', act: { type: 'loseAnswer' as const } },
	{ fault: '500 three times', act: saysNo(500), count: 3 },
	{ fault: '502 with an HTML page once', act: htmlPage(502) },
	{ fault: '429 once', act: saysNo(429) },
	{ fault: '429 with Retry-After', act: saysNo(429, { 'retry-after': '1' }) },
	{ fault: 'body status 429 with HTTP 200', act: inEnvelope(200, { status: 429 }) },
	{ fault: 'body status 500 with HTTP 200', act: inEnvelope(200, { status: 500 }) },
	{ fault: 'an HTML page with status 200 once', act: htmlPage(200) },
	{ fault: 'broken JSON once', act: { type: 'respond' as const, status: 200, body: '{"status":' } },
	{ fault: 'an empty body once', act: { type: 'respond' as const, status: 200, body: '' } },
	{ fault: '`null` once', act: { type: 'respond' as const, status: 200, body: 'null' } },
	{ fault: 'no `data` once', act: inEnvelope(200, { status: 200 }) },
	{ fault: 'no state once', act: patchData(({ state, ...data }) => ({ ...data, was: state })) },
	{ fault: 'a word as state once', act: patchData((data) => ({ ...data, state: 'done' })) },
	{ fault: 'a fraction as state once', act: patchData((data) => ({ ...data, state: 0.5 })) },
	{
		fault: 'finished without a result URL once',
		act: patchData((data) => ({ ...data, file: '' })),
	},
	{ fault: 'an unknown positive state once', act: patchData((data) => ({ ...data, state: 7 })) },
].map(({ fault, act, count = 1 }) => ({
	fault,
	promise: 'polled again',
	faults: times(count, act),
	seen: `1 create, ${count + 1} queries, 1 download${FINE}`,
}));

/** Permanent faults. */
const lasting: FaultRow[] = [
	{
		fault: 'reset every time',
		promise: 'polled until Max Wait',
		faults: always({ type: 'resetAtOnce' }),
		options: SHORT_WAIT,
		uncounted: ['query'],
		seen: '1 create, repeated queries; NETWORK_ERROR, with task ID, retryable',
	},
	{
		fault: 'no response',
		promise: 'fails after Max Wait and one last poll',
		faults: always({ type: 'hang' }),
		options: SHORT_WAIT,
		uncounted: ['query'],
		seen: '1 create, repeated queries; NETWORK_ERROR, with task ID, retryable',
	},
	{
		fault: 'a response that trickles in',
		promise: 'fails after Max Wait and one last poll',
		faults: always({ type: 'drip' }),
		options: SHORT_WAIT,
		uncounted: ['query'],
		seen: '1 create, repeated queries; NETWORK_ERROR, with task ID, retryable',
	},
	{
		fault: '500 every time',
		promise: 'polled until Max Wait',
		faults: always(saysNo(500)),
		options: SHORT_WAIT,
		uncounted: ['query'],
		seen: '1 create, repeated queries; SERVER_ERROR, status 500, with task ID, retryable',
	},
	{
		fault: '429 every time',
		promise: 'polled until Max Wait',
		faults: always(saysNo(429)),
		options: SHORT_WAIT,
		uncounted: ['query'],
		seen: '1 create, repeated queries; RATE_LIMITED, status 429, with task ID, retryable',
	},
	{
		fault: 'HTML pages every time',
		promise: 'fails after five tries',
		faults: always(htmlPage(200)),
		seen: '1 create, 5 queries; INVALID_RESPONSE, status 200, with task ID, retryable',
	},
	{
		fault: 'finished without a result URL, every time',
		promise: 'fails after five tries',
		faults: always(patchData((data) => ({ ...data, file: null }))),
		seen: '1 create, 5 queries; INVALID_RESPONSE, status 200, with task ID, retryable',
	},
	{
		fault: 'processing that never ends',
		promise: 'polled until Max Wait; the result can be fetched later',
		sandbox: { processingMs: 3_600_000 },
		options: SHORT_WAIT,
		uncounted: ['query'],
		seen: '1 create, repeated queries; TIMEOUT, state 0, with task ID, retryable',
	},
	{
		fault: 'an unknown positive state every time',
		promise: 'treated as processing; polled until Max Wait',
		faults: always(patchData((data) => ({ ...data, state: 99 }))),
		options: SHORT_WAIT,
		uncounted: ['query'],
		seen: '1 create, repeated queries; TIMEOUT, state 99, with task ID, retryable',
	},
];

/** The first four tries come after pauses of 0, 1, 2 and 4 s, minus up to half as jitter; the fifth comes at the deadline. */
const FIFTH_TRY_AT_THE_END = { maxWait: 10 };
/** One last try at the deadline. */
const lastLooks: FaultRow[] = [
	{
		fault: 'the task finishes before Max Wait, and the next poll is due after it',
		promise: 'one last poll at the deadline',
		sandbox: { processingMs: 4000 },
		options: { maxWait: 8, pollInterval: 20 },
		seen: '1 create, 1 query, 1 download; the result',
	},
	{
		fault: 'four queries answered with 500, and the next one due after Max Wait',
		promise: 'one last poll at the deadline',
		faults: times(4, saysNo(500)),
		options: FIFTH_TRY_AT_THE_END,
		seen: '1 create, 5 queries, 1 download; the result',
	},
	{
		fault: 'four creates answered with 503, and the next one due after Max Wait',
		promise: 'one last try at the deadline',
		faults: [{ kind: 'create', act: saysNo(503), times: 4 }],
		options: { ...FIFTH_TRY_AT_THE_END, waitForCompletion: false },
		seen: '5 creates; an item with status submitted',
	},
];

const refusals: FaultRow[] = [
	{ status: 400, code: 'INVALID_INPUT' },
	{ status: 401, code: 'UNAUTHORIZED' },
	{ status: 404, code: 'NOT_FOUND' },
].map(({ status, code }) => ({
	fault: `${status}`,
	promise: 'final, as a retry would get the same response',
	faults: always(saysNo(status)),
	seen: `1 create, 1 query; ${code}, status ${status}, with task ID, final`,
}));

const other: FaultRow[] = [
	{
		fault: 'body status 404 with HTTP 200',
		promise: 'both statuses count',
		faults: always(inEnvelope(200, { status: 404, message: 'Not found' })),
		seen: '1 create, 1 query; NOT_FOUND, status 404, with task ID, final',
	},
	{
		fault: 'an unknown or expired task, Get Result',
		promise: 'final; the error says what to check',
		parameters: {
			operation: 'getResult',
			taskType: 'removeObjects',
			taskId: '5e3a0d52-0000-4000-8000-000000000000',
		},
		seen: '1 query; NOT_FOUND, status 404, with task ID, final',
	},
	{
		fault: 'a redirect to another host',
		promise: 'not followed; the key goes only to the API host',
		faults: ({ resultsUrl }) =>
			always({ type: 'respond', status: 302, headers: { location: resultsUrl }, body: '' }),
		seen: '1 create, 1 query; INVALID_RESPONSE, status 302, with task ID, final',
	},
	{
		fault: 'numbers as text',
		promise: 'read as numbers',
		faults: always(
			patchData((data) => ({
				...data,
				state: String(data.state),
				progress: String(data.progress),
			})),
		),
		seen: `1 create, 1 query, 1 download${FINE}; state 1, progress 100`,
		shows: ({ run }) => {
			const { state, progress } = run.outputs[0]?.[0]?.json ?? {};
			return typeof state === 'number' ? `state ${state}, progress ${String(progress)}` : 'text';
		},
	},
	{
		fault: 'progress that goes backwards',
		promise: 'ignored; only the state counts',
		faults: [50, 10].flatMap((progress) =>
			once(patchData((data) => ({ ...data, state: 4, progress }))),
		),
		seen: `1 create, 3 queries, 1 download${FINE}`,
	},
	{
		fault: 'the response names another task',
		promise: 'the requested task ID counts',
		faults: always(patchData((data) => ({ ...data, task_id: 'another' }))),
		seen: `1 create, 1 query, 1 download${FINE}; its own task ID`,
		shows: ({ run, tasks }) =>
			run.outputs[0]?.[0]?.json.taskId === tasks[0]?.taskId ? 'its own task ID' : 'another task ID',
	},
];

testFaults('Waiting for a task', [...passing, ...lasting, ...lastLooks, ...refusals, ...other]);
