// What the API's status and state codes mean, and what to do about them.

import type { ErrorCode } from './errors';

export interface Meaning {
	code: ErrorCode;
	/** What happened. */
	meaning: string;
	/** What to do next. */
	hint: string;
	/** Whether the same request or task can succeed later. */
	retryable: boolean;
}

/** PicWish documentation, "HTTP response status codes". The same codes appear as `status` in the body. */
const HTTP_CODES: Record<number, Meaning> = {
	400: {
		code: 'INVALID_INPUT',
		meaning: 'PicWish did not accept the parameters',
		hint: 'Check the image, the removal area and the options of this item.',
		retryable: false,
	},
	401: {
		code: 'UNAUTHORIZED',
		meaning: 'PicWish did not accept the API key',
		hint: 'Check three things: the API key and the region in the credential, that the image API is enabled for your account, and that credits are left.',
		retryable: false,
	},
	404: {
		code: 'NOT_FOUND',
		meaning: 'PicWish does not know this task or address',
		hint: 'Check the task ID and the task type. Tasks are kept for one hour. If every item says so, check the region or base URL in the credential.',
		retryable: false,
	},
	413: {
		code: 'FILE_TOO_LARGE',
		meaning: 'The file is too large for PicWish',
		hint: 'Send at most 20 MB to Remove Objects and at most 50 MB to Remove Watermark.',
		retryable: false,
	},
	429: {
		code: 'RATE_LIMITED',
		meaning: 'Too many requests for this PicWish account',
		hint: 'Set Requests per Second in the credential to the limit of your account, or raise Max Wait in the options.',
		retryable: true,
	},
	500: {
		code: 'SERVER_ERROR',
		meaning: 'PicWish had an internal problem',
		hint: 'Try again later. If it stays, contact PicWish support.',
		retryable: true,
	},
};

/**
 * What an HTTP status, or the `status` of a reply's body, means.
 * A code the documentation does not list gets the meaning of its hundred.
 */
export function httpMeaning(status: number): Meaning {
	const known = HTTP_CODES[status];
	if (known) return known;
	if (status === 403) return HTTP_CODES[401]!;
	if (status >= 500 && status < 600) return HTTP_CODES[500]!;
	if (status >= 400 && status < 500) {
		return { ...HTTP_CODES[400]!, meaning: `PicWish refused the request (status ${status})` };
	}
	return {
		code: 'INVALID_RESPONSE',
		meaning: `PicWish gave an unexpected answer (status ${status})`,
		hint: 'Check the region or base URL in the credential. If they are right, contact PicWish support.',
		retryable: false,
	};
}

const TRY_AGAIN = 'Run this item again. If it stays, contact PicWish support with the task ID.';
const OTHER_PICTURE = 'Use another image.';

/** PicWish documentation, "Task status codes (data.state)": the ones below 0. */
const FAILED_STATES: Record<number, Omit<Meaning, 'code'>> = {
	[-1]: {
		meaning: 'Processing failed',
		hint: 'Check that the mask has the same size as the image and that the removal area is not empty, then run this item again.',
		retryable: true,
	},
	[-2]: {
		meaning: 'The result could not be stored at PicWish',
		hint: TRY_AGAIN,
		retryable: true,
	},
	[-3]: {
		meaning: 'PicWish could not download the file from the URL',
		hint: 'Check that the image URL, and the mask URL if there is one, open without a login from anywhere.',
		retryable: true,
	},
	[-5]: {
		meaning: 'The image behind the URL is too large (more than 30 MB)',
		hint: 'Use a smaller image.',
		retryable: false,
	},
	[-7]: {
		meaning: 'The image file is damaged or in a format PicWish does not read',
		hint: 'Save the image anew as JPEG or PNG.',
		retryable: false,
	},
	[-8]: {
		meaning: 'PicWish gave up after 180 seconds of processing',
		hint: 'Run this item again, or use a smaller image.',
		retryable: true,
	},
	[-9]: { meaning: 'Processing failed inside PicWish', hint: TRY_AGAIN, retryable: true },
	[-10]: {
		meaning: 'PicWish refused the content of the image',
		hint: OTHER_PICTURE,
		retryable: false,
	},
	[-11]: {
		meaning: 'The result was empty',
		hint: 'Check the removal area, or use another image.',
		retryable: false,
	},
	[-13]: {
		meaning: 'PicWish canceled the task after a problem',
		hint: TRY_AGAIN,
		retryable: true,
	},
	[-14]: {
		meaning: 'The content of the image does not meet the requirements',
		hint: OTHER_PICTURE,
		retryable: false,
	},
	[-15]: {
		meaning: 'PicWish had no capacity for the task',
		hint: 'Run this item again later.',
		retryable: true,
	},
	[-16]: {
		meaning: 'An outside review refused the content of the image',
		hint: OTHER_PICTURE,
		retryable: false,
	},
	[-17]: {
		meaning: 'PicWish reported an invalid prompt',
		hint: 'Contact PicWish support with the task ID.',
		retryable: false,
	},
};

/** What a negative `data.state` means; an undocumented one gets an honest general text. */
export function failedStateMeaning(state: number): Meaning {
	const known = FAILED_STATES[state] ?? {
		meaning: `Processing failed with a code that PicWish does not document (${state})`,
		hint: 'Contact PicWish support with the task ID.',
		retryable: true,
	};
	return { code: 'TASK_FAILED', ...known };
}

/** PicWish documentation: below 0 failed, 1 succeeded, 0 and everything above 1 still processing. */
export function taskStatus(state: number): 'failed' | 'completed' | 'processing' {
	if (state < 0) return 'failed';
	return state === 1 ? 'completed' : 'processing';
}
