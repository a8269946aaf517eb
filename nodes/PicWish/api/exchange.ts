// Sends one request to the API, enforces its timeout, and reads the answer.

import type { Clock } from '../schedule/clock';
import type { ScheduledTask, Slot } from '../schedule/run';
import type { Stop } from '../schedule/stop';
import { mayHaveBeenAccepted, noAnswer, unreadableFile, type Sent } from './failures';
import type { ApiRequest, Http, NoReply, Reply } from './http';
import { toForm, type TaskOrder } from './order';
import { retryAfterMs, type Attempt } from './retry';
import { TASKS, type TaskType } from './tasks';
import { watch } from './watch';
import { isYes, readAnswer, readTask, refusal, type TaskReport } from './wire';

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
/** Shorter, because a poll is cheap to repeat. */
const POLL_SILENCE_MS = 20_000;
/** The least time for a poll sent at the deadline. */
const LAST_POLL_MS = 1000;
/** An upload up to this size takes no longer than any other request. */
const QUICK_UPLOAD_BYTES = 256 * 1024;

/** One request to the API and the meaning of its answer. Retries are decided by the caller. */
export class Exchange {
	constructor(
		private readonly http: Http,
		private readonly clock: Clock,
		private readonly stop: Stop,
	) {}

	async create(order: TaskOrder, task: Task, slot: Slot): Promise<Attempt<CreatedTask>> {
		const { form, files } = toForm(order, task.kind);
		// An incomplete upload creates no task, so a stop may abort it at once.
		const isSent = () => files.every((file) => file.sentWhole);
		let sentBytes = 0;
		let movedAt = this.clock.now();
		// A create that starts late still gets its time: aborting it could leave a paid, unknown task.
		const atLeastUntil = movedAt + Math.min(task.maxWaitMs, CREATE_SILENCE_MS);
		const giveUpAt = () => {
			const sentNow = files.reduce((sum, file) => sum + file.sentBytes, 0);
			if (sentNow !== sentBytes) movedAt = this.clock.now();
			sentBytes = sentNow;
			// A synchronous create waits for its task.
			const silentAt = order.sync && isSent() ? Infinity : movedAt + CREATE_SILENCE_MS;
			return Math.min(Math.max(task.deadline, atLeastUntil), silentAt);
		};
		const { path } = TASKS[task.kind];
		const reply = await this.send({ method: 'POST', path, form }, giveUpAt, isSent);
		// Check before closing the files, because closing may appear as a read error.
		const unread = files.some((file) => file.readError !== undefined);
		files.forEach((file) => file.close());
		if (unread) return { failure: 'refused', error: unreadableFile() };
		const isQuick = !order.sync && files.every(({ size }) => size <= QUICK_UPLOAD_BYTES);
		const answer = this.read(reply, { isCreate: true, cutShort: !isSent() }, slot, isQuick);
		if ('failure' in answer) return answer;
		const read = readTask(task.kind, { state: 0, ...answer.value });
		if ('value' in read) {
			const report = read.value;
			// An asynchronous create returns only the task ID; the rest is not known yet.
			return { value: { taskId: report.taskId, report: order.sync ? report : undefined } };
		}
		if (read.failure === 'refused') return read;
		const { taskId } = read.error.details;
		// With an ID, the task exists and only its report is unreadable: polls will show its state.
		return taskId === undefined ? mayHaveBeenAccepted(read) : { value: { taskId } };
	}

	async poll(task: Task, slot: Slot): Promise<Attempt<TaskReport>> {
		const { kind, taskId = '' } = task;
		const path = `${TASKS[kind].path}/${encodeURIComponent(taskId)}`;
		const now = this.clock.now();
		const over = Math.min(now + POLL_SILENCE_MS, Math.max(task.deadline, now + LAST_POLL_MS));
		const reply = await this.send({ method: 'GET', path }, () => over);
		const answer = this.read(reply, { isCreate: false, taskId }, slot, true);
		return 'failure' in answer ? answer : readTask(kind, answer.value, taskId);
	}

	/**
	 * The data of a successful answer, or the failure. Reports the outcome to the slot.
	 *
	 * @param isQuick whether the time that an answer took shows the network alone
	 */
	private read(
		reply: Reply<unknown> | NoReply,
		sent: Sent,
		slot: Slot,
		isQuick: boolean,
	): Attempt<Record<string, unknown>> {
		if (reply.status === undefined) {
			slot.lost();
			return noAnswer(reply, sent);
		}
		if (isQuick) slot.answered();
		const { isCreate, taskId } = sent;
		const answer = readAnswer(reply.status, reply.body);
		const { status, data } = answer;
		if (isYes(status) && data) {
			slot.accepted();
			return { value: data };
		}
		const failed = refusal(answer, taskId);
		if (failed.failure === 'rateLimited') {
			const asked = retryAfterMs(reply.headers['retry-after'], Date.now());
			slot.refused(asked);
			// The schedule already backs off for all requests, so no delay is added here.
			return { ...failed, delayMs: asked ?? 0 };
		}
		slot.accepted();
		// An error in the API's own JSON means that no task exists; after a gateway's page one may exist.
		const isUnsure = !data && ['serverError', 'unreadable'].includes(failed.failure);
		return isCreate && isUnsure ? mayHaveBeenAccepted(failed) : failed;
	}

	/**
	 * @param giveUpAt the deadline on the clock; checked repeatedly, may change
	 * @param mayFinish called when the run ends: whether the request gets the grace period
	 */
	private async send(
		request: Omit<ApiRequest, 'signal'>,
		giveUpAt: () => number,
		mayFinish = () => false,
	): Promise<Reply<unknown> | NoReply> {
		const { signal, abort, over } = this.stop.forRequest(mayFinish);
		let givenUp = false;
		const done = watch(this.clock, giveUpAt, () => {
			givenUp = true;
			abort();
		});
		const reply = await this.http.api({ ...request, signal });
		done();
		over();
		if (!givenUp || reply.status !== undefined) return reply;
		return { ...reply, reason: 'givenUp', cause: 'no answer' };
	}
}
