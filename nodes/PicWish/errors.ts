// The node's one error type.

import { messageOf, toObject, toText } from './untrusted';

/** Part of the node's contract: workflows branch on it. */
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
	/** HTTP status, or the status in the body if that one reports the error. */
	httpStatus?: number;
	/** The task's state code (data.state). */
	state?: number;
	taskId?: string;
	/** Of the item's image, if known. */
	fileName?: string;
	/** Whether a rerun with the same input can succeed. */
	retryable: boolean;
	/** The create's answer was lost or unreadable: a task may exist, so the create must not be retried. */
	maybeAccepted?: boolean;
}

/** Everything the node throws internally; errorOutput.ts converts it for n8n. */
export class PicWishError extends Error {
	constructor(readonly details: ErrorDetails) {
		super(details.message);
		this.name = 'PicWishError';
	}

	/** A copy of the error, with details that only the caller knows. */
	with(more: Partial<ErrorDetails>): PicWishError {
		return new PicWishError({ ...this.details, ...more });
	}
}

/** The item's parameters or files are wrong; no task was created from them. */
export function invalidInput(message: string, description: string): PicWishError {
	return new PicWishError({ code: 'INVALID_INPUT', message, description, retryable: false });
}

/** Runs `work`; its errors carry the image's file name. */
export async function aboutFile<T>(fileName: string, work: () => T | Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		return await Promise.reject(asPicWishError(error).with({ fileName }));
	}
}

/** Wraps anything thrown. n8n's errors from reading parameters keep their message and description. */
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
