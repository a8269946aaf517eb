// One request to the API: sent, watched, and its answer read.

import type { Clock } from '../schedule/clock';
import type { ScheduledTask, Slot } from '../schedule/run';
import type { Stop } from '../schedule/stop';
import { PicWishError } from '../errors';
import { mayHaveBeenAccepted, noAnswer, unreadableFile, type Sent } from './failures';
import type { ApiRequest, Http, NoReply, Reply } from './http';
import { toForm, type TaskOrder } from './order';
import type { StreamedFile } from '../picture/picture';
import { retryAfterMs, type Failed } from './retry';
import { TASKS, type TaskType } from './tasks';
import { watch } from './watch';
import { isYes, readAnswer, readTask, refusal, unreadable, type TaskReport } from './wire';

/** A task as the node holds it. */
export interface Task extends ScheduledTask {
	kind: TaskType;
	/** What it may be instead, where PicWish knows no task of this kind. */
	otherKinds?: TaskType[];
	taskId?: string;
}

export interface CreatedTask {
	taskId: string;
	/** Where the answer says more than the id (sync mode). */
	report?: TaskReport;
}

/** A create whose upload stands still, or whose answer does not come after it, is given up. */
const CREATE_SILENCE_MS = 60_000;
/** Shorter, because a query is cheap to repeat. */
const QUERY_SILENCE_MS = 20_000;
/** What a query still gets at the end of the waiting time. */
const LAST_QUERY_MS = 1000;

/** One request to the API and what its answer means. Whether it is sent again is not decided here. */
export class Exchange {
	constructor(
		private readonly http: Http,
		private readonly clock: Clock,
		private readonly stop: Stop,
	) {}

	async create(order: TaskOrder, task: Task, slot: Slot): Promise<{ value: CreatedTask } | Failed> {
		const { form, files } = toForm(order, task.kind);
		const { path } = TASKS[task.kind];
		const silence = this.createSilence(order, files);
		// A create that begins late gets its time, too: given up half-way, its task would be paid for and unknown.
		const atLeastUntil = this.clock.now() + Math.min(task.maxWaitMs, CREATE_SILENCE_MS);
		const giveUpAt = () => Math.min(Math.max(task.deadline, atLeastUntil), silence());
		// What has not left to its end makes no task, so it may be cut at once.
		const isSent = () => files.every((file) => file.sentWhole);
		const reply = await this.send({ method: 'POST', path, form }, giveUpAt, isSent);
		// Read before the files are closed, as closing may look like an error of the store.
		const unread = files.some((file) => file.readError !== undefined);
		files.forEach((file) => file.close());
		if (unread) return { failure: 'refused', error: unreadableFile() };
		const cutShort = files.some((file) => !file.sentWhole);
		const answer = this.read(reply, { isCreate: true, cutShort }, slot);
		if ('failure' in answer) return answer;
		const report = readTask(task.kind, { state: 0, ...answer.data }, 200);
		if (!(report instanceof PicWishError)) {
			// An asynchronous create only names the task; the rest is not known yet.
			return { value: { taskId: report.taskId, report: order.sync ? report : undefined } };
		}
		const { code, taskId } = report.details;
		if (code === 'TASK_FAILED') return { failure: 'refused', error: report };
		// The task exists, only its report is odd: polls will show what becomes of it.
		if (taskId !== undefined) return { value: { taskId } };
		return { failure: 'unreadable', error: mayHaveBeenAccepted(report) };
	}

	async query(task: Task, slot: Slot): Promise<{ value: TaskReport } | Failed> {
		const { kind, taskId = '' } = task;
		const path = `${TASKS[kind].path}/${encodeURIComponent(taskId)}`;
		const now = this.clock.now();
		const over = Math.min(now + QUERY_SILENCE_MS, Math.max(task.deadline, now + LAST_QUERY_MS));
		const reply = await this.send(
			{ method: 'GET', path },
			() => over,
			() => false,
		);
		const answer = this.read(reply, { isCreate: false, taskId }, slot);
		if ('failure' in answer) return answer;
		const report = readTask(kind, answer.data, 200, taskId);
		if (!(report instanceof PicWishError)) return { value: report };
		const { code } = report.details;
		return { failure: code === 'TASK_FAILED' ? 'refused' : 'unreadable', error: report };
	}

	/** When the silence has lasted too long, as things stand. A synchronous answer takes as long as the task. */
	private createSilence({ sync }: TaskOrder, files: StreamedFile[]): () => number {
		let sentBytes = 0;
		let movedAt = this.clock.now();
		return () => {
			const sentNow = files.reduce((sum, file) => sum + file.sentBytes, 0);
			if (sentNow !== sentBytes) movedAt = this.clock.now();
			sentBytes = sentNow;
			const waitsForTask = sync && files.every((file) => file.sentWhole);
			return waitsForTask ? Infinity : movedAt + CREATE_SILENCE_MS;
		};
	}

	/** The data of an answer that says yes, or what its no means. */
	private read(
		reply: Reply<unknown> | NoReply,
		sent: Sent,
		slot: Slot,
	): { data: Record<string, unknown> } | Failed {
		if (reply.status === undefined) {
			slot.lost();
			return noAnswer(reply, sent);
		}
		const { isCreate, taskId } = sent;
		const answer = readAnswer(reply.status, reply.body);
		const { status, envelope } = answer;
		if (isYes(status)) {
			slot.accepted();
			if (envelope) return { data: envelope.data };
			const error = unreadable('it is not the JSON of its API', status, taskId);
			return { failure: 'unreadable', error: isCreate ? mayHaveBeenAccepted(error) : error };
		}
		const { failure, error } = refusal(answer, taskId);
		if (failure === 'rateLimited') {
			const asked = retryAfterMs(reply.headers['retry-after'], Date.now());
			slot.refused(asked);
			// The schedule slows down for all; no delay of its own on top.
			return { failure, error, delayMs: asked ?? 0 };
		}
		slot.accepted();
		// The API's own words mean that it made no task; a gateway's page says nothing about it.
		const isUnsure = isCreate && failure === 'serverError' && !envelope;
		return { failure, error: isUnsure ? mayHaveBeenAccepted(error) : error };
	}

	/**
	 * @param giveUpAt on the clock, as things stand
	 * @param mayFinish asked when the run ends: whether it gets the grace
	 */
	private async send(
		request: Omit<ApiRequest, 'signal'>,
		giveUpAt: () => number,
		mayFinish: () => boolean,
	): Promise<Reply<unknown> | NoReply> {
		const { clock, stop } = this;
		const { signal, abort, over } = stop.forRequest(mayFinish);
		let givenUp = false;
		const done = watch(clock, giveUpAt, () => {
			givenUp = true;
			abort();
		});
		const reply = await this.http.api({ ...request, signal });
		done();
		over();
		if (!givenUp || reply.status !== undefined) return reply;
		return { status: undefined, reason: 'givenUp', cause: 'no answer' };
	}
}
