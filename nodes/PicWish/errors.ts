// The node's one error type.

import { messageOf, toObject, toText } from './untrusted';

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
	/** Of the item's image, where it is known. */
	fileName?: string;
	/** Whether running the same again can help. */
	retryable: boolean;
	/** A create whose answer was lost or unreadable: a task may exist, so it must not be sent again. */
	maybeAccepted?: boolean;
}

/** Everything that the node throws inside; errorOutput.ts turns it into what n8n shows. */
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

/** The item's parameters or files are wrong; nothing was sent to PicWish for it. */
export function invalidInput(message: string, description: string): PicWishError {
	return new PicWishError({ code: 'INVALID_INPUT', message, description, retryable: false });
}

/** Does the work; its errors name the image's file. */
export async function aboutFile<T>(fileName: string, work: () => T | Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		return await Promise.reject(asPicWishError(error).with({ fileName }));
	}
}

/** Whatever was thrown. What n8n throws while it reads parameters keeps its message and description. */
export function asPicWishError(thrown: unknown): PicWishError {
	if (thrown instanceof PicWishError) return thrown;
	const explained = toText(toObject(thrown)?.description);
	return invalidInput(
		messageOf(thrown),
		explained ?? 'Check the parameters and expressions of this item.',
	);
}

export function canceled(taskId?: string): PicWishError {
	return new PicWishError({
		code: 'CANCELED',
		message: 'The run was stopped before this image was finished',
		description: taskId
			? 'The task continues at PicWish. Fetch it with the Get Result operation within an hour.'
			: 'Run the workflow again to process this image.',
		taskId,
		retryable: true,
	});
}
