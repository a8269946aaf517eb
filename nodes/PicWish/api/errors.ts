// The node's one error type.

import { toObject, toText } from './untrusted';

/** What went wrong, in one word. Part of the node's contract: users branch on it. */
export type ErrorCode =
	| 'INVALID_INPUT'
	| 'UNAUTHORIZED'
	| 'NOT_FOUND'
	| 'FILE_TOO_LARGE'
	| 'RATE_LIMITED'
	| 'SERVER_ERROR'
	| 'NETWORK_ERROR'
	| 'INVALID_RESPONSE'
	| 'TASK_FAILED'
	| 'TIMEOUT'
	| 'RESULT_EXPIRED'
	| 'RESULT_INVALID'
	| 'CANCELED';

export interface ErrorDetails {
	code: ErrorCode;
	/** What happened, for the person at the canvas. */
	message: string;
	/** What to do next. */
	description: string;
	/** HTTP status, or the status in the reply's body where that is the one that says no. */
	httpStatus?: number;
	/** The task's state code (data.state). */
	state?: number;
	taskId?: string;
	/** Whether running the same again can help. */
	retryable: boolean;
	/** A create whose answer was lost or unreadable: a task may exist, so it must not be sent again. */
	maybeAccepted?: boolean;
}

/** The one error type inside the node; output.ts turns it into what n8n shows. */
export class PicWishError extends Error {
	constructor(readonly details: ErrorDetails) {
		super(details.message);
		this.name = 'PicWishError';
	}

	/** The same error, with what only the caller knows. */
	with(more: Partial<ErrorDetails>): PicWishError {
		return new PicWishError({ ...this.details, ...more });
	}
}

/** A check of ours that was not met. No request has been sent for the item. */
export function invalidInput(message: string, description: string): PicWishError {
	return new PicWishError({ code: 'INVALID_INPUT', message, description, retryable: false });
}

/** Whatever was thrown, as our error. What n8n throws while parameters are read says enough itself. */
export function asPicWishError(thrown: unknown): PicWishError {
	if (thrown instanceof PicWishError) return thrown;
	const message = thrown instanceof Error ? thrown.message : String(thrown);
	const explained = toText(toObject(thrown)?.description);
	return invalidInput(message, explained ?? 'Check the parameters and expressions of this item.');
}

export function canceled(taskId?: string): PicWishError {
	return new PicWishError({
		code: 'CANCELED',
		message: 'The run was stopped before this image was finished',
		description: taskId
			? 'The task goes on at PicWish. Fetch it with the Get Result operation within an hour.'
			: 'Run the workflow again to process this image.',
		taskId,
		retryable: true,
	});
}
