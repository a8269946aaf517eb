/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

import { type JsonAnswer, refusal, sendJson, taskCreated, taskData } from './answers';
import { type FaultAction, type FaultList, leavesBodyUnread } from './faults';
import type { FileStore } from './fileStore';
import type { RequestLimit } from './limit';
import { type Form, readForm } from './multipart';
import { readOrder } from './order';
import type { ExifOrientation } from './pictureFile';
import { TaskFailure } from './processing';
import { type LoggedRequest, resetConnection } from './requestLog';
import type { SignedUrls } from './signedUrls';
import type { Task, TaskBook } from './tasks';
import { type TaskType, taskTypes } from './taskTypes';

/** The service lets caches keep an answer for a second: clients should not poll faster. */
const QUERY_HEADERS = { 'cache-control': 'public,max-age=1' };
const DRIP_MS = 200;
/** At most this long between two checks of a sync create's task. */
const SYNC_CHECK_MS = 50;

interface ApiParts {
	apiKey: string;
	limit: RequestLimit;
	counts: 'all' | 'creates';
	faults: FaultList;
	store: FileStore;
	tasks: TaskBook;
	signedUrls: SignedUrls;
	now: () => number;
	exifOrientation: ExifOrientation;
	/** How long a sync create waits before it answers with a task still in progress. */
	syncWaitMs: number;
}

/** Sets the kind, task type and task ID of a request, by method and path. */
export function routeApi(record: LoggedRequest): void {
	const [path = ''] = record.url.split('?');
	for (const [name, rules] of Object.entries(taskTypes) as Array<
		[TaskType, (typeof taskTypes)[TaskType]]
	>) {
		const taskId = path.startsWith(`${rules.path}/`) ? path.slice(rules.path.length + 1) : '';
		if (record.method === 'POST' && path === rules.path) {
			record.kind = 'create';
			record.taskType = name;
		} else if (record.method === 'GET' && /^[\w-]+$/.test(taskId)) {
			record.kind = 'query';
			record.taskType = name;
			record.taskId = taskId;
		}
	}
}

/** Answers requests on the API port. */
export class Api {
	constructor(private readonly parts: ApiParts) {}

	/** @throws ClientGoneError */
	async handle(
		request: IncomingMessage,
		response: ServerResponse,
		record: LoggedRequest,
	): Promise<void> {
		const { apiKey, limit, counts, faults, store } = this.parts;
		if (record.headers['x-api-key'] !== apiKey) {
			sendJson(response, refusal(401, 'Unauthorized: the API key is not valid'));
			return;
		}
		const { kind, taskType } = record;
		if (taskType === undefined || (kind !== 'create' && kind !== 'query')) {
			sendJson(response, refusal(404, 'The requested URL does not exist'));
			return;
		}
		if ((kind === 'create' || counts === 'all') && !limit.accept()) {
			sendJson(response, refusal(429, 'Too many requests'));
			return;
		}

		let form: Promise<Form> | undefined;
		const readBody = async () =>
			kind === 'create'
				? await (form ??= readForm(request, taskTypes[taskType], store, record, pauseMs))
				: undefined;
		let pauseMs = 0;
		const fault = await faults.take(record, readBody);
		if (fault?.type === 'readSlowly') pauseMs = fault.pauseMs;
		if (fault && leavesBodyUnread(fault)) {
			if (fault.type === 'resetAtOnce') resetConnection(response);
			return;
		}
		const body = await readBody();
		if (fault?.type === 'hang') return;
		if (fault?.type === 'drip') return await drip(response);
		if (fault?.type === 'resetAfterUpload') return resetConnection(response);
		if (fault?.type === 'respond') {
			response.writeHead(fault.status, fault.headers).end(fault.body);
			return;
		}

		const answer = body
			? await this.create(taskType, body, record, response, fault)
			: await this.query(taskType, record);
		if (fault?.type === 'loseAnswer') return resetConnection(response);
		if (fault?.type === 'delay') await wait(fault.ms);
		const sent = fault?.type === 'patch' ? { ...answer, body: fault.change(answer.body) } : answer;
		sendJson(response, sent);
	}

	private async create(
		taskType: TaskType,
		form: Form,
		record: LoggedRequest,
		response: ServerResponse,
		fault: FaultAction | undefined,
	): Promise<JsonAnswer> {
		const order = await readOrder(taskType, form, this.parts.exifOrientation);
		if ('status' in order) return refusal(order.status, order.message);
		const forced =
			fault?.type === 'failTask'
				? new TaskFailure(fault.state, fault.message ?? 'Processing failed')
				: undefined;
		const task = this.parts.tasks.create(order, forced);
		record.taskId = task.taskId;
		if (!order.sync) return taskCreated(task);
		await this.waitUntilEnded(task, response);
		return {
			status: 200,
			body: { status: 200, message: 'success', data: await this.dataOf(task) },
		};
	}

	private async query(taskType: TaskType, record: LoggedRequest): Promise<JsonAnswer> {
		const task = this.parts.tasks.find(record.taskId ?? '', taskType);
		if (!task) return refusal(404, 'The task does not exist');
		return {
			status: 200,
			body: { status: 200, data: await this.dataOf(task) },
			headers: QUERY_HEADERS,
		};
	}

	private async dataOf(task: Task): Promise<Record<string, unknown>> {
		const { tasks, signedUrls } = this.parts;
		return await taskData(task, tasks.view(task), (result) =>
			signedUrls.urlFor(task.taskId, result.format),
		);
	}

	/** Returns early after `syncWaitMs`, or if the client has disconnected. */
	private async waitUntilEnded(task: Task, response: ServerResponse): Promise<void> {
		const { tasks, now, syncWaitMs } = this.parts;
		const giveUpAt = now() + syncWaitMs;
		for (;;) {
			const { state } = tasks.view(task);
			if (state === 1 || state < 0 || response.destroyed || now() >= giveUpAt) return;
			const untilDoneMs = Math.max(1, task.doneAt - now());
			await wait(Math.min(SYNC_CHECK_MS, untilDoneMs, Math.max(1, giveUpAt - now())));
		}
	}
}

/** Ends when the client disconnects. */
async function drip(response: ServerResponse): Promise<void> {
	response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1_000_000 });
	while (!response.destroyed) {
		response.write(' ');
		await wait(DRIP_MS);
	}
}
