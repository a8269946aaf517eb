import type { INodeExecutionData } from 'n8n-workflow';

/** `json.error` of a failed item. */
export interface ItemError {
	message: string;
	code: string;
	description: string;
	httpStatus: number | null;
	state: number | null;
	taskId: string | null;
	retryable: boolean;
	fileName: string | null;
}

const CODES = [
	'INVALID_INPUT',
	'UNAUTHORIZED',
	'NOT_FOUND',
	'FILE_TOO_LARGE',
	'RATE_LIMITED',
	'SERVER_ERROR',
	'NETWORK_ERROR',
	'INVALID_RESPONSE',
	'TASK_FAILED',
	'TIMEOUT',
	'RESULT_EXPIRED',
	'RESULT_INVALID',
	'CANCELED',
];

/**
 * The error that an item carries; undefined for a finished one.
 *
 * @throws Error when a documented field is missing or an undocumented one is present
 */
export function errorOf({ json }: INodeExecutionData): ItemError | undefined {
	if (!('error' in json)) return undefined;
	const found: unknown = json.error;
	if (!isItemError(found)) throw new Error(`Not a documented error: ${JSON.stringify(found)}`);
	return found;
}

function isItemError(value: unknown): value is ItemError {
	if (typeof value !== 'object' || value === null) return false;
	const is = (type: string, name: string) => typeof Reflect.get(value, name) === type;
	const isOrNull = (type: string, name: string) =>
		Reflect.get(value, name) === null || is(type, name);
	return (
		Object.keys(value).length === 8 &&
		is('string', 'message') &&
		is('string', 'description') &&
		is('boolean', 'retryable') &&
		isOrNull('number', 'httpStatus') &&
		isOrNull('number', 'state') &&
		isOrNull('string', 'taskId') &&
		isOrNull('string', 'fileName') &&
		CODES.includes(String(Reflect.get(value, 'code')))
	);
}

/** What the user must read when it is unknown whether a task was created. */
export const MAYBE_ACCEPTED = 'may have been accepted';

/** How `describeError` ends in that case. */
export const UNCERTAIN = `final, “${MAYBE_ACCEPTED}”`;

/** The error as one phrase of the document. */
export function describeError(error: ItemError): string {
	const { code, httpStatus, state, taskId, retryable, description } = error;
	return [
		code,
		state === null ? httpStatus !== null && `status ${httpStatus}` : `state ${state}`,
		taskId !== null && 'with task ID',
		retryable ? 'retryable' : 'final',
		description.includes(MAYBE_ACCEPTED) && `“${MAYBE_ACCEPTED}”`,
	]
		.filter(Boolean)
		.join(', ');
}
