import type { NoReply } from '../http';
import { canceled, invalidInput, PicWishError } from './errors';
import type { Failed } from './retry';

/** What a request without an answer means. */
export function noAnswer({ reason, cause }: NoReply, isCreate: boolean, taskId?: string): Failed {
	if (reason === 'canceled') {
		const error = canceled(taskId);
		return { failure: 'canceled', error: isCreate ? mayHaveBeenAccepted(error) : error };
	}
	const error = new PicWishError({
		code: 'NETWORK_ERROR',
		message:
			reason === 'notDelivered'
				? 'Could not reach PicWish'
				: 'The connection to PicWish broke before its answer came',
		// Not in the message: n8n replaces messages that name such a code by its own.
		description: `Check the region or base URL in the credential, and the network of the machine n8n runs on (${cause}).`,
		taskId,
		retryable: true,
	});
	const unsure = isCreate && reason === 'lost';
	return { failure: reason, error: unsure ? mayHaveBeenAccepted(error) : error };
}

/** The server has not had the file's end, so it cannot have made a task, however the connection broke. */
export function notDelivered(reply: NoReply): NoReply {
	return reply.reason === 'lost' ? { ...reply, reason: 'notDelivered' } : reply;
}

/** The same error for a create after which nobody can say whether a task exists. */
export function mayHaveBeenAccepted(error: PicWishError): PicWishError {
	return error.with({
		description:
			'The image may have been accepted and charged, so it was not sent again. Check your credits at PicWish before you run this item again.',
		retryable: false,
		maybeAccepted: true,
	});
}

export function unreadableFile(): PicWishError {
	return invalidInput(
		'The image or mask could not be read from n8n’s binary data while it was sent',
		'The file behind the binary field is missing or cut. Run the node before this one again.',
	);
}

/** The waiting time is over. `state` is the last one seen. */
export function timedOut(
	task: { maxWaitMs: number; taskId?: string },
	state?: number,
): PicWishError {
	const seconds = Math.round(task.maxWaitMs / 1000);
	return new PicWishError({
		code: 'TIMEOUT',
		message: `PicWish has not finished this image within ${seconds} s`,
		description:
			'The task goes on at PicWish. Fetch it with the Get Result operation within an hour, or raise Max Wait in the options.',
		state,
		taskId: task.taskId,
		retryable: true,
	});
}
