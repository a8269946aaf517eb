// Why n8n could not download an image, and what to do about it.

import { BLOCKED_BY_N8N, type NoReply } from '../api/http';
import type { Failed } from '../api/retry';
import { canceled, invalidInput, PicWishError } from '../errors';
import { labelOf } from './fields';
import { sharePageHint } from './webAddress';

/** The label of the address field; messages begin with it. */
export const IMAGE_URL = labelOf('imageUrl');
export const NOT_DOWNLOADED = 'n8n could not download the image';

/** A transient failure, worth a retry. */
export class Broken extends Error {
	constructor(readonly failed: Failed) {
		super(failed.error.message);
	}
}

/** The connection was not made, or broke. */
export function broken(
	url: string,
	cause: string,
	reason: NoReply['reason'] | 'serverError' = 'lost',
): Broken {
	const error = new PicWishError({
		code: 'NETWORK_ERROR',
		message: `${IMAGE_URL}: ${NOT_DOWNLOADED}`,
		// Not in the message: n8n replaces messages that contain such a code with its own.
		description: `Check that ${new URL(url).host} can be reached from the machine n8n runs on, and try again (${cause}).`,
		retryable: true,
	});
	const failure = reason === 'givenUp' || reason === 'canceled' ? 'lost' : reason;
	return new Broken({ failure, error });
}

/** No answer arrived. */
export function unanswered(url: string, { reason, cause }: NoReply): Error {
	if (reason === 'canceled') return canceled();
	if (!cause.startsWith(BLOCKED_BY_N8N)) return broken(url, cause, reason);
	return invalidInput(
		`${IMAGE_URL}: this n8n may not open the address, as it blocks internal addresses`,
		'In the options choose URL Fetched By: PicWish, and give areas in pixels from the top left corner; or ask your n8n administrator to allow the host of the image.',
	);
}

/** The host answered with an error status. */
export function refusedByHost(url: string, status: number): Error {
	if (status >= 500) return broken(url, `status ${status}`, 'serverError');
	const error = invalidInput(
		`${IMAGE_URL}: the host of the image refused the request (status ${status})`,
		`Open the address in a private window: it must show the image without a login. ${sharePageHint(url)}`.trim(),
	);
	if (status !== 429) return error;
	return new Broken({ failure: 'rateLimited', error: error.with({ retryable: true }) });
}

/** A redirect cannot be followed. */
export function misled(problem: 'notAllowed' | 'circles'): PicWishError {
	return invalidInput(
		problem === 'circles'
			? `${IMAGE_URL}: the address redirects too many times`
			: `${IMAGE_URL}: the address redirects to something that is not a web address`,
		'Give the address of the image file itself.',
	);
}

export function webPage(url: string): PicWishError {
	return invalidInput(
		`${IMAGE_URL}: the address leads to a web page, not to an image`,
		`Open it in a private window: it must show only the image. ${sharePageHint(url)}`.trim(),
	);
}

/** n8n's binary store rejected the image. */
export function notStored(reason: string): PicWishError {
	return invalidInput(
		`${IMAGE_URL}: n8n could not store the image that it downloaded`,
		`Check n8n’s binary data storage: ${reason}.`,
	);
}
