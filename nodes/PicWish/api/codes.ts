// What the API's status and state codes mean, and what to do about them.

import type { ErrorCode } from '../errors';
import type { Failure } from './retry';
import { MAX_BYTES_BY_URL, MEGABYTE, TASKS } from './tasks';

const UPLOAD_LIMITS = Object.values(TASKS).map(
	({ label, maxBytes }) => `at most ${maxBytes / MEGABYTE} MB to ${label}`,
);

export interface Meaning {
	code: ErrorCode;
	/** How it is retried. */
	failure: Failure;
	/** What happened. */
	meaning: string;
	/** What to do next. */
	hint: string;
	/** Whether the same request or task can succeed later. */
	retryable: boolean;
}

const BAD_REQUEST: Meaning = {
	code: 'INVALID_INPUT',
	failure: 'refused',
	meaning: 'PicWish did not accept the parameters',
	hint: 'Check the image, the removal area and the options of this item.',
	retryable: false,
};

const UNAUTHORIZED: Meaning = {
	code: 'UNAUTHORIZED',
	failure: 'accountRefused',
	meaning: 'PicWish did not accept the API key',
	hint: 'Check three things: the API key and the region in the credential, that the image API is enabled for your account, and that credits are left.',
	retryable: false,
};

const SERVER_ERROR: Meaning = {
	code: 'SERVER_ERROR',
	failure: 'serverError',
	meaning: 'PicWish had an internal problem',
	hint: 'Try again later. If the problem persists, contact PicWish support.',
	retryable: true,
};

/**
 * PicWish documentation, "HTTP response status codes", and others more specific than their class
 * (4xx, 5xx). The same codes appear as `status` in the body.
 */
const HTTP_CODES: Record<number, Meaning> = {
	400: BAD_REQUEST,
	401: UNAUTHORIZED,
	402: {
		...UNAUTHORIZED,
		meaning: 'PicWish asks for a payment first',
		hint: 'Check on your PicWish account page that credits are left.',
	},
	403: UNAUTHORIZED,
	404: {
		code: 'NOT_FOUND',
		failure: 'unknownTask',
		meaning: 'PicWish does not know this task or address',
		hint: 'Check the task ID and the task type. Tasks are kept for one hour. If every item says so, check the region or base URL in the credential.',
		retryable: false,
	},
	// Sent by gateways for requests that arrive too slowly.
	408: SERVER_ERROR,
	413: {
		code: 'FILE_TOO_LARGE',
		failure: 'refused',
		meaning: 'The file is too large for PicWish',
		hint: `Send ${UPLOAD_LIMITS.join(' and ')}.`,
		retryable: false,
	},
	429: {
		code: 'RATE_LIMITED',
		failure: 'rateLimited',
		meaning: 'Too many requests for this PicWish account',
		hint: 'Set Requests per Second in the credential to the limit of your account, or raise Max Wait in the options.',
		retryable: true,
	},
	500: SERVER_ERROR,
	503: { ...SERVER_ERROR, failure: 'unavailable' },
};

/** The meaning of an HTTP status, or of `status` in the body, when the body is the API's own JSON. */
export function httpMeaning(status: number): Meaning {
	const known = HTTP_CODES[status];
	if (known) return known;
	if (status >= 500 && status < 600) return SERVER_ERROR;
	if (status >= 400 && status < 500) {
		return { ...BAD_REQUEST, meaning: `PicWish refused the request (status ${status})` };
	}
	return {
		code: 'INVALID_RESPONSE',
		failure: 'refused',
		meaning: `PicWish returned an unexpected response (status ${status})`,
		hint: 'Check the region or base URL in the credential. If they are right, contact PicWish support.',
		retryable: false,
	};
}

/** The meaning of an HTTP status when the body is not the API's own JSON. */
export function proxyMeaning(status: number): Meaning {
	if (status === 503) return SERVER_ERROR;
	// Any other 4xx says nothing about the key, the task or the parameters.
	const isOfPicWish = [408, 413, 429].includes(status) || status < 400 || status >= 500;
	if (isOfPicWish) return httpMeaning(status);
	return {
		code: 'INVALID_RESPONSE',
		failure: 'refused',
		meaning: `Something between n8n and PicWish, such as a proxy, refused the request (status ${status})`,
		hint: 'Check the base URL in the credential, and the proxy settings of the machine n8n runs on.',
		retryable: true,
	};
}

const TRY_AGAIN =
	'Run this item again. If the problem persists, contact PicWish support with the task ID.';
const ASK_SUPPORT = 'Contact PicWish support with the task ID.';
const OTHER_IMAGE = 'Use another image.';

/** Processing failed. */
export const FAILED_STATE = -1;
/** PicWish could not download the image or the mask from its URL. */
export const UNREACHABLE_STATE = -3;
/** PicWish cannot decode the file. */
export const UNREADABLE_STATE = -7;

/** The same task can succeed later. */
function passing(meaning: string, hint = TRY_AGAIN): Meaning {
	return { code: 'TASK_FAILED', failure: 'refused', meaning, hint, retryable: true };
}

/** The same task would fail again. */
function lasting(meaning: string, hint: string): Meaning {
	return { ...passing(meaning, hint), retryable: false };
}

/** PicWish documentation, "Task status codes (data.state)": the negative ones. */
const FAILED_STATES: Record<number, Meaning> = {
	[FAILED_STATE]: passing('Processing failed'),
	[-2]: passing('The result could not be stored at PicWish'),
	[UNREACHABLE_STATE]: passing(
		'PicWish could not download the file from the URL',
		'Check that the image URL, and the mask URL if there is one, open without a login from anywhere.',
	),
	[-5]: lasting(
		`The image behind the URL is too large (more than ${MAX_BYTES_BY_URL / MEGABYTE} MB)`,
		'Use a smaller image.',
	),
	[UNREADABLE_STATE]: lasting(
		'The image file is damaged or in a format PicWish does not read',
		'Re-save the image as JPEG or PNG.',
	),
	[-8]: passing(
		'PicWish gave up after 180 seconds of processing',
		'Run this item again, or use a smaller image.',
	),
	[-9]: passing('Processing failed inside PicWish'),
	[-10]: lasting('PicWish refused the content of the image', OTHER_IMAGE),
	[-11]: lasting('The result was empty', 'Check the removal area, or use another image.'),
	[-13]: passing('PicWish canceled the task after a problem'),
	[-14]: lasting('The content of the image does not meet the requirements', OTHER_IMAGE),
	[-15]: passing('PicWish had no capacity for the task', 'Run this item again later.'),
	[-16]: lasting('An outside review refused the content of the image', OTHER_IMAGE),
	[-17]: lasting('PicWish reported an invalid prompt', ASK_SUPPORT),
};

/** The meaning of a negative `data.state`; undocumented codes get a generic text. */
export function failedStateMeaning(state: number): Meaning {
	const unknown = `Processing failed with a code that PicWish does not document (${state})`;
	return FAILED_STATES[state] ?? passing(unknown, ASK_SUPPORT);
}

/** PicWish documentation: negative = failed, 1 = succeeded, 0 and above 1 = processing. */
export function taskStatus(state: number): 'failed' | 'completed' | 'processing' {
	if (state < 0) return 'failed';
	return state === 1 ? 'completed' : 'processing';
}
