// The errors for requests without a usable answer.

import type { Task } from './exchange';
import type { NoReply } from './http';
import { canceled, invalidInput, PicWishError } from '../errors';
import type { Failed } from './retry';

/** What is known about a request without its answer. */
export interface Sent {
	isCreate: boolean;
	/** The upload was not completed: no task exists, however the request ended. */
	cutShort?: boolean;
	taskId?: string;
}

/** The failure of a request without an answer. */
export function noAnswer({ reason, cause }: NoReply, { isCreate, cutShort, taskId }: Sent): Failed {
	const delivered = reason !== 'notDelivered' && !cutShort;
	const orUncertain = (failed: Failed) =>
		isCreate && delivered ? mayHaveBeenAccepted(failed) : failed;
	if (reason === 'canceled') return orUncertain({ failure: reason, error: canceled(taskId) });
	const error = new PicWishError({
		code: 'NETWORK_ERROR',
		message: (cutShort ? DURING_UPLOAD : BEFORE_ANSWER)[reason],
		// Not in the message: n8n replaces messages that contain such a code with its own.
		description: `Check the region or base URL in the credential, and the network of the machine n8n runs on (${cause}).`,
		taskId,
		retryable: true,
	});
	return orUncertain({ failure: delivered ? 'lost' : 'notDelivered', error });
}

const BEFORE_ANSWER = {
	notDelivered: 'Could not reach PicWish',
	lost: 'The connection to PicWish was lost before its response arrived',
	givenUp: 'PicWish did not answer in time',
};
const DURING_UPLOAD = {
	notDelivered: BEFORE_ANSWER.notDelivered,
	lost: 'The connection to PicWish was lost during the upload',
	givenUp: 'The upload to PicWish did not finish in time',
};

/** The same failure, for a create that may or may not have created a task. */
export function mayHaveBeenAccepted(failed: Failed): Failed {
	const description =
		'The image may have been accepted and charged, so it was not sent again. Check your credits at PicWish before you run this item again.';
	const error = failed.error.with({ description, retryable: false, maybeAccepted: true });
	return { ...failed, error };
}

export function unreadableFile(): PicWishError {
	return invalidInput(
		'The image or mask could not be read from n8n’s binary data during the upload',
		'The file in the binary field is missing or incomplete. Run the node before this one again.',
	);
}

/** The task's Max Wait has passed. `state` is the last one polled. */
export function timedOut({ maxWaitMs, taskId }: Task, state?: number): PicWishError {
	return new PicWishError({
		code: 'TIMEOUT',
		message: `PicWish has not finished this image within ${Math.round(maxWaitMs / 1000)} s`,
		description:
			'The task continues at PicWish. Fetch it with the Get Result operation within an hour, or raise Max Wait in the options.',
		state,
		taskId,
		retryable: true,
	});
}
