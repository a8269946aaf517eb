import type { Fault, FaultAction } from '../sandbox/server';
import { testFaults, type FaultRow } from './faultTable';
import { UNCERTAIN } from './itemError';
import { describeTasks } from './seen';
import { largeItem, SHORT_WAIT } from './trial';

const once = (act: FaultAction): Fault[] => [{ kind: 'create', act }];

const NOT_AGAIN = 'not sent again, as a task may exist';

/** Longer than any name may be: unknown without asking a name server, which may be slow. */
const NO_NAME = 'x'.repeat(64);

/** Longer than anything may stand still, and longer than some versions of n8n let a request take. */
const MORE_THAN_A_MINUTE_MS = 61_000;

const rows: FaultRow[] = [
	{
		// First, because it takes longest: about 260 chunks.
		fault: 'an upload that takes more than a minute, but moves',
		promise: 'sent once, and waited for',
		faults: once({ type: 'readSlowly', pauseMs: 240 }),
		items: [largeItem()],
		options: { maxWait: 300 },
		seen: '1 create, 1 query, 1 download; the picture; the upload took more than a minute',
		shows: ({ requests: [create] }) =>
			(create?.endedAt ?? 0) - (create?.at ?? 0) > MORE_THAN_A_MINUTE_MS
				? 'the upload took more than a minute'
				: 'the upload was quick',
	},
	{
		fault: 'connection refused',
		promise: 'tried again until Max Wait',
		baseUrl: () => 'http://127.0.0.1:1',
		options: SHORT_WAIT,
		seen: 'no request; NETWORK_ERROR, trying again can help',
	},
	{
		fault: 'connection refused at first',
		promise: 'tried again, as nothing was sent',
		opensLate: 1,
		seen: '1 create, 1 query, 1 download; the picture',
	},
	{
		fault: 'connection refused six times in a row',
		promise: 'tried again until Max Wait, as nothing was sent',
		opensLate: 6,
		options: { maxWait: 100 },
		seen: '1 create, 1 query, 1 download; the picture',
	},
	{
		fault: 'host name unknown',
		promise: 'tried again until Max Wait',
		baseUrl: () => `http://${NO_NAME}.invalid:1`,
		options: SHORT_WAIT,
		seen: 'no request; NETWORK_ERROR, trying again can help',
	},
	{
		fault: 'no TLS where https was expected',
		promise: 'the key is not sent without encryption',
		baseUrl: ({ apiUrl }) => apiUrl.replace('http:', 'https:'),
		options: SHORT_WAIT,
		seen: 'no request; NETWORK_ERROR, trying again can help',
	},
	{
		fault: 'reset in the middle of an upload',
		promise: 'sent again: without the end of the picture there can be no task',
		faults: once({ type: 'resetAtOnce' }),
		items: [largeItem()],
		seen: '2 creates, 1 query, 1 download; the picture; 1 task at PicWish',
		shows: describeTasks,
	},
	{
		fault: 'reset before the answer’s headers, image by URL',
		promise: NOT_AGAIN,
		faults: once({ type: 'resetAtOnce' }),
		parameters: { imageSource: 'url', imageUrl: 'http://127.0.0.1/mug.jpg' },
		seen: `1 create; NETWORK_ERROR, ${UNCERTAIN}`,
	},
	{
		fault: 'reset after the upload',
		promise: NOT_AGAIN,
		faults: once({ type: 'resetAfterUpload' }),
		seen: `1 create; NETWORK_ERROR, ${UNCERTAIN}`,
	},
	{
		fault: 'accepted, but the answer lost',
		promise: NOT_AGAIN,
		faults: once({ type: 'loseAnswer' }),
		seen: `1 create; NETWORK_ERROR, ${UNCERTAIN}; 1 task at PicWish`,
		shows: describeTasks,
	},
	{
		fault: 'no answer at all',
		promise: `given up after Max Wait; ${NOT_AGAIN}`,
		faults: once({ type: 'hang' }),
		options: SHORT_WAIT,
		seen: `1 create; NETWORK_ERROR, ${UNCERTAIN}`,
	},
	{
		fault: 'no answer at all, synchronous',
		promise: `given up after Max Wait; ${NOT_AGAIN}`,
		faults: once({ type: 'hang' }),
		options: { ...SHORT_WAIT, requestMode: 'sync' },
		seen: `1 create; NETWORK_ERROR, ${UNCERTAIN}`,
	},
	{
		fault: 'an answer that drips',
		promise: `given up after Max Wait; ${NOT_AGAIN}`,
		faults: once({ type: 'drip' }),
		options: SHORT_WAIT,
		seen: `1 create; NETWORK_ERROR, ${UNCERTAIN}`,
	},
	{
		fault: 'the upload stalls',
		promise: 'given up after Max Wait; without the end of the picture there can be no task',
		faults: once({ type: 'hang', readBody: false }),
		options: SHORT_WAIT,
		items: [largeItem()],
		seen: '1 create; NETWORK_ERROR, trying again can help',
	},
];

testFaults('Creating a task: the connection', rows);
