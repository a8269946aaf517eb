// The finished picture: fetched, tried again, its address renewed, its bytes looked at.

import { recognize, type Content } from './formats';
import type { ByteStream, Http, NoReply } from './http';
import type { Clock } from '../schedule/clock';
import { canceled, PicWishError } from './errors';
import type { Stop } from '../schedule/stop';
import { retryAfterMs, withRetries, type Failed } from './retry';
import { LARGEST_BYTES, peek, SILENCE_MS, TOO_LARGE, watched } from './transfer';

/** A finished picture: its bytes, and what they are. */
export interface FetchedPicture {
	body: ByteStream | Buffer;
	content: Required<Content>;
}

/** A download that begins at the end of the waiting time still gets this long: the picture is paid for. */
const AT_LEAST_MS = 60_000;
const MOST_REDIRECTS = 5;
const SHORTEST_PAUSE_MS = 1000;
const FETCH_LATER =
	'The task is done and paid for. Fetch it with the Get Result operation within an hour.';
const TAKE_THE_ADDRESS =
	'The task is done and paid for. Use the Get Result operation within an hour with Download Result off: it gives the address of the picture.';

interface DownloadSettings {
	http: Http;
	clock: Clock;
	stop: Stop;
	/** Its deadline, on the clock, is put off where the download begins late: for a new address, too. */
	task: { deadline: number };
	/** False only where the API itself is spoken to without encryption. */
	httpsOnly: boolean;
	taskId: string;
	/** Asks the task for a new result URL. */
	renewUrl: () => Promise<string>;
}

/**
 * Fetches a result and hands it to `store` as a stream, so that it is never held whole.
 * The key is not sent: the result's host is not the API's. Downloads are outside the request budget.
 *
 * @throws PicWishError RESULT_EXPIRED, RESULT_INVALID, NETWORK_ERROR, SERVER_ERROR, CANCELED
 */
export async function downloadResult<T>(
	resultUrl: string,
	store: (picture: FetchedPicture) => Promise<T>,
	settings: DownloadSettings,
): Promise<T> {
	const { clock, stop, task, renewUrl } = settings;
	task.deadline = Math.max(task.deadline, clock.now() + AT_LEAST_MS);
	let url: string | undefined = resultUrl;
	const attempt = async () => {
		url ??= await renewUrl();
		const outcome = await fetchOnce(url, store, settings);
		if ('failure' in outcome && outcome.failure === 'expired') url = undefined;
		return outcome;
	};
	return await withRetries('download', attempt, { clock, deadline: () => task.deadline, stop });
}

/**
 * Stores a result that came as base64 text inside the reply.
 *
 * @throws PicWishError RESULT_INVALID
 */
export async function storeDecoded<T>(
	text: string,
	store: (picture: FetchedPicture) => Promise<T>,
	taskId: string,
): Promise<T> {
	const body = Buffer.from(text.replace(/^data:[^,]*,/, ''), 'base64');
	const content = asPicture(body);
	if (!content) throw invalidResult(describeContent(body), taskId);
	return await store({ body, content }).catch(
		async (error: unknown) => await Promise.reject(notStored(error, taskId).error),
	);
}

async function fetchOnce<T>(
	resultUrl: string,
	store: (picture: FetchedPicture) => Promise<T>,
	{ http, clock, stop, httpsOnly, taskId }: DownloadSettings,
): Promise<{ value: T } | Failed> {
	let url = resultUrl;
	for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
		if (!isAllowed(url, httpsOnly)) {
			const what = 'its address is not a secure web address (https)';
			return unusable(what, taskId);
		}
		const { signal, abort, over } = stop.forRequest(false, clock.sleep);
		const reply = await http.open(url, { timeoutMs: SILENCE_MS, signal });
		if (reply.status === undefined) {
			over();
			return interrupted(reply.reason, reply.cause, taskId);
		}
		const { status, headers, body } = reply;
		// An error is noticed by whoever reads; without this it would also end the process.
		body.on('error', () => {});
		if (status === 200) {
			const announced = Number(headers['content-length']);
			const outcome = await receive({ body, abort }, announced, store, clock, taskId);
			over();
			return outcome;
		}
		abort();
		over();
		const target = redirectTarget(status, headers.location, url);
		if (!target) return noPicture(status, headers['retry-after'], taskId);
		url = target;
	}
	return unusable('its address leads in circles', taskId);
}

async function receive<T>(
	source: { body: ByteStream; abort: () => void },
	announced: number,
	store: (picture: FetchedPicture) => Promise<T>,
	clock: Clock,
	taskId: string,
): Promise<{ value: T } | Failed> {
	const transfer = watched(source, clock);
	const bad = (failed: Failed): Failed => {
		source.abort();
		return failed;
	};
	let isStoring = false;
	const read = async (): Promise<{ value: T } | Failed> => {
		if (announced > LARGEST_BYTES) return bad(unusable(TOO_LARGE, taskId));
		const { head, ended } = await peek(transfer.stream);
		const content = asPicture(head);
		if (!content) {
			return bad({ failure: 'unreadable', error: invalidResult(describeContent(head), taskId) });
		}
		isStoring = true;
		const value = await store({ body: ended ? head : transfer.stream, content });
		// More than announced comes from hosts that compress although they were asked not to.
		const whole = !(transfer.received() < announced);
		return whole ? { value } : interrupted('lost', 'the picture is cut off', taskId);
	};
	try {
		return await Promise.race([read(), transfer.broken]);
	} catch (error) {
		if (transfer.received() > LARGEST_BYTES) return bad(unusable(TOO_LARGE, taskId));
		if (isStoring && !transfer.isFromSource(error)) return bad(notStored(error, taskId));
		return interrupted('lost', messageOf(error), taskId);
	} finally {
		transfer.finish();
	}
}

function asPicture(head: Buffer): Required<Content> | undefined {
	const content = recognize(head);
	return content?.format && { name: content.name, format: content.format };
}

function describeContent(head: Buffer): string {
	if (head.length === 0) return 'it is empty';
	return `it is ${recognize(head)?.name ?? 'of an unknown kind'}, not a picture`;
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

/** Https; http only where the API is spoken to in the same way (a test server, a proxy of one's own). */
function isAllowed(url: string, httpsOnly: boolean): boolean {
	if (!URL.canParse(url)) return false;
	const { protocol } = new URL(url);
	return protocol === 'https:' || (protocol === 'http:' && !httpsOnly);
}

function redirectTarget(status: number, location: unknown, from: string): string | undefined {
	if (status < 300 || status >= 400 || typeof location !== 'string') return undefined;
	return URL.canParse(location, from) ? new URL(location, from).href : undefined;
}

/** The result's host said no. Object stores answer 403 or 404 when a signed URL is over. */
function noPicture(status: number, retryAfter: unknown, taskId: string): Failed {
	const common = { httpStatus: status, taskId, retryable: true };
	if (status === 429 || status >= 500) {
		const error = new PicWishError({
			...common,
			code: status === 429 ? 'RATE_LIMITED' : 'SERVER_ERROR',
			message: `The result picture could not be downloaded (status ${status})`,
			description: FETCH_LATER,
		});
		const asked = retryAfterMs(retryAfter, Date.now()) ?? 0;
		// No budget paces downloads: a host that asks for hardly a pause gets the usual one.
		const delayMs = asked >= SHORTEST_PAUSE_MS ? asked : undefined;
		return { failure: status === 429 ? 'rateLimited' : 'serverError', error, delayMs };
	}
	const error = new PicWishError({
		...common,
		code: 'RESULT_EXPIRED',
		message: `The address of the result picture no longer works (status ${status})`,
		description:
			'PicWish keeps results for one hour. If the task is younger, fetch it with the Get Result operation.',
	});
	return { failure: 'expired', error };
}

function interrupted(reason: NoReply['reason'], cause: string, taskId: string): Failed {
	if (reason === 'canceled') return { failure: reason, error: canceled(taskId) };
	const error = new PicWishError({
		code: 'NETWORK_ERROR',
		message: 'The result picture could not be downloaded',
		description: `${FETCH_LATER} Cause: ${cause}.`,
		taskId,
		retryable: true,
	});
	return { failure: reason === 'notDelivered' ? reason : 'lost', error };
}

function notStored(error: unknown, taskId: string): Failed {
	const what = 'n8n could not store it';
	const description = `${FETCH_LATER} Before that, check n8n’s binary data storage: ${messageOf(error)}.`;
	return { failure: 'notStored', error: invalidResult(what, taskId).with({ description }) };
}

/** It would be the same again. */
function unusable(what: string, taskId: string): Failed {
	const error = invalidResult(what, taskId);
	return {
		failure: 'refused',
		error: error.with({ description: TAKE_THE_ADDRESS, retryable: false }),
	};
}

function invalidResult(what: string, taskId: string): PicWishError {
	return new PicWishError({
		code: 'RESULT_INVALID',
		message: `The result of PicWish cannot be used: ${what}`,
		description: FETCH_LATER,
		taskId,
		retryable: true,
	});
}
