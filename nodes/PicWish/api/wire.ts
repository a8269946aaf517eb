// The API's replies → the node's own words. The wire's names stop here.

import { failedStateMeaning, httpMeaning, proxyMeaning, taskStatus, type Meaning } from './codes';
import { PicWishError } from '../errors';
import type { Failed } from './retry';
import { RESULT_RETENTION_MS, TASKS, type TaskType } from './tasks';
import { readJson, toNumber, toObject, toText, toTyped } from '../untrusted';

/** A task as PicWish reports it, in the node's own words. Times in ms since 1970, UTC. */
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

/** The finished picture: where it is, or itself as base64 text (return_type 2). */
export type TaskResult = { url: string } | { base64: string };

type Data = Record<string, unknown>;

const RESULT_FIELDS = Object.values(TASKS).map(({ resultField }) => resultField);

/** What the API's JSON `{status, message, data}` says. */
interface Envelope {
	status: number;
	message?: string;
	data: Data;
}

/** A reply, read. */
interface Answer {
	/** The status that counts: the body's may say no under HTTP 200, and the other way round. */
	status: number;
	/** Undefined where the body is not the API's own JSON. */
	envelope: Envelope | undefined;
}

export function readAnswer(httpStatus: number, body: unknown): Answer {
	const envelope = readEnvelope(body);
	return { status: isYes(httpStatus) ? (envelope?.status ?? httpStatus) : httpStatus, envelope };
}

function readEnvelope(body: unknown): Envelope | undefined {
	const parsed = toObject(typeof body === 'string' ? readJson(body) : body);
	const status = parsed && toNumber(parsed.status);
	if (!parsed || status === undefined) return undefined;
	return { status, message: toText(parsed.message), data: toObject(parsed.data) ?? {} };
}

export function isYes(status: number): boolean {
	return status >= 200 && status < 300;
}

/** What an answer means that says no. */
export function refusal({ status, envelope }: Answer, taskId?: string): Failed {
	const meaning = envelope ? httpMeaning(status) : proxyMeaning(status);
	const error = fromMeaning(meaning, envelope?.message, { httpStatus: status, taskId });
	return { failure: meaning.failure, error };
}

/** The error for an answer that cannot be understood. */
export function unreadable(what: string, httpStatus: number, taskId?: string): PicWishError {
	return new PicWishError({
		code: 'INVALID_RESPONSE',
		message: `PicWish returned a response that cannot be read: ${what}`,
		description:
			'Check the region or base URL in the credential. If they are right, try again later or contact PicWish support.',
		httpStatus,
		taskId,
		retryable: true,
	});
}

/**
 * Reads a task out of a 200 reply. The error is given back, not thrown: the retry policy decides.
 *
 * @returns TASK_FAILED for a negative state, INVALID_RESPONSE when there is no state or no result
 */
export function readTask(
	taskType: TaskType,
	data: Data,
	httpStatus: number,
	knownTaskId?: string,
): TaskReport | PicWishError {
	const taskId = toTyped(data.task_id) ?? knownTaskId;
	const state = toNumber(data.state);
	if (taskId === undefined) return unreadable('it has no task ID', httpStatus);
	if (state === undefined || !Number.isInteger(state)) {
		return unreadable('it has no task state', httpStatus, taskId);
	}
	const status = taskStatus(state);
	if (status === 'failed') {
		const reason = toText(data.err_message) ?? toText(data.state_detail);
		return fromMeaning(failedStateMeaning(state), reason, { httpStatus, state, taskId });
	}
	// Where the type is only guessed, the other one's field may carry it.
	const fields = [TASKS[taskType].resultField, ...RESULT_FIELDS];
	const result = fields.map((field) => toText(data[field])).find((text) => text !== undefined);
	if (status === 'completed' && result === undefined) {
		return unreadable('the task is finished, but it has no result', httpStatus, taskId);
	}
	return {
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
}

function toResult(text: string): TaskResult {
	return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? { url: text } : { base64: text };
}

/** When PicWish forgets the result. */
export function resultExpiresAt(createdAt: number | null): number | null {
	return createdAt === null ? null : createdAt + RESULT_RETENTION_MS;
}

function fromMeaning(
	{ code, meaning, hint, retryable }: Meaning,
	vendorMessage: string | undefined,
	more: { httpStatus: number; state?: number; taskId?: string },
): PicWishError {
	const said = vendorMessage && !/^success$/i.test(vendorMessage) ? vendorMessage : '';
	return new PicWishError({
		code,
		message: said ? `${meaning}: ${said}` : meaning,
		description: hint,
		retryable,
		...more,
	});
}

/** JavaScript's dates end at 8.64e15 ms; an hour before, so that the expiry is a date too. */
const LATEST_S = 8.64e12 - RESULT_RETENTION_MS / 1000;

/** Unix seconds, as number or text (the documentation says text, the API sends numbers). */
function fromSeconds(value: unknown): number | null {
	const seconds = toNumber(value);
	// 0 stands for "not yet".
	return seconds !== undefined && seconds > 0 && seconds <= LATEST_S ? seconds * 1000 : null;
}
