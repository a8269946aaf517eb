// What n8n gets: result → item; error → error item, or what ends the run.

import {
	NodeApiError,
	NodeOperationError,
	type IBinaryData,
	type IDataObject,
	type INode,
	type INodeExecutionData,
} from 'n8n-workflow';
import { PicWishError, type ErrorDetails } from './api/errors';
import { isYes, resultExpiresAt, type TaskReport } from './api/wire';
import type { Content } from './api/formats';
import { FILE_TYPES } from './api/formats';
import type { Job } from './job';

const LONGEST_MESSAGE = 300;

/**
 * The item of a task.
 *
 * @param report undefined for a task that was only submitted, at `submittedAt` (ms since 1970)
 */
export function toItem(
	job: Job,
	task: { taskId: string; submittedAt: number | null; report?: TaskReport },
	input: INodeExecutionData,
	itemIndex: number,
	picture: IBinaryData | undefined,
): INodeExecutionData {
	const { options, operation } = job;
	const { taskId, submittedAt, report } = task;
	const createdAt = report?.createdAt ?? submittedAt;
	const result: IDataObject = {
		operation,
		taskId,
		status: report?.status ?? 'submitted',
		state: report?.state ?? null,
		progress: report?.progress ?? null,
		createdAt: toIso(createdAt),
		processedAt: toIso(report?.processedAt ?? null),
		completedAt: toIso(report?.completedAt ?? null),
		resultUrl: report?.result && 'url' in report.result ? report.result.url : null,
		resultExpiresAt: toIso(resultExpiresAt(createdAt)),
	};
	return {
		json: options.includeInputFields ? { ...input.json, ...result } : result,
		...(picture && { binary: { [options.outputField]: picture } }),
		pairedItem: { item: itemIndex },
	};
}

/** File name with the extension that the picture's bytes ask for, and its MIME type. */
export function nameAndType(
	fileName: string,
	{ format }: Required<Content>,
): { fileName: string; mimeType: string } {
	const { extension, mimeType } = FILE_TYPES[format];
	const name = safeName(fileName).replace(/\.(jpe?g|jfif|png|bmp|webp|tiff?|gif)$/i, '');
	return { fileName: `${name || 'image'}.${extension}`, mimeType };
}

/** What an unsuccessful item looks like when the workflow goes on. Its only key must be `error`. */
export function toErrorItem(error: PicWishError, itemIndex: number): INodeExecutionData {
	const { message, code, description, httpStatus, state, taskId, retryable } = error.details;
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
			},
		},
		pairedItem: { item: itemIndex },
	};
}

/** What a run that ends early has cost. */
interface Paid {
	taskIds: string[];
	/** Images whose create was sent, but whose answer never came. */
	uncertain: number;
}

/** What ends the run when the workflow is to stop at errors, and names all that is paid. */
export function toNodeError(
	node: INode,
	error: PicWishError,
	itemIndex: number,
	paid: Paid = { taskIds: [], uncertain: 0 },
): NodeApiError | NodeOperationError {
	const { details } = error;
	const { code, httpStatus, state, taskId } = details;
	const message = withItem(details.message, itemIndex);
	const failedTask = code === 'TASK_FAILED' && taskId ? `Task ID: ${taskId}.` : '';
	const texts = [details.description, failedTask, paidText(paid)];
	const description = texts.filter(Boolean).join(' ');
	if (!saysNo(details)) {
		return new NodeOperationError(node, message, { description, itemIndex });
	}
	const facts: IDataObject = { message, code, state: state ?? null, taskId: taskId ?? null };
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

/** One line for the output pane. */
export function unsuccessfulHint(errors: PicWishError[], itemCount: number): string {
	const counts = new Map<string, number>();
	for (const { details } of errors) {
		counts.set(details.message, (counts.get(details.message) ?? 0) + 1);
	}
	const reasons = [...counts].sort((a, b) => b[1] - a[1]);
	const shown = reasons.slice(0, 3).map(([why, count]) => (count > 1 ? `${why} (${count}×)` : why));
	const more = reasons.length > 3 ? `; and ${reasons.length - 3} more` : '';
	return `Unsuccessful: ${errors.length} of ${itemCount} images. ${shown.join('; ')}${more}`;
}

/** Names tasks so that none is lost; empty when nothing is paid. */
export function paidText({ taskIds, uncertain }: Paid): string {
	const texts = [
		taskIds.length > 0 &&
			`Tasks already paid for in this run, to be fetched with the Get Result operation within an hour: ${taskIds.join(', ')}`,
		uncertain > 0 &&
			`Sent, but not answered any more: ${uncertain} ${uncertain === 1 ? 'image' : 'images'}, which may have been accepted and charged as well`,
	];
	return texts.filter(Boolean).join('. ');
}

/** A server's words are shown, not its pages. */
export function shorten(text: string): string {
	const line = text.replace(/\s+/g, ' ').trim();
	return line.length > LONGEST_MESSAGE ? `${line.slice(0, LONGEST_MESSAGE - 1)}…` : line;
}

/** Whether the API or the network said no; otherwise it was a check of ours, or the waiting time. */
function saysNo({ code, httpStatus }: ErrorDetails): boolean {
	if (code === 'TIMEOUT' || code === 'CANCELED') return false;
	return httpStatus !== undefined || code !== 'INVALID_INPUT';
}

function withItem(message: string, itemIndex: number): string {
	return `${message} [item ${itemIndex}]`;
}

function toIso(ms: number | null): string | null {
	return ms === null ? null : new Date(ms).toISOString();
}

/** No folders, no control characters: the name may end up on a disk. */
function safeName(fileName: string): string {
	const last = fileName.split(/[\\/]/).pop() ?? '';
	return last.replace(/\p{Cc}/gu, '').trim();
}
