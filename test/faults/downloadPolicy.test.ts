/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { downloadResult } from '../../nodes/PicWish/api/download';
import { PicWishError } from '../../nodes/PicWish/errors';
import type { Http } from '../../nodes/PicWish/api/http';
import { Stop } from '../../nodes/PicWish/schedule/stop';
import { HeldClock } from '../unit/schedule/heldClock';
import { checkSection } from './document';
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

/** Begins as a picture and never goes on. */
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
		fault: 'an http result URL under an https API',
		promise: 'refused',
		resultUrl: HTTP,
		answers: () => answer(200),
		seen: 'no fetch; RESULT_INVALID at once',
	},
	{
		fault: 'an http result URL under an http API',
		promise: 'fetched, as for a test server or a proxy of one’s own',
		apiIsHttp: true,
		resultUrl: HTTP,
		answers: () => answer(200),
		seen: '1 fetch; the picture at once',
	},
	{
		fault: 'a redirect from https to http',
		promise: 'refused',
		answers: () => answer(302, Readable.from([]), { location: HTTP }),
		seen: '1 fetch; RESULT_INVALID at once',
	},
	{
		fault: 'connections refused for good, 200 s left of Max Wait',
		promise: 'tried until Max Wait',
		leftS: 200,
		answers: () => REFUSED,
		seen: 'fetched again and again; NETWORK_ERROR after 200 s',
	},
	{
		fault: 'connections refused for good, nothing left of Max Wait',
		promise: 'tried for another minute, as the picture is paid for',
		answers: () => REFUSED,
		seen: 'fetched again and again; NETWORK_ERROR after 60 s',
	},
	{
		fault: '500 for good',
		promise: 'tried for another minute, as the picture is paid for',
		answers: () => answer(500, Readable.from([])),
		seen: 'fetched again and again; SERVER_ERROR after 60 s',
	},
	{
		fault: '429 for good',
		promise: 'tried for another minute, as the picture is paid for',
		answers: () => answer(429, Readable.from([])),
		seen: 'fetched again and again; RATE_LIMITED after 60 s',
	},
	{
		fault: 'cut off every time',
		promise: 'tried for another minute, as the picture is paid for',
		answers: () => answer(200, undefined, { 'content-length': String(picture.length + 1) }),
		seen: 'fetched again and again; NETWORK_ERROR after 60 s',
	},
	{
		fault: 'stops midway and says nothing, every time',
		promise: 'given up after 30 s of silence, tried for another minute, and once more',
		answers: () => answer(200, stalled()),
		seen: 'fetched again and again; NETWORK_ERROR after 90 s',
	},
	{
		fault: 'expired, and the task is gone, too',
		promise: 'what the API says about the task is reported',
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
		fault: 'a new address that is none',
		promise: 'refused',
		answers: () => answer(403, Readable.from([])),
		renewUrl: async () => 'javascript:alert(1)',
		seen: '1 fetch; RESULT_INVALID at once',
	},
];

async function runDownload(row: PolicyRow): Promise<string> {
	const clock = new HeldClock();
	const fetched: string[] = [];
	const http: Http = {
		api: async () => await Promise.reject(new Error('A download does not speak to the API')),
		open: async (url) => {
			fetched.push(url);
			return row.answers(url);
		},
	};
	const outcome = await clock.until(
		downloadResult(
			row.resultUrl ?? HTTPS,
			async ({ body }) => (Buffer.isBuffer(body) ? body : await buffer(body)),
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
	const fetches = count > 1 ? 'fetched again and again' : count === 1 ? '1 fetch' : 'no fetch';
	return `${fetches}; ${nameOf(outcome)} ${when(clock.now())}`;
}

function nameOf(outcome: unknown): string {
	if (outcome instanceof PicWishError) return outcome.details.code;
	return Buffer.isBuffer(outcome) && outcome.equals(picture) ? 'the picture' : String(outcome);
}

/** In steps of ten seconds, as the pauses between tries are random. */
function when(ms: number): string {
	return ms < 2000 ? 'at once' : `after ${Math.floor(ms / 10_000) * 10} s`;
}

const seen = new Map<string, string>();

test.each(rows)('$fault: $promise', async (row) => {
	const text = await runDownload(row);

	expect(text).toBe(row.seen);
	seen.set(row.fault, text);
});

test('docs/reliability.md says what was seen', () => {
	expect(seen.size).toBe(rows.length);
	checkSection(
		'Downloads on a held clock',
		rows.map(({ fault, promise }) => [fault, promise, seen.get(fault) ?? '']),
		'The download alone, on a clock that jumps from timer to timer, with literal answers.',
	);
});
