// Sends one request to the API, enforces its timeout, and reads the answer.

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

export interface Task extends ScheduledTask {
	kind: TaskType;
	/** Other kinds to try if PicWish knows no such task of this kind. */
	otherKinds?: TaskType[];
	taskId?: string;
}

export interface CreatedTask {
	taskId: string;
	/** Present if the answer contains more than the ID (sync mode). */
	report?: TaskReport;
}

/** A create is aborted if its upload stalls, or its answer is missing, for this long. */
const CREATE_SILENCE_MS = 60_000;
/** Shorter, because a query is cheap to repeat. */
const QUERY_SILENCE_MS = 20_000;
/** The least time for a query sent at the deadline. */
const LAST_QUERY_MS = 1000;

/** One request to the API and the meaning of its answer. Retries are decided by the caller. */
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
		// A create that starts late still gets its time: aborting it could leave a paid, unknown task.
		const atLeastUntil = this.clock.now() + Math.min(task.maxWaitMs, CREATE_SILENCE_MS);
		const giveUpAt = () => Math.min(Math.max(task.deadline, atLeastUntil), silence());
		// An incomplete upload creates no task, so a stop may abort it at once.
		const isSent = () => files.every((file) => file.sentWhole);
		const reply = await this.send({ method: 'POST', path, form }, giveUpAt, isSent);
		// Check before closing the files, because closing may appear as a read error.
		const unread = files.some((file) => file.readError !== undefined);
		files.forEach((file) => file.close());
		if (unread) return { failure: 'refused', error: unreadableFile() };
		const cutShort = files.some((file) => !file.sentWhole);
		const answer = this.read(reply, { isCreate: true, cutShort }, slot);
		if ('failure' in answer) return answer;
		const report = readTask(task.kind, { state: 0, ...answer.data }, 200);
		if (!(report instanceof PicWishError)) {
			// An asynchronous create returns only the task ID; the rest is not known yet.
			return { value: { taskId: report.taskId, report: order.sync ? report : undefined } };
		}
		const { code, taskId } = report.details;
		if (code === 'TASK_FAILED') return { failure: 'refused', error: report };
		// The task exists and only its report is unreadable: polls will show its state.
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

	/** When to abort a silent create; Infinity while a synchronous create waits for its task. */
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

	/** The data of a successful answer, or the failure. Reports the outcome to the slot. */
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
			// The schedule already backs off for all requests, so no delay is added here.
			return { failure, error, delayMs: asked ?? 0 };
		}
		slot.accepted();
		// An error in the API's own JSON means that no task exists; after a gateway's page one may exist.
		const isUnsure = isCreate && failure === 'serverError' && !envelope;
		return { failure, error: isUnsure ? mayHaveBeenAccepted(error) : error };
	}

	/**
	 * @param giveUpAt the deadline on the clock; checked repeatedly, may change
	 * @param mayFinish called when the run ends: whether the request gets the grace period
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
