/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { downloadResult } from '../../nodes/PicWish/api/download';
import { PicWishError } from '../../nodes/PicWish/errors';
import type { Http } from '../../nodes/PicWish/api/http';
import { Stop } from '../../nodes/PicWish/schedule/stop';
import { HeldClock } from '../unit/schedule/heldClock';
import { testRows } from './rowTests';
import { picture } from './trial';

type Answer = Awaited<ReturnType<Http['open']>>;

const answer = (
	status: number,
	body: Readable = Readable.from([picture]),
	headers: Record<string, unknown> = {},
): Answer => ({ status, headers, body });

const REFUSED: Answer = { status: undefined, reason: 'notDelivered', cause: 'ECONNREFUSED' };
const HTTPS = 'https://results.example/a.jpg?signature=1';
const HTTP = HTTPS.replace('https:', 'http:');

/** Begins like an image, then stalls. */
function stalled(): Readable {
	const body = new Readable({ read: () => {} });
	body.push(picture.subarray(0, 50_000));
	return body;
}

interface PolicyRow {
	fault: string;
	promise: string;
	answers: (url: string) => Answer;
	resultUrl?: string;
	apiIsHttp?: boolean;
	/** What was left of Max Wait when the download began, in seconds. */
	leftS?: number;
	renewUrl?: () => Promise<string>;
	seen: string;
}

const rows: PolicyRow[] = [
	{
		fault: 'an http result URL from an https API',
		promise: 'rejected',
		resultUrl: HTTP,
		answers: () => answer(200),
		seen: 'no fetch; RESULT_INVALID at once',
	},
	{
		fault: 'an http result URL from an http API',
		promise: 'fetched, for a test server or your own proxy',
		apiIsHttp: true,
		resultUrl: HTTP,
		answers: () => answer(200),
		seen: '1 fetch; the result at once',
	},
	{
		fault: 'a redirect from https to http',
		promise: 'rejected',
		answers: () => answer(302, Readable.from([]), { location: HTTP }),
		seen: '1 fetch; RESULT_INVALID at once',
	},
	{
		fault: 'connection refused every time, 200 s left of Max Wait',
		promise: 'retried until Max Wait',
		leftS: 200,
		answers: () => REFUSED,
		seen: 'repeated fetches; NETWORK_ERROR after 200 s',
	},
	{
		fault: 'connection refused every time, nothing left of Max Wait',
		promise: 'retried for another minute, as the result is paid for',
		answers: () => REFUSED,
		seen: 'repeated fetches; NETWORK_ERROR after 60 s',
	},
	{
		fault: '500 every time',
		promise: 'retried for another minute, as the result is paid for',
		answers: () => answer(500, Readable.from([])),
		seen: 'repeated fetches; SERVER_ERROR after 60 s',
	},
	{
		fault: '429 every time',
		promise: 'retried for another minute, as the result is paid for',
		answers: () => answer(429, Readable.from([])),
		seen: 'repeated fetches; RATE_LIMITED after 60 s',
	},
	{
		fault: 'cut off every time',
		promise: 'retried for another minute, as the result is paid for',
		answers: () => answer(200, undefined, { 'content-length': String(picture.length + 1) }),
		seen: 'repeated fetches; NETWORK_ERROR after 60 s',
	},
	{
		fault: 'goes silent midway, every time',
		promise:
			'each try fails after 30 s of silence; retried for another minute, and once more at its end',
		answers: () => answer(200, stalled()),
		seen: 'repeated fetches; NETWORK_ERROR after 90 s',
	},
	{
		fault: 'expired, and the task is gone too',
		promise: 'the API’s error for the task is reported',
		answers: () => answer(403, Readable.from([])),
		renewUrl: async () =>
			await Promise.reject(
				new PicWishError({
					code: 'NOT_FOUND',
					message: 'The task is gone',
					description: 'After an hour',
					retryable: false,
				}),
			),
		seen: '1 fetch; NOT_FOUND at once',
	},
	{
		fault: 'an invalid new URL',
		promise: 'rejected',
		answers: () => answer(403, Readable.from([])),
		renewUrl: async () => 'javascript:alert(1)',
		seen: '1 fetch; RESULT_INVALID at once',
	},
];

async function runDownload(row: PolicyRow): Promise<string> {
	const clock = new HeldClock();
	const fetched: string[] = [];
	const http: Http = {
		api: async () => await Promise.reject(new Error('A download must not call the API')),
		open: async (url) => {
			fetched.push(url);
			return row.answers(url);
		},
	};
	const outcome = await clock.until(
		downloadResult(
			row.resultUrl ?? HTTPS,
			async (body) => (Buffer.isBuffer(body) ? body : await buffer(body)),
			{
				http,
				clock,
				stop: new Stop(clock),
				task: { deadline: (row.leftS ?? 0) * 1000 },
				httpsOnly: !row.apiIsHttp,
				taskId: 'a-task',
				renewUrl: row.renewUrl ?? (async () => HTTPS),
			},
		).catch((error: unknown) => error),
	);
	const count = fetched.length;
	const fetches = count > 1 ? 'repeated fetches' : count === 1 ? '1 fetch' : 'no fetch';
	return `${fetches}; ${nameOf(outcome)} ${when(clock.now())}`;
}

function nameOf(outcome: unknown): string {
	if (outcome instanceof PicWishError) return outcome.details.code;
	return Buffer.isBuffer(outcome) && outcome.equals(picture) ? 'the result' : String(outcome);
}

/** Rounded down to ten seconds, as the pauses between tries are random. */
function when(ms: number): string {
	return ms < 2000 ? 'at once' : `after ${Math.floor(ms / 10_000) * 10} s`;
}

testRows('fault', {
	title: 'Downloads on a simulated clock',
	rows,
	observe: runDownload,
	note: 'The download code alone, with canned responses, on a clock that jumps from timer to timer.',
});
