// What n8n gets of a failure: an error item, or what ends the run, and lines for people.

import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type INode,
	type INodeExecutionData,
} from 'n8n-workflow';
import { isYes } from './api/wire';
import type { ErrorDetails, PicWishError } from './errors';
import { paidText, type Cost } from './paidTasks';

const LONGEST_MESSAGE = 300;

/** What a failed item looks like when the workflow goes on. Its only key must be `error`. */
export function toErrorItem(error: PicWishError, itemIndex: number): INodeExecutionData {
	const { message, code, description, httpStatus, state, taskId, retryable, fileName } =
		error.details;
	return {
		json: {
			error: {
				message: withItem(message, itemIndex),
				code,
				description,
				httpStatus: httpStatus ?? null,
				state: state ?? null,
				taskId: taskId ?? null,
				retryable,
				fileName: fileName ?? null,
			},
		},
		pairedItem: { item: itemIndex },
	};
}

/** What a run that ends early has cost, and whether it had other images, which On Error could let go on. */
interface Ending extends Cost {
	othersWait?: boolean;
}

/**
 * What ends the run when the workflow is to stop at errors, and names all that is paid.
 *
 * @param itemIndex of the item that failed; undefined where it is the run that was stopped
 */
export function toNodeError(
	node: INode,
	error: PicWishError,
	itemIndex: number | undefined,
	{ othersWait, ...paid }: Ending = { taskIds: [], uncertain: 0 },
): NodeApiError | NodeOperationError {
	const { details } = error;
	const { code, httpStatus, state, taskId, fileName } = details;
	const message = itemIndex === undefined ? details.message : withItem(details.message, itemIndex);
	const file = fileName && !message.includes(fileName) ? `File: ${fileName}.` : '';
	const own = taskId ? `Task ID: ${taskId}.` : '';
	const others = { ...paid, taskIds: paid.taskIds.filter((id) => id !== taskId) };
	const goOn = othersWait ? GO_ON : '';
	const texts = [details.description, file, own, paidText(others), goOn];
	const description = texts.filter(Boolean).join(' ');
	if (!saysNo(details)) {
		return new NodeOperationError(node, message, { description, itemIndex });
	}
	const facts: IDataObject = {
		message,
		code,
		state: state ?? null,
		taskId: taskId ?? null,
		fileName: fileName ?? null,
	};
	// A task can fail under HTTP 200, which the error pane would show as its code.
	const isRefusal = httpStatus !== undefined && !isYes(httpStatus);
	const httpCode = isRefusal ? String(httpStatus) : undefined;
	// n8n's type for the answer wants plain JSON.
	return new NodeApiError(node, JSON.parse(JSON.stringify(facts)), {
		message,
		description,
		itemIndex,
		...(httpCode && { httpCode }),
	});
}

/** A failed item, by its index. */
export interface FailedItem {
	error: PicWishError;
	itemIndex: number;
}

/** One line for the output pane: the most frequent reasons, each with the first item that met it. */
export function failedHint(failed: FailedItem[], itemCount: number): string {
	const byReason = new Map<string, FailedItem[]>();
	for (const item of failed) {
		const reason = withoutName(item.error.details);
		const same = byReason.get(reason);
		if (same) same.push(item);
		else byReason.set(reason, [item]);
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

/** The message without the file name that the hint puts before it. */
function withoutName({ message, fileName }: ErrorDetails): string {
	if (!fileName) return message;
	return message.replace(` (${fileName})`, '').replace(` "${fileName}"`, '');
}

const GO_ON =
	'To process the other images when one fails, set On Error in the settings of this node to Continue (using error output).';

/** One line, and not too long: a server may answer with a whole page. */
export function shorten(text: string): string {
	const line = text.replace(/\s+/g, ' ').trim();
	return line.length > LONGEST_MESSAGE ? `${line.slice(0, LONGEST_MESSAGE - 1)}…` : line;
}

/** Whether the API or the network refused; otherwise it was a check of the node, or Max Wait. */
function saysNo({ code, httpStatus }: ErrorDetails): boolean {
	if (code === 'TIMEOUT' || code === 'CANCELED') return false;
	return httpStatus !== undefined || code !== 'INVALID_INPUT';
}

function withItem(message: string, itemIndex: number): string {
	return `${message} [item ${itemIndex}]`;
}
