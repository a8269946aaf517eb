import type { ApiRequest, Http, NoReply, Reply } from '../http';
import type { Account, OpenTask } from '../schedule/account';
import { observedProcessingMs, SHORTEST_POLL_GAP_MS } from '../schedule/pollPlan';
import type { Stop } from '../stop';
import { canceled, PicWishError } from './errors';
import { mayHaveBeenAccepted, noAnswer, notDelivered, timedOut, unreadableFile } from './failures';
import { toForm, type TaskOrder } from './order';
import { retryAfterMs, withRetries, type Failed, type Method } from './retry';
import { TASKS, type TaskType } from './tasks';
import {
	effectiveStatus,
	isYes,
	readEnvelope,
	readTask,
	refusal,
	unreadable,
	type TaskReport,
} from './wire';

/** How long to wait for one item. */
export interface Patience {
	pollIntervalMs: number;
	/** From the item's first request on. */
	maxWaitMs: number;
}

/** A task as the node holds it. Given back to the schedule with `release`. */
export interface Task extends OpenTask {
	kind: TaskType;
	taskId?: string;
	maxWaitMs: number;
}

/** A connection on which nothing moves for so long is given up, or when the waiting time is over. */
const CREATE_SILENCE_MS = 60_000;
/** Shorter, because a query is cheap to repeat. */
const QUERY_SILENCE_MS = 20_000;
const SHORTEST_SILENCE_MS = 1000;

/** Talks to the PicWish API for one run of the node: within the budget, and by the retry policy. */
export class PicWishClient {
	constructor(
		private readonly http: Http,
		private readonly account: Account,
		/** Ends everything: the execution was canceled, or the run stops at its first error. */
		private readonly stop: Stop,
	) {}

	/**
	 * A task for the schedule.
	 *
	 * @param known a task that exists already; `createdAt` on the account's clock, if known
	 */
	task(kind: TaskType, patience: Patience, known?: { taskId: string; createdAt?: number }): Task {
		const createdAt = known ? (known.createdAt ?? -Infinity) : this.account.clock.now();
		return { kind, ...patience, taskId: known?.taskId, createdAt, asks: 0, deadline: Infinity };
	}

	release(task: Task): void {
		this.account.end(task);
	}

	/**
	 * Creates the task, once.
	 *
	 * @returns the new task's id; with a report where the answer says more (sync mode)
	 * @throws PicWishError; with `maybeAccepted` where a task may exist without us knowing its id
	 */
	async submit(order: TaskOrder, task: Task): Promise<{ taskId: string; report?: TaskReport }> {
		const { account, stop } = this;
		const since = account.clock.now();
		let lastError: PicWishError | undefined;
		const attempt = async () => {
			const granted = await account.budget.acquire({
				kind: 'create',
				since,
				dueAt: () => account.createDueAt(task.kind, task.maxWaitMs),
				until: () => task.deadline,
				stop,
			});
			if (!granted) return this.notSent(lastError ?? timedOut(task));
			task.createdAt = account.clock.now();
			this.startWaiting(task);
			account.begin(task);
			const outcome = await this.create(order, task);
			if ('failure' in outcome) {
				account.end(task);
				lastError = outcome.error;
			}
			return outcome;
		};
		const created = await withRetries('create', attempt, this.limits(task));
		task.taskId = created.taskId;
		if (created.report?.status === 'completed') this.finished(task, created.report);
		return created;
	}

	/**
	 * Waits until a task is done.
	 *
	 * @throws PicWishError TASK_FAILED, TIMEOUT, CANCELED, or what made asking impossible
	 */
	async waitFor(task: Task): Promise<TaskReport> {
		this.account.begin(task);
		for (;;) {
			const lastUnfinishedAt = task.askedAt;
			const report = await this.look(task);
			if (report.status === 'completed') {
				this.finished(task, report, lastUnfinishedAt);
				return report;
			}
			if (this.account.clock.now() + SHORTEST_POLL_GAP_MS > task.deadline) {
				throw timedOut(task, report.state);
			}
		}
	}

	/** One look at a task, when its turn has come. */
	async look(task: Task): Promise<TaskReport> {
		const { account, stop } = this;
		let lastError: PicWishError | undefined;
		const attempt = async () => {
			const granted = await account.budget.acquire({
				kind: 'poll',
				since: task.createdAt,
				dueAt: () => account.pollDueAt(task),
				until: () => task.deadline,
				stop,
			});
			if (!granted) return this.notSent(lastError ?? timedOut(task), task.taskId);
			task.askedAt = account.clock.now();
			task.asks++;
			this.startWaiting(task);
			const outcome = await this.query(task);
			if ('failure' in outcome) lastError = outcome.error;
			return outcome;
		};
		return await withRetries('query', attempt, this.limits(task));
	}

	private async create(
		order: TaskOrder,
		task: Task,
	): Promise<{ value: { taskId: string; report?: TaskReport } } | Failed> {
		const { form, files } = toForm(order);
		const { path } = TASKS[task.kind];
		const timeoutMs = order.sync ? task.maxWaitMs : Math.min(CREATE_SILENCE_MS, task.maxWaitMs);
		const reply = await this.send({ method: 'POST', path, form, timeoutMs }, true);
		const unread = files.some((file) => file.readError !== undefined);
		files.forEach((file) => file.close());
		if (unread) {
			return { failure: 'refused', error: unreadableFile() };
		}
		const cutShort = reply.status === undefined && files.some((file) => !file.sentWhole);
		const judged = this.judge('create', cutShort ? notDelivered(reply) : reply);
		if ('failure' in judged) return judged;
		const report = readTask(task.kind, { state: 0, ...judged.data }, 200);
		if (!(report instanceof PicWishError)) {
			// An asynchronous create only names the task; the rest is not known yet.
			return { value: { taskId: report.taskId, report: order.sync ? report : undefined } };
		}
		const { code, taskId } = report.details;
		if (code === 'TASK_FAILED') return { failure: 'refused', error: report };
		// The task exists, only its report is odd: queries will tell.
		if (taskId !== undefined) return { value: { taskId } };
		return { failure: 'unreadable', error: mayHaveBeenAccepted(report) };
	}

	private async query(task: Task): Promise<{ value: TaskReport } | Failed> {
		const { kind, taskId = '' } = task;
		const path = `${TASKS[kind].path}/${encodeURIComponent(taskId)}`;
		const left = task.deadline - this.account.clock.now();
		const timeoutMs = Math.max(SHORTEST_SILENCE_MS, Math.min(QUERY_SILENCE_MS, left));
		const reply = await this.send({ method: 'GET', path, timeoutMs }, false);
		const judged = this.judge('query', reply, taskId);
		if ('failure' in judged) return judged;
		const report = readTask(kind, judged.data, 200, taskId);
		if (!(report instanceof PicWishError)) return { value: report };
		const { code } = report.details;
		return { failure: code === 'TASK_FAILED' ? 'refused' : 'unreadable', error: report };
	}

	/** The data of an answer that says yes, or what its no means. */
	private judge(
		method: Method,
		reply: Reply<unknown> | NoReply,
		taskId?: string,
	): { data: Record<string, unknown> } | Failed {
		const isCreate = method === 'create';
		if (reply.status === undefined) return noAnswer(reply, isCreate, taskId);
		const { budget } = this.account;
		const envelope = readEnvelope(reply.body);
		const status = effectiveStatus(reply.status, reply.body);
		if (status === 429) {
			const asked = retryAfterMs(reply.headers['retry-after'], Date.now());
			budget.refused(asked);
			// The budget pauses for all; no delay of its own on top.
			const error = refusal(reply.status, reply.body, taskId);
			return { failure: 'rateLimited', error, delayMs: asked ?? 0 };
		}
		if (isYes(status)) {
			if (envelope) return { data: envelope.data };
			const error = unreadable('it is not JSON', reply.status, taskId);
			return { failure: 'unreadable', error: isCreate ? mayHaveBeenAccepted(error) : error };
		}
		const error = refusal(reply.status, reply.body, taskId);
		if (status < 500) return { failure: 'refused', error };
		// The API's own words mean that it made no task; a gateway's page says nothing about it.
		const unsure = isCreate && !envelope;
		return { failure: 'serverError', error: unsure ? mayHaveBeenAccepted(error) : error };
	}

	private async send(
		request: Omit<ApiRequest, 'signal'>,
		mayFinish: boolean,
	): Promise<Reply<unknown> | NoReply> {
		const { signal, over } = this.stop.forRequest(mayFinish, this.account.clock.sleep);
		const reply = await this.http.api({ ...request, signal });
		over();
		return reply;
	}

	private startWaiting(task: Task): void {
		task.deadline = Math.min(task.deadline, this.account.clock.now() + task.maxWaitMs);
	}

	private finished(task: Task, report: TaskReport, lastUnfinishedAt?: number): void {
		const { createdAt, completedAt } = report;
		const serverMs =
			createdAt !== null && completedAt !== null ? completedAt - createdAt : undefined;
		if (task.createdAt !== -Infinity) {
			const doneSeenAt = this.account.clock.now();
			const seen = { createdAt: task.createdAt, lastUnfinishedAt, doneSeenAt };
			const { elapsedMs: serverElapsedMs } = report;
			this.account.learn(task.kind, observedProcessingMs({ ...seen, serverElapsedMs, serverMs }));
		}
		this.account.end(task);
	}

	private notSent(waitedFor: PicWishError, taskId?: string): Failed {
		const error = this.stop.stopped ? canceled(taskId) : waitedFor;
		return { failure: 'canceled', error };
	}

	private limits(task: Task) {
		return { clock: this.account.clock, deadline: () => task.deadline, stop: this.stop };
	}
}
