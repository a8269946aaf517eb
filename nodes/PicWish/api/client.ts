// A task's way through the API: created once, waited for, looked at. Each request in its turn.

import type { Account } from '../schedule/account';
import { observedProcessingMs, SHORTEST_POLL_GAP_MS } from '../schedule/pollPlan';
import type { Stop } from '../schedule/stop';
import { canceled, type PicWishError } from './errors';
import { Exchange, type CreatedTask, type Task } from './exchange';
import { timedOut } from './failures';
import type { Http } from './http';
import type { TaskOrder } from './order';
import { withRetries, type Failed } from './retry';
import type { TaskType } from './tasks';
import type { TaskReport } from './wire';

/** How long to wait for one item, ms. */
export interface Patience {
	pollIntervalMs: number;
	/** From the item's first request on. */
	maxWaitMs: number;
}

/** An upload up to this size takes about as long as any other request. */
const QUICK_UPLOAD_BYTES = 256 * 1024;

/** Talks to the PicWish API for one run of the node: within the budget, and by the retry policy. */
export class PicWishClient {
	private readonly exchange: Exchange;

	constructor(
		http: Http,
		private readonly account: Account,
		/** Ends everything: the execution was canceled, or the run stops at its first error. */
		private readonly stop: Stop,
	) {
		this.exchange = new Exchange(http, account.clock, stop, account.budget);
	}

	/**
	 * A task for the schedule. Given back with `release`.
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
	 * @param since decides who is next of those that wait: the smallest; on the account's clock
	 * @throws PicWishError; with `maybeAccepted` where a task may exist without us knowing its id
	 */
	async submit(order: TaskOrder, task: Task, since: number): Promise<CreatedTask> {
		const { account, stop } = this;
		let lastError: PicWishError | undefined;
		const attempt = async () => {
			const request = await account.budget.acquire({
				kind: 'create',
				since,
				dueAt: () => account.createDueAt(task.kind, task.maxWaitMs),
				until: () => task.deadline,
				stop,
			});
			if (!request) return this.notSent(lastError ?? timedOut(task));
			task.createdAt = account.clock.now();
			this.startWaiting(task);
			account.begin(task);
			const outcome = await this.exchange.create(order, task);
			if (isAnsweredAtOnce(order)) request.answered();
			if ('failure' in outcome) {
				account.end(task);
				lastError = outcome.error;
			}
			return outcome;
		};
		const created = await withRetries('create', attempt, this.limits(task));
		task.taskId = created.taskId;
		// Its work begins when the upload has ended; a synchronous answer comes only after it.
		if (!order.sync) task.createdAt = account.clock.now();
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
			const request = await account.budget.acquire({
				kind: 'poll',
				since: task.createdAt,
				dueAt: () => account.pollDueAt(task),
				until: () => task.deadline,
				stop,
			});
			if (!request) return this.notSent(lastError ?? timedOut(task), task.taskId);
			const sentAt = account.clock.now();
			this.startWaiting(task);
			const outcome = await this.exchange.query(task);
			request.answered();
			const failed = 'failure' in outcome ? outcome : undefined;
			// One that was refused was no look: it must not put off the next.
			if (failed?.failure !== 'rateLimited') {
				task.askedAt = sentAt;
				task.asks++;
			}
			if (failed) lastError = failed.error;
			return outcome;
		};
		return await withRetries('query', attempt, this.limits(task));
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

/** Not so where the answer waits for the task, or the upload takes its time. */
function isAnsweredAtOnce({ sync, source, area }: TaskOrder): boolean {
	const mask = area && 'mask' in area ? area.mask : '';
	const bytes = [source, mask].map((input) => (typeof input === 'string' ? 0 : input.bytes));
	return !sync && Math.max(...bytes) <= QUICK_UPLOAD_BYTES;
}
