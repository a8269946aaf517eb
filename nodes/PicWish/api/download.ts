// Downloads a finished picture: retries, renews an expired URL, checks the first bytes.

import { recognize, type PictureContent } from '../picture/formats';
import type { ByteStream, Http, NoReply } from './http';
import type { Clock } from '../schedule/clock';
import {
	asPicWishError,
	canceled,
	PicWishError,
	type ErrorCode,
	type ErrorDetails,
} from '../errors';
import type { Stop } from '../schedule/stop';
import { retryAfterMs, withRetries, type Attempt, type Failed } from './retry';
import { openAddress } from './address';
import { TASK_TYPES, TASKS } from './tasks';
import { receive } from './transfer';
import { messageOf, toNumber } from '../untrusted';

/** Receives a finished picture: its bytes and their format. */
export type Store<T> = (body: ByteStream | Buffer, content: PictureContent) => Promise<T>;

/** No result is larger: the largest picture that PicWish accepts, at four bytes per pixel. */
const LARGEST_BYTES = Math.max(...TASK_TYPES.map((type) => TASKS[type].maxPixels)) ** 2 * 4;
const TOO_LARGE = `it is larger than ${LARGEST_BYTES / 1e6} MB`;
/** A download is aborted after ten minutes, about 400 MB at 5 Mbit/s. */
const LIMITS = { mostBytes: LARGEST_BYTES, longestMs: 10 * 60 * 1000 };

/** A download that starts near the deadline still gets this long, because the picture is paid for. */
const AT_LEAST_MS = 60_000;
const SHORTEST_PAUSE_MS = 1000;
const NOT_DOWNLOADED = 'The result image could not be downloaded';
const FETCH_LATER =
	'The task is done and paid for. Fetch it with the Get Result operation within an hour.';
const TAKE_THE_ADDRESS =
	'The task is done and paid for. Use the Get Result operation within an hour with Download Result off: it outputs the address of the image.';

interface DownloadSettings {
	http: Http;
	clock: Clock;
	stop: Stop;
	/** Its deadline is extended if the download starts late; this also covers renewing the URL. */
	task: { deadline: number };
	/** False only if the API itself is reached over HTTP. */
	httpsOnly: boolean;
	taskId: string;
	/** Polls the task for a new result URL. */
	renewUrl: () => Promise<string>;
}

/**
 * Streams a result to `store`, so that it is never held in memory as a whole.
 * The key is not sent, because the host is not the API's. Downloads are outside the request budget.
 *
 * @throws PicWishError RESULT_EXPIRED, RESULT_INVALID, NETWORK_ERROR, SERVER_ERROR, CANCELED
 */
export async function downloadResult<T>(
	resultUrl: string,
	store: Store<T>,
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
 * Stores a result that the reply contains as base64 text.
 *
 * @throws PicWishError RESULT_INVALID
 */
export async function storeDecoded<T>(text: string, store: Store<T>, taskId: string): Promise<T> {
	const body = Buffer.from(text.replace(/^data:[^,]*,/, ''), 'base64');
	const content = asPicture(body, taskId);
	return await store(body, content).catch(
		async (error: unknown) => await Promise.reject(notStored(error, taskId).error),
	);
}

async function fetchOnce<T>(
	resultUrl: string,
	store: Store<T>,
	{ http, clock, stop, httpsOnly, taskId }: DownloadSettings,
): Promise<Attempt<T>> {
	// HTTP only if the API itself is reached over HTTP (a test server or your own proxy).
	const allowed = httpsOnly ? /^https:/i : /^https?:/i;
	const isAllowed = (url: string) => URL.canParse(url) && allowed.test(url);
	const opened = await openAddress(resultUrl, { http, stop, isAllowed });
	if ('problem' in opened) {
		const what =
			opened.problem === 'circles'
				? 'its address redirects too many times'
				: 'its address is not a secure web address (https)';
		return unusable(what, taskId);
	}
	if ('reason' in opened) return interrupted(opened.reason, opened.cause, taskId);
	const { status, headers, close } = opened;
	if (status !== 200) {
		close();
		return noPicture(status, headers['retry-after'], taskId);
	}
	const announced = toNumber(headers['content-length']);
	const check = (head: Buffer) => asPicture(head, taskId);
	const outcome = await receive(opened, { clock, announced, ...LIMITS }, check, store);
	if ('value' in outcome) return outcome;
	const { why, error } = outcome;
	if (why === 'tooLarge') return unusable(TOO_LARGE, taskId);
	if (why === 'refused') return { failure: 'unreadable', error: asPicWishError(error) };
	if (why === 'notStored') return notStored(error, taskId);
	return interrupted('lost', messageOf(error), taskId);
}

/** @throws PicWishError RESULT_INVALID */
function asPicture(head: Buffer, taskId: string): PictureContent {
	const content = recognize(head);
	if (content?.format) return { name: content.name, format: content.format };
	const what = `it is ${content?.name ?? 'of an unknown kind'}, not a JPEG, PNG, BMP, WebP or TIFF image`;
	throw invalidResult(head.length === 0 ? 'it is empty' : what, taskId);
}

/** The failure for an error status. Object stores answer 403 or 404 when a signed URL has expired. */
function noPicture(httpStatus: number, retryAfter: unknown, taskId: string): Failed {
	if (httpStatus !== 429 && httpStatus < 500) {
		const message = `The address of the result image no longer works (status ${httpStatus})`;
		const description =
			'PicWish keeps results for one hour. If the task is younger, fetch it with the Get Result operation.';
		const error = resultError('RESULT_EXPIRED', message, taskId, { description, httpStatus });
		return { failure: 'expired', error };
	}
	const code = httpStatus === 429 ? 'RATE_LIMITED' : 'SERVER_ERROR';
	const message = `${NOT_DOWNLOADED} (status ${httpStatus})`;
	const error = resultError(code, message, taskId, { httpStatus });
	const asked = retryAfterMs(retryAfter, Date.now()) ?? 0;
	// No budget paces downloads, so the usual backoff replaces a Retry-After under one second.
	const delayMs = asked >= SHORTEST_PAUSE_MS ? asked : undefined;
	return { failure: httpStatus === 429 ? 'rateLimited' : 'serverError', error, delayMs };
}

function interrupted(reason: NoReply['reason'], cause: string, taskId: string): Failed {
	if (reason === 'canceled') return { failure: reason, error: canceled(taskId) };
	const description = `${FETCH_LATER} Cause: ${cause}.`;
	const error = resultError('NETWORK_ERROR', NOT_DOWNLOADED, taskId, { description });
	return { failure: reason === 'notDelivered' ? reason : 'lost', error };
}

function notStored(thrown: unknown, taskId: string): Failed {
	const description = `Check n8n’s binary data storage: ${messageOf(thrown)}. ${FETCH_LATER}`;
	const error = invalidResult('n8n could not store it', taskId, { description });
	return { failure: 'notStored', error };
}

/** Not retried: the result would be the same. */
function unusable(what: string, taskId: string): Failed {
	const more = { description: TAKE_THE_ADDRESS, retryable: false };
	return { failure: 'refused', error: invalidResult(what, taskId, more) };
}

function invalidResult(what: string, taskId: string, more?: Partial<ErrorDetails>): PicWishError {
	const message = `The result of PicWish cannot be used: ${what}`;
	return resultError('RESULT_INVALID', message, taskId, more);
}

function resultError(
	code: ErrorCode,
	message: string,
	taskId: string,
	more?: Partial<ErrorDetails>,
): PicWishError {
	const common = { description: FETCH_LATER, taskId, retryable: true };
	return new PicWishError({ code, message, ...common, ...more });
}
