// The API's replies → the node's own types. Wire names stop here.

import { failedStateMeaning, httpMeaning, proxyMeaning, taskStatus, type Meaning } from './codes';
import { PicWishError } from '../errors';
import type { Attempt, Failed } from './retry';
import { RESULT_RETENTION_MS, TASKS, type TaskType } from './tasks';
import { readJson, toNumber, toObject, toText, toTyped } from '../untrusted';

/** A task as PicWish reports it. Times are in ms since 1970, UTC. */
export interface TaskReport {
	taskId: string;
	status: 'processing' | 'completed';
	state: number;
	progress: number | null;
	createdAt: number | null;
	processedAt: number | null;
	completedAt: number | null;
	/** Processing time without the queue, ms. */
	elapsedMs?: number;
	result?: TaskResult;
}

/** The finished picture: its URL, or its bytes as base64 text (return_type 2). */
type TaskResult = { url: string; base64?: never } | { base64: string; url?: never };

const RESULT_FIELDS = Object.values(TASKS).map(({ resultField }) => resultField);

interface Answer {
	/** The HTTP status if it is an error, otherwise the body's: it can report an error under HTTP 200. */
	status: number;
	message?: string;
	/** Undefined if the body is not the API's own JSON `{status, message, data}`. */
	data?: Record<string, unknown>;
}

export function readAnswer(httpStatus: number, body: unknown): Answer {
	const own = toObject(typeof body === 'string' ? readJson(body) : body);
	const ownStatus = toNumber(own?.status);
	if (!own || ownStatus === undefined) return { status: httpStatus };
	const status = isYes(httpStatus) ? ownStatus : httpStatus;
	return { status, message: toText(own.message), data: toObject(own.data) ?? {} };
}

export function isYes(status: number): boolean {
	return status >= 200 && status < 300;
}

/** The failure that an error status, or an answer without the API's JSON, stands for. */
export function refusal({ status, message, data }: Answer, taskId?: string): Failed {
	if (isYes(status)) return unreadable('it is not the JSON of its API', status, taskId);
	const meaning = data ? httpMeaning(status) : proxyMeaning(status);
	return failedBy(meaning, message, { httpStatus: status, taskId });
}

function unreadable(what: string, httpStatus: number, taskId?: string): Failed {
	const error = new PicWishError({
		code: 'INVALID_RESPONSE',
		message: `PicWish returned a response that cannot be read: ${what}`,
		description:
			'Check the region or base URL in the credential. If they are right, try again later or contact PicWish support.',
		httpStatus,
		taskId,
		retryable: true,
	});
	return { failure: 'unreadable', error };
}

/**
 * Reads a task from the data of a 200 reply.
 *
 * @returns TASK_FAILED for a negative state; INVALID_RESPONSE without an ID, a state or a result
 */
export function readTask(
	taskType: TaskType,
	data: Record<string, unknown>,
	knownTaskId?: string,
): Attempt<TaskReport> {
	const httpStatus = 200;
	const taskId = toTyped(data.task_id) ?? knownTaskId;
	const state = toNumber(data.state);
	if (taskId === undefined) return unreadable('it has no task ID', httpStatus);
	if (state === undefined || !Number.isInteger(state)) {
		return unreadable('it has no task state', httpStatus, taskId);
	}
	const status = taskStatus(state);
	if (status === 'failed') {
		const reason = toText(data.err_message) ?? toText(data.state_detail);
		return failedBy(failedStateMeaning(state), reason, { httpStatus, state, taskId });
	}
	// If the task type was guessed, the result may be in the other type's field.
	const fields = [TASKS[taskType].resultField, ...RESULT_FIELDS];
	const result = fields.map((field) => toText(data[field])).find((text) => text !== undefined);
	if (status === 'completed' && result === undefined) {
		return unreadable('the task is finished, but it has no result', httpStatus, taskId);
	}
	const value: TaskReport = {
		taskId,
		status,
		state,
		progress: toNumber(data.progress) ?? null,
		createdAt: fromSeconds(data.created_at),
		processedAt: fromSeconds(data.processed_at),
		completedAt: fromSeconds(data.completed_at),
		elapsedMs: toNumber(data.time_elapsed),
		result: status === 'completed' && result !== undefined ? toResult(result) : undefined,
	};
	return { value };
}

function toResult(text: string): TaskResult {
	return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? { url: text } : { base64: text };
}

function failedBy(
	{ code, failure, meaning, hint, retryable }: Meaning,
	vendorMessage: string | undefined,
	more: { httpStatus: number; state?: number; taskId?: string },
): Failed {
	const said = vendorMessage && !/^success$/i.test(vendorMessage) ? `: ${vendorMessage}` : '';
	const message = meaning + said;
	const error = new PicWishError({ code, message, description: hint, retryable, ...more });
	return { failure, error };
}

/** JavaScript dates end at 8.64e15 ms; one hour less keeps the expiry a valid date. */
const LATEST_S = 8.64e12 - RESULT_RETENTION_MS / 1000;

/** Unix seconds as a number or text (documented as text, sent as numbers) → ms. */
function fromSeconds(value: unknown): number | null {
	const seconds = toNumber(value);
	// 0 means "not yet".
	return seconds !== undefined && seconds > 0 && seconds <= LATEST_S ? seconds * 1000 : null;
}
