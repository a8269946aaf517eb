/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';

import type { TaskResult } from './processing';
import type { Task, TaskView } from './tasks';
import { taskTypes } from './taskTypes';

/** An answer of the API, not yet serialized. */
export interface JsonAnswer {
	status: number;
	body: unknown;
	headers?: Record<string, string>;
}

export const refusal = (status: number, message: string): JsonAnswer => ({
	status,
	body: { status, message },
});

export const taskCreated = (task: Task): JsonAnswer => ({
	status: 200,
	body: { status: 200, message: 'success', data: { task_id: task.taskId } },
});

const stateDetails: Record<number, string> = {
	0: 'Queuing',
	1: 'Complete',
	2: 'Preparing',
	4: 'Processing',
};

/** Unix seconds as numbers, as the service sends them despite its documentation. */
const unixSeconds = (atMs: number) => Math.floor(atMs / 1000);

/** The `data` of a query, and of a create in sync mode. Times not reached yet are 0. */
export async function taskData(
	task: Task,
	view: TaskView,
	urlOf: (result: TaskResult) => string,
): Promise<Record<string, unknown>> {
	const { returnType, taskType } = task.order;
	const ended = view.state === 1 || view.state < 0;
	const data: Record<string, unknown> = {
		task_id: task.taskId,
		state: view.state,
		state_detail: view.failure ? 'Failed' : (stateDetails[view.state] ?? 'Processing'),
		progress: view.progress,
		created_at: unixSeconds(task.createdAt),
		processed_at: view.state === 0 ? 0 : unixSeconds(task.startedAt),
		completed_at: ended ? unixSeconds(task.doneAt) : 0,
		time_elapsed: ended ? task.doneAt - task.createdAt : 0,
		download_time: 0,
		return_type: returnType,
	};
	if (view.failure) data.err_message = view.failure.message;
	if (view.result) {
		data[taskTypes[taskType].resultField] =
			returnType === 2 ? await readFile(view.result.path, 'base64') : urlOf(view.result);
	}
	return data;
}

/**
 * Answers, even while the request is still arriving: its rest is then read and discarded, as web
 * servers do. Ending at once would reset the connection, and the client would lose the answer.
 */
export function sendJson(response: ServerResponse, { status, body, headers }: JsonAnswer): void {
	const bytes = Buffer.from(JSON.stringify(body));
	response.writeHead(status, {
		'content-type': 'application/json; charset=utf-8',
		'content-length': bytes.length,
		...headers,
	});
	const { req: request } = response;
	if (request.complete) {
		response.end(bytes);
		return;
	}
	response.write(bytes);
	request.once('end', () => response.end()).resume();
}
