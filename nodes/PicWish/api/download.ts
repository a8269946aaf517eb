// Downloads a finished picture: retries, renews an expired URL, checks the first bytes.

import { recognize, type PictureContent } from '../picture/formats';
import type { ByteStream, Http, NoReply } from './http';
import type { Clock } from '../schedule/clock';
import { asPicWishError, canceled, PicWishError } from '../errors';
import type { Stop } from '../schedule/stop';
import { retryAfterMs, withRetries, type Failed } from './retry';
import { openAddress } from './address';
import { TASK_TYPES, TASKS } from './tasks';
import { receive } from './transfer';
import { messageOf, toNumber } from '../untrusted';

/** A finished picture: its bytes and their format. */
export interface FetchedPicture {
	body: ByteStream | Buffer;
	content: PictureContent;
}

/** No result is larger: the largest picture that PicWish accepts, at four bytes per pixel. */
const LARGEST_BYTES = Math.max(...TASK_TYPES.map((type) => TASKS[type].maxPixels)) ** 2 * 4;
const TOO_LARGE = `it is larger than ${LARGEST_BYTES / 1e6} MB`;
/** A download is aborted after ten minutes, about 400 MB at 5 Mbit/s. */
const LIMITS = { mostBytes: LARGEST_BYTES, longestMs: 10 * 60 * 1000 };

/** A download that starts near the deadline still gets this long, because the picture is paid for. */
const AT_LEAST_MS = 60_000;
const SHORTEST_PAUSE_MS = 1000;
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
 * Stores a result that the reply contains as base64 text.
 *
 * @throws PicWishError RESULT_INVALID
 */
export async function storeDecoded<T>(
	text: string,
	store: (picture: FetchedPicture) => Promise<T>,
	taskId: string,
): Promise<T> {
	const body = Buffer.from(text.replace(/^data:[^,]*,/, ''), 'base64');
	const content = asPicture(body, taskId);
	return await store({ body, content }).catch(
		async (error: unknown) => await Promise.reject(notStored(error, taskId).error),
	);
}

async function fetchOnce<T>(
	resultUrl: string,
	store: (picture: FetchedPicture) => Promise<T>,
	{ http, clock, stop, httpsOnly, taskId }: DownloadSettings,
): Promise<{ value: T } | Failed> {
	const allowed = (url: string) => isAllowed(url, httpsOnly);
	const opened = await openAddress(resultUrl, { http, stop, isAllowed: allowed });
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
	const keep = async (body: ByteStream | Buffer, content: PictureContent) =>
		await store({ body, content });
	const outcome = await receive(opened, { clock, announced, ...LIMITS }, check, keep);
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

/** HTTPS; HTTP only if the API itself is reached over HTTP (a test server or your own proxy). */
function isAllowed(url: string, httpsOnly: boolean): boolean {
	if (!URL.canParse(url)) return false;
	const { protocol } = new URL(url);
	return protocol === 'https:' || (protocol === 'http:' && !httpsOnly);
}

/** The failure for an error status. Object stores answer 403 or 404 when a signed URL has expired. */
function noPicture(status: number, retryAfter: unknown, taskId: string): Failed {
	const common = { httpStatus: status, taskId, retryable: true };
	if (status === 429 || status >= 500) {
		const error = new PicWishError({
			...common,
			code: status === 429 ? 'RATE_LIMITED' : 'SERVER_ERROR',
			message: `The result image could not be downloaded (status ${status})`,
			description: FETCH_LATER,
		});
		const asked = retryAfterMs(retryAfter, Date.now()) ?? 0;
		// No budget paces downloads, so the usual backoff replaces a Retry-After under one second.
		const delayMs = asked >= SHORTEST_PAUSE_MS ? asked : undefined;
		return { failure: status === 429 ? 'rateLimited' : 'serverError', error, delayMs };
	}
	const error = new PicWishError({
		...common,
		code: 'RESULT_EXPIRED',
		message: `The address of the result image no longer works (status ${status})`,
		description:
			'PicWish keeps results for one hour. If the task is younger, fetch it with the Get Result operation.',
	});
	return { failure: 'expired', error };
}

function interrupted(reason: NoReply['reason'], cause: string, taskId: string): Failed {
	if (reason === 'canceled') return { failure: reason, error: canceled(taskId) };
	const error = new PicWishError({
		code: 'NETWORK_ERROR',
		message: 'The result image could not be downloaded',
		description: `${FETCH_LATER} Cause: ${cause}.`,
		taskId,
		retryable: true,
	});
	return { failure: reason === 'notDelivered' ? reason : 'lost', error };
}

function notStored(error: unknown, taskId: string): Failed {
	const what = 'n8n could not store it';
	const description = `Check n8n’s binary data storage: ${messageOf(error)}. ${FETCH_LATER}`;
	return { failure: 'notStored', error: invalidResult(what, taskId).with({ description }) };
}

/** Not retried: the result would be the same. */
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
