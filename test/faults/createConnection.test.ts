import type { Fault, FaultAction } from '../sandbox/server';
import { testFaults, type FaultRow } from './faultTable';
import { UNCERTAIN } from './itemError';
import { describeTasks } from './seen';
import { largeItem, SHORT_WAIT } from './trial';

const once = (act: FaultAction): Fault[] => [{ kind: 'create', act }];

const NOT_AGAIN = 'not retried, as a task may exist';

/** Longer than a DNS label may be: it fails without a name server, which may be slow. */
const NO_NAME = 'x'.repeat(64);

/** Longer than an upload may stall, and longer than some n8n versions let a request take. */
const MORE_THAN_A_MINUTE_MS = 61_000;

const rows: FaultRow[] = [
	{
		// First, because it takes longest: about 260 chunks.
		fault: 'an upload that takes more than a minute but keeps moving',
		promise: 'sent once; the node waits for it',
		faults: once({ type: 'readSlowly', pauseMs: 240 }),
		items: [largeItem()],
		options: { maxWait: 300 },
		seen: '1 create, 1 query, 1 download; the result; the upload took more than a minute',
		shows: ({ requests: [create] }) =>
			(create?.endedAt ?? 0) - (create?.at ?? 0) > MORE_THAN_A_MINUTE_MS
				? 'the upload took more than a minute'
				: 'the upload was quick',
	},
	{
		fault: 'connection refused',
		promise: 'retried until Max Wait',
		baseUrl: () => 'http://127.0.0.1:1',
		options: SHORT_WAIT,
		seen: 'no request; NETWORK_ERROR, retryable',
	},
	{
		fault: 'connection refused at first',
		promise: 'retried, as nothing was sent',
		opensLate: 1,
		seen: '1 create, 1 query, 1 download; the result',
	},
	{
		fault: 'connection refused six times in a row',
		promise: 'retried until Max Wait, as nothing was sent',
		opensLate: 6,
		options: { maxWait: 100 },
		seen: '1 create, 1 query, 1 download; the result',
	},
	{
		fault: 'unknown host name',
		promise: 'retried until Max Wait',
		baseUrl: () => `http://${NO_NAME}.invalid:1`,
		options: SHORT_WAIT,
		seen: 'no request; NETWORK_ERROR, retryable',
	},
	{
		fault: 'no TLS where https was expected',
		promise: 'the key is never sent unencrypted',
		baseUrl: ({ apiUrl }) => apiUrl.replace('http:', 'https:'),
		options: SHORT_WAIT,
		seen: 'no request; NETWORK_ERROR, retryable',
	},
	{
		fault: 'reset in the middle of an upload',
		promise: 'retried, as an incomplete upload creates no task',
		faults: once({ type: 'resetAtOnce' }),
		items: [largeItem()],
		seen: '2 creates, 1 query, 1 download; the result; 1 task at PicWish',
		shows: describeTasks,
	},
	{
		fault: 'reset before the response headers, image by URL',
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
		fault: 'accepted, but the response is lost',
		promise: NOT_AGAIN,
		faults: once({ type: 'loseAnswer' }),
		seen: `1 create; NETWORK_ERROR, ${UNCERTAIN}; 1 task at PicWish`,
		shows: describeTasks,
	},
	{
		fault: 'no response',
		promise: `fails after Max Wait; ${NOT_AGAIN}`,
		faults: once({ type: 'hang' }),
		options: SHORT_WAIT,
		seen: `1 create; NETWORK_ERROR, ${UNCERTAIN}`,
	},
	{
		fault: 'no response, synchronous',
		promise: `fails after Max Wait; ${NOT_AGAIN}`,
		faults: once({ type: 'hang' }),
		options: { ...SHORT_WAIT, requestMode: 'sync' },
		seen: `1 create; NETWORK_ERROR, ${UNCERTAIN}`,
	},
	{
		fault: 'a response that trickles in',
		promise: `fails after Max Wait; ${NOT_AGAIN}`,
		faults: once({ type: 'drip' }),
		options: SHORT_WAIT,
		seen: `1 create; NETWORK_ERROR, ${UNCERTAIN}`,
	},
	{
		fault: 'the upload stalls',
		promise: 'fails after Max Wait; an incomplete upload creates no task',
		faults: once({ type: 'hang', readBody: false }),
		options: SHORT_WAIT,
		items: [largeItem()],
		seen: '1 create; NETWORK_ERROR, retryable',
	},
];

testFaults('Creating a task: the connection', rows);
