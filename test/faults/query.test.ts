import type { Fault, FaultAction } from '../sandbox/server';
import { htmlPage, inEnvelope, patchData, saysNo } from './answers';
import { testFaults, type FaultRow } from './faultTable';
import { SHORT_WAIT } from './trial';

const times = (count: number, act: FaultAction): Fault[] => [{ kind: 'query', act, times: count }];
const once = (act: FaultAction) => times(1, act);
const always = (act: FaultAction) => times(Infinity, act);

const FINE = '; the picture';

/** Faults that pass: asked again, and the picture comes. */
const passing: FaultRow[] = [
	{ fault: 'reset once', act: { type: 'resetAtOnce' as const } },
	{ fault: 'the answer lost once', act: { type: 'loseAnswer' as const } },
	{ fault: '500 three times', act: saysNo(500), count: 3 },
	{ fault: '502 with an HTML page once', act: htmlPage(502) },
	{ fault: '429 once', act: saysNo(429) },
	{ fault: '429 with Retry-After', act: saysNo(429, { 'retry-after': '1' }) },
	{ fault: '429 in the body under HTTP 200', act: inEnvelope(200, { status: 429 }) },
	{ fault: '500 in the body under HTTP 200', act: inEnvelope(200, { status: 500 }) },
	{ fault: 'an HTML page with status 200 once', act: htmlPage(200) },
	{ fault: 'broken JSON once', act: { type: 'respond' as const, status: 200, body: '{"status":' } },
	{ fault: 'an empty body once', act: { type: 'respond' as const, status: 200, body: '' } },
	{ fault: '`null` once', act: { type: 'respond' as const, status: 200, body: 'null' } },
	{ fault: 'no `data` once', act: inEnvelope(200, { status: 200 }) },
	{ fault: 'no state once', act: patchData(({ state, ...data }) => ({ ...data, was: state })) },
	{ fault: 'a state in words once', act: patchData((data) => ({ ...data, state: 'done' })) },
	{ fault: 'a fraction as state once', act: patchData((data) => ({ ...data, state: 0.5 })) },
	{
		fault: 'finished without a result URL once',
		act: patchData((data) => ({ ...data, file: '' })),
	},
	{ fault: 'an unknown positive state once', act: patchData((data) => ({ ...data, state: 7 })) },
].map(({ fault, act, count = 1 }) => ({
	fault,
	promise: 'asked again',
	faults: times(count, act),
	seen: `1 create, ${count + 1} queries, 1 download${FINE}`,
}));

/** Faults that stay. */
const lasting: FaultRow[] = [
	{
		fault: 'reset for ever',
		promise: 'asked until Max Wait',
		faults: always({ type: 'resetAtOnce' }),
		options: SHORT_WAIT,
		uncounted: ['query'],
		seen: '1 create, queries again and again; NETWORK_ERROR, task named, trying again can help',
	},
	{
		fault: 'no answer at all',
		promise: 'given up after Max Wait and one last look',
		faults: always({ type: 'hang' }),
		options: SHORT_WAIT,
		uncounted: ['query'],
		seen: '1 create, queries again and again; NETWORK_ERROR, task named, trying again can help',
	},
	{
		fault: 'an answer that drips',
		promise: 'given up after Max Wait and one last look',
		faults: always({ type: 'drip' }),
		options: SHORT_WAIT,
		uncounted: ['query'],
		seen: '1 create, queries again and again; NETWORK_ERROR, task named, trying again can help',
	},
	{
		fault: '500 for ever',
		promise: 'asked until Max Wait',
		faults: always(saysNo(500)),
		options: SHORT_WAIT,
		uncounted: ['query'],
		seen: '1 create, queries again and again; SERVER_ERROR, status 500, task named, trying again can help',
	},
	{
		fault: '429 for ever',
		promise: 'asked until Max Wait',
		faults: always(saysNo(429)),
		options: SHORT_WAIT,
		uncounted: ['query'],
		seen: '1 create, queries again and again; RATE_LIMITED, status 429, task named, trying again can help',
	},
	{
		fault: 'HTML pages for ever',
		promise: 'given up after five tries',
		faults: always(htmlPage(200)),
		seen: '1 create, 5 queries; INVALID_RESPONSE, status 200, task named, trying again can help',
	},
	{
		fault: 'finished without a result URL, for ever',
		promise: 'given up after five tries',
		faults: always(patchData((data) => ({ ...data, file: null }))),
		seen: '1 create, 5 queries; INVALID_RESPONSE, status 200, task named, trying again can help',
	},
	{
		fault: 'processing for ever',
		promise: 'asked until Max Wait; the task can be fetched later',
		sandbox: { processingMs: 3_600_000 },
		options: SHORT_WAIT,
		uncounted: ['query'],
		seen: '1 create, queries again and again; TIMEOUT, state 0, task named, trying again can help',
	},
	{
		fault: 'an unknown positive state for ever',
		promise: 'taken for processing, asked until Max Wait',
		faults: always(patchData((data) => ({ ...data, state: 99 }))),
		options: SHORT_WAIT,
		uncounted: ['query'],
		seen: '1 create, queries again and again; TIMEOUT, state 99, task named, trying again can help',
	},
];

/** Tries come after 0, 1, 2 and 4 s, or up to half of each sooner: the fifth waits until the end. */
const FIFTH_TRY_AT_THE_END = { maxWait: 10 };
/** When waiting is over, one more look is taken. */
const lastLooks: FaultRow[] = [
	{
		fault: 'the task is done before Max Wait is over, and the next look is far away',
		promise: 'one look when waiting is over',
		sandbox: { processingMs: 4000 },
		options: { maxWait: 8, pollInterval: 20 },
		seen: '1 create, 1 query, 1 download; the picture',
	},
	{
		fault: '500 to four queries, and the pause after them ends after Max Wait',
		promise: 'one look when waiting is over',
		faults: times(4, saysNo(500)),
		options: FIFTH_TRY_AT_THE_END,
		seen: '1 create, 5 queries, 1 download; the picture',
	},
	{
		fault: '503 to four creates, and the pause after them ends after Max Wait',
		promise: 'one try when waiting is over',
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
	promise: 'final, as it would be said again',
	faults: always(saysNo(status)),
	seen: `1 create, 1 query; ${code}, status ${status}, task named, final`,
}));

const other: FaultRow[] = [
	{
		fault: '404 in the body under HTTP 200',
		promise: 'both statuses are judged',
		faults: always(inEnvelope(200, { status: 404, message: 'Not found' })),
		seen: '1 create, 1 query; NOT_FOUND, status 404, task named, final',
	},
	{
		fault: 'an unknown or expired task, Get Result',
		promise: 'final; what to check is said',
		parameters: {
			operation: 'getResult',
			taskType: 'removeObjects',
			taskId: '5e3a0d52-0000-4000-8000-000000000000',
		},
		seen: '1 query; NOT_FOUND, status 404, task named, final',
	},
	{
		fault: 'a redirect to another host',
		promise: 'not followed: the key stays at the API host',
		faults: ({ resultsUrl }) =>
			always({ type: 'respond', status: 302, headers: { location: resultsUrl }, body: '' }),
		seen: '1 create, 1 query; INVALID_RESPONSE, status 302, task named, final',
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
		promise: 'no matter: the state counts',
		faults: [50, 10].flatMap((progress) =>
			once(patchData((data) => ({ ...data, state: 4, progress }))),
		),
		seen: `1 create, 3 queries, 1 download${FINE}`,
	},
	{
		fault: 'the answer names another task',
		promise: 'the task that was asked for counts',
		faults: always(patchData((data) => ({ ...data, task_id: 'another' }))),
		seen: `1 create, 1 query, 1 download${FINE}; its own task id`,
		shows: ({ run, tasks }) =>
			run.outputs[0]?.[0]?.json.taskId === tasks[0]?.taskId ? 'its own task id' : 'another id',
	},
];

testFaults('Waiting for a task', [...passing, ...lasting, ...lastLooks, ...refusals, ...other]);
