// Failures as n8n shows them: an error item, the error that ends the run, or a hint.

import {
	NodeApiError,
	NodeOperationError,
	type INode,
	type INodeExecutionData,
	type JsonObject,
} from 'n8n-workflow';
import { isYes } from './api/wire';
import type { ErrorDetails, PicWishError } from './errors';
import { paidText, type Cost } from './paidTasks';

const LONGEST_MESSAGE = 300;

/** The output item for a failed item when the workflow continues. Its only key must be `error`. */
export function toErrorItem(error: PicWishError, itemIndex: number): INodeExecutionData {
	const { code, description, retryable } = error.details;
	const { httpStatus = null, state = null, taskId = null, fileName = null } = error.details;
	const message = withItem(error.message, itemIndex);
	const shown = { message, code, description, httpStatus, state, taskId, retryable, fileName };
	return { json: { error: shown }, pairedItem: { item: itemIndex } };
}

/**
 * The error that ends the run when the workflow stops at errors. It lists all paid tasks.
 *
 * @param itemIndex the failed item; undefined if the whole run was canceled
 * @param ending what the run has cost, and whether On Error could have let other images continue
 */
export function toNodeError(
	node: INode,
	error: PicWishError,
	itemIndex: number | undefined,
	ending: Cost & { othersWait?: boolean } = { taskIds: [], uncertain: 0 },
): NodeApiError | NodeOperationError {
	const { details } = error;
	const { code, httpStatus, state = null, taskId = null, fileName = null } = details;
	const message = withItem(details.message, itemIndex);
	const file = fileName && !message.includes(fileName) ? `File: ${fileName}.` : '';
	const own = taskId ? `Task ID: ${taskId}.` : '';
	const others = { ...ending, taskIds: ending.taskIds.filter((id) => id !== taskId) };
	const goOn = ending.othersWait ? GO_ON : '';
	const texts = [details.description, file, own, paidText(others), goOn];
	const description = texts.filter(Boolean).join(' ');
	if (!saysNo(details)) return new NodeOperationError(node, message, { description, itemIndex });
	const facts: JsonObject = { message, code, state, taskId, fileName };
	// A task can fail under HTTP 200; the error pane would show 200 as the error code.
	const isRefusal = httpStatus !== undefined && !isYes(httpStatus);
	const httpCode = isRefusal ? { httpCode: String(httpStatus) } : {};
	return new NodeApiError(node, facts, { message, description, itemIndex, ...httpCode });
}

export interface FailedItem {
	error: PicWishError;
	itemIndex: number;
}

/** One line for the output pane: the three most frequent reasons, each with its first item. */
export function failedHint(failed: FailedItem[], itemCount: number): string {
	const byReason = new Map<string, FailedItem[]>();
	for (const item of failed) {
		const reason = withoutName(item.error.details);
		const same = byReason.get(reason) ?? [];
		same.push(item);
		byReason.set(reason, same);
	}
	const reasons = [...byReason].sort((a, b) => b[1].length - a[1].length);
	const shown = reasons.slice(0, 3).map(([why, items]) => `${named(items)}: ${why}`);
	const others = reasons.length - 3;
	const more = others > 0 ? `; and ${others} more ${others > 1 ? 'reasons' : 'reason'}` : '';
	return `${failed.length} of ${itemCount} images failed: ${shown.join('; ')}${more}`;
}

function named([first, ...others]: FailedItem[]): string {
	if (!first) return '';
	const { fileName } = first.error.details;
	const name = fileName ? `${fileName} (item ${first.itemIndex})` : `item ${first.itemIndex}`;
	return others.length > 0 ? `${name} and ${others.length} more` : name;
}

/** The message without the file name, because the hint starts with it. */
function withoutName({ message, fileName }: ErrorDetails): string {
	if (!fileName) return message;
	return message.replace(` (${fileName})`, '').replace(` "${fileName}"`, '');
}

const GO_ON =
	'To process the other images when one fails, set On Error in the settings of this node to Continue (using error output).';

/** At most 300 characters on one line: a server may answer with a whole page. */
export function shorten(text: string): string {
	const line = text.replace(/\s+/g, ' ').trim();
	return line.length > LONGEST_MESSAGE ? `${line.slice(0, LONGEST_MESSAGE - 1)}…` : line;
}

/** Whether the API or the network failed; false for the node's own checks, Max Wait and cancellation. */
function saysNo({ code, httpStatus }: ErrorDetails): boolean {
	if (code === 'TIMEOUT' || code === 'CANCELED') return false;
	return httpStatus !== undefined || code !== 'INVALID_INPUT';
}

function withItem(message: string, itemIndex: number | undefined): string {
	return itemIndex === undefined ? message : `${message} [item ${itemIndex}]`;
}
