import type { Fault, FaultAction } from '../sandbox/server';
import { htmlPage, inEnvelope, patchData, saysNo } from './answers';
import { testFaults, type FaultRow } from './faultTable';
import { UNCERTAIN } from './itemError';
import { describeTasks } from './seen';
import { pictureItem, SHORT_WAIT, type Trial } from './trial';

const once = (act: FaultAction): Fault[] => [{ kind: 'create', act }];
const always = (act: FaultAction): Fault[] => [{ kind: 'create', act, times: Infinity }];

const NOT_AGAIN = 'not retried, as a task may exist';

/** Whether the second create came at least a second after the first, as both Retry-After values ask. */
const pause = ({ requests }: Trial): string => {
	const [first, second] = requests.filter(({ kind }) => kind === 'create');
	const ms = (second?.at ?? NaN) - (first?.at ?? NaN);
	return `the second create came ${ms >= 1000 ? 'after' : 'before'} the requested time`;
};

/** A date in whole seconds, at least one second away when the first create arrives. */
const soon = () => new Date(Date.now() + 4500).toUTCString();

const refusals: FaultRow[] = [
	{ status: 400, code: 'INVALID_INPUT' },
	{ status: 401, code: 'UNAUTHORIZED' },
	{ status: 403, code: 'UNAUTHORIZED' },
	{ status: 404, code: 'NOT_FOUND' },
	{ status: 413, code: 'FILE_TOO_LARGE' },
	{ status: 418, code: 'INVALID_INPUT' },
].map(({ status, code }) => ({
	fault: `${status}`,
	promise: 'not retried, as it would be refused again',
	faults: always(saysNo(status)),
	seen: `1 create; ${code}, status ${status}, final`,
}));

const limits: FaultRow[] = [
	{
		fault: '429 once',
		promise: 'retried',
		faults: once(saysNo(429)),
		seen: '2 creates, 1 query, 1 download; the result',
	},
	{
		fault: '429 eight times',
		promise: 'retried more slowly',
		faults: [{ kind: 'create', act: saysNo(429), times: 8 }],
		seen: '9 creates, 1 query, 1 download; the result',
	},
	{
		fault: '429 as an HTML page',
		promise: 'retried',
		faults: once(htmlPage(429)),
		seen: '2 creates, 1 query, 1 download; the result',
	},
	{
		fault: 'body status 429 with HTTP 200',
		promise: 'retried',
		faults: once(inEnvelope(200, { status: 429, message: 'Too many requests' })),
		seen: '2 creates, 1 query, 1 download; the result',
	},
	{
		fault: '429 with Retry-After in seconds',
		promise: 'retried after that time',
		faults: once(saysNo(429, { 'retry-after': '1' })),
		seen: '2 creates, 1 query, 1 download; the result; the second create came after the requested time',
		shows: pause,
	},
	{
		fault: '429 with Retry-After as a date',
		promise: 'retried after that time',
		faults: () => once(saysNo(429, { 'retry-after': soon() })),
		seen: '2 creates, 1 query, 1 download; the result; the second create came after the requested time',
		shows: pause,
	},
	{
		fault: '429 every time',
		promise: 'retried until Max Wait',
		faults: always(saysNo(429)),
		options: SHORT_WAIT,
		uncounted: ['create'],
		seen: 'repeated creates; RATE_LIMITED, status 429, retryable',
	},
	{
		fault: 'ten images, and an account limit below the one in the credential',
		promise: 'no image fails because of a 429',
		sandbox: { requestsPerSecond: 8 },
		items: Array.from({ length: 10 }, (_, index) => pictureItem(`${index}.jpg`)),
		uncounted: ['create', 'query'],
		seen: 'repeated creates, repeated queries, 10 downloads; the result; 10 tasks at PicWish',
		shows: describeTasks,
	},
];

const oddAnswers: FaultRow[] = [
	{
		fault: '500 in the API’s own format',
		promise: 'not retried by the node',
		faults: always(saysNo(500)),
		seen: '1 create; SERVER_ERROR, status 500, retryable',
	},
	{
		fault: '503 in the API’s own format, twice',
		promise: 'retried, as no task was created',
		faults: [{ kind: 'create', act: saysNo(503), times: 2 }],
		seen: '3 creates, 1 query, 1 download; the result; 1 task at PicWish',
		shows: describeTasks,
	},
	{
		fault: 'body status 503 with HTTP 200',
		promise: 'retried, as no task was created',
		faults: once(inEnvelope(200, { status: 503, message: 'Busy' })),
		seen: '2 creates, 1 query, 1 download; the result; 1 task at PicWish',
		shows: describeTasks,
	},
	{
		fault: '503 in the API’s own format, every time',
		promise: 'retried until Max Wait',
		faults: always(saysNo(503)),
		options: SHORT_WAIT,
		uncounted: ['create'],
		seen: 'repeated creates; SERVER_ERROR, status 503, retryable; 0 tasks at PicWish',
		shows: describeTasks,
	},
	{
		fault: '503 with an HTML page',
		promise: NOT_AGAIN,
		faults: always(htmlPage(503)),
		seen: `1 create; SERVER_ERROR, status 503, ${UNCERTAIN}`,
	},
	{
		fault: '502 with an HTML page',
		promise: NOT_AGAIN,
		faults: always(htmlPage(502)),
		seen: `1 create; SERVER_ERROR, status 502, ${UNCERTAIN}`,
	},
	{
		fault: 'body status 401 with HTTP 200',
		promise: 'both statuses count',
		faults: always(inEnvelope(200, { status: 401, message: 'Unauthorized' })),
		seen: '1 create; UNAUTHORIZED, status 401, final',
	},
	{
		fault: '200 without a task ID',
		promise: NOT_AGAIN,
		faults: always(inEnvelope(200, { status: 200, message: 'success', data: {} })),
		seen: `1 create; INVALID_RESPONSE, status 200, ${UNCERTAIN}`,
	},
	{
		fault: '200 with broken JSON',
		promise: NOT_AGAIN,
		faults: always({ type: 'respond', status: 200, body: '{"status":200,"data":{"task_id":"' }),
		seen: `1 create; INVALID_RESPONSE, status 200, ${UNCERTAIN}`,
	},
	{
		fault: '200 with an HTML page',
		promise: NOT_AGAIN,
		faults: always(htmlPage(200)),
		seen: `1 create; INVALID_RESPONSE, status 200, ${UNCERTAIN}`,
	},
	{
		fault: '204 without a body',
		promise: NOT_AGAIN,
		faults: always({ type: 'respond', status: 204, body: '' }),
		seen: `1 create; INVALID_RESPONSE, status 204, ${UNCERTAIN}`,
	},
	{
		fault: 'a redirect to another host',
		promise: 'not followed; the key goes only to the API host',
		faults: ({ resultsUrl }) =>
			always({ type: 'respond', status: 307, headers: { location: resultsUrl }, body: '' }),
		seen: '1 create; INVALID_RESPONSE, status 307, final',
	},
	{
		fault: 'the response quotes the key',
		promise: 'the key appears in no output',
		faults: ({ apiKey }) =>
			always(inEnvelope(401, { status: 401, message: `The key ${apiKey} is not valid` })),
		seen: '1 create; UNAUTHORIZED, status 401, final',
	},
	{
		fault: 'a finished task without its result, synchronous',
		promise: 'the task is polled',
		faults: once(patchData((data) => ({ ...data, file: undefined }))),
		options: { requestMode: 'sync' },
		seen: '1 create, 1 query, 1 download; the result',
	},
	{
		fault: 'a failed task, synchronous',
		promise: 'reported with state and task ID',
		faults: once({ type: 'failTask', state: -7 }),
		options: { requestMode: 'sync' },
		seen: '1 create; TASK_FAILED, state -7, with task ID, final',
	},
];

testFaults('Creating a task: the response', [...refusals, ...limits, ...oddAnswers]);
