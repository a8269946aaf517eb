// Creates tasks and polls them until they are done. Each request waits for its slot.

import type { Account } from '../schedule/account';
import { observedProcessingMs } from '../schedule/durations';
import type { RequestKind } from '../schedule/pace';
import type { ScheduledRun, Slot } from '../schedule/run';
import type { Stop } from '../schedule/stop';
import { canceled, type PicWishError } from '../errors';
import { Exchange, type CreatedTask, type Task } from './exchange';
import { timedOut } from './failures';
import type { Http } from './http';
import type { TaskOrder } from './order';
import { withRetries, type Attempt, type Failed } from './retry';
import type { TaskType } from './tasks';
import type { TaskReport } from './wire';

/** How long to wait for one item, counted from its first request. */
export type Patience = Pick<Task, 'pollIntervalMs' | 'maxWaitMs'>;

/** The PicWish API for one run of the node: applies the request budget and the retry policy. */
export class PicWishClient {
	private readonly exchange: Exchange;
	private readonly run: ScheduledRun;
	/**
	 * Set once the API refuses the whole account. Without credits it refuses only creates, so paid tasks
	 * can still be fetched.
	 */
	private readonly refusals: Partial<Record<RequestKind, PicWishError>> = {};

	constructor(
		http: Http,
		private readonly account: Account,
		private readonly stop: Stop,
		requestsPerSecond: number,
	) {
		this.exchange = new Exchange(http, account.clock, stop);
		this.run = account.startRun(requestsPerSecond);
		stop.onStop(() => account.abandon(this.run));
	}

	close(): void {
		this.account.endRun(this.run);
	}

	/**
	 * A task for the schedule. The caller must `release` it.
	 *
	 * @param itemIndex creates leave in this order
	 * @param known of a task that exists
	 */
	task(kind: TaskType, itemIndex: number, patience: Patience, known?: Partial<Task>): Task {
		return { kind, order: itemIndex, ...patience, ...known, deadline: Infinity };
	}

	release(task: Task): void {
		this.account.end(this.run, task);
	}

	/**
	 * Creates the task exactly once.
	 *
	 * @throws PicWishError; with `maybeAccepted` if a task with an unknown ID may exist
	 */
	async submit(order: TaskOrder, task: Task): Promise<CreatedTask> {
		const { clock } = this.account;
		const created = await this.send('create', task, async (slot, sentAt) => {
			task.createdAt = sentAt;
			const outcome = await this.exchange.create(order, task, slot);
			// Let other creates leave meanwhile.
			if ('failure' in outcome) this.release(task);
			return outcome;
		});
		task.taskId = created.taskId;
		// Processing starts when the upload ends; a synchronous answer comes only after processing.
		if (!order.sync) task.createdAt = clock.now();
		// After a slow or stalled upload, the task still gets its first poll.
		const firstPollMs = Math.min(task.pollIntervalMs, task.maxWaitMs);
		task.deadline = Math.max(task.deadline, clock.now() + firstPollMs);
		if (created.report?.status === 'completed') this.finished(task, created.report);
		return created;
	}

	/**
	 * Polls until the task is done.
	 *
	 * @throws PicWishError TASK_FAILED, TIMEOUT, CANCELED, or the error of a failed poll
	 */
	async waitFor(task: Task): Promise<TaskReport> {
		this.run.open.add(task);
		for (;;) {
			const lastUnfinishedAt = task.askedAt;
			const report = await this.poll(task);
			const { createdAt, askedAt = -Infinity } = task;
			if (report.status === 'completed') {
				this.finished(task, report, lastUnfinishedAt);
				return report;
			}
			if (createdAt !== undefined) this.account.learn(task, askedAt - createdAt, false);
			// The last poll is always sent after the deadline.
			if (askedAt >= task.deadline) throw timedOut(task, report.state);
		}
	}

	/** Polls a task once; the retry policy applies. */
	async poll(task: Task): Promise<TaskReport> {
		return await this.send('poll', task, async (slot, sentAt) => {
			const outcome = await this.exchange.poll(task, slot);
			const failure = 'failure' in outcome ? outcome.failure : undefined;
			// A 429 says nothing about the task, so it must not delay the next poll.
			if (failure !== 'rateLimited') {
				task.firstAskedAt ??= sentAt;
				task.askedAt = sentAt;
			}
			const [next, ...others] = task.otherKinds ?? [];
			if (failure !== 'unknownTask' || !next) return outcome;
			task.kind = next;
			task.otherKinds = others;
			task.askedAt = undefined;
			return { ...outcome, failure: 'otherType', delayMs: 0 };
		});
	}

	/** @param request one try, when its slot has come */
	private send<T>(
		kind: RequestKind,
		task: Task,
		request: (slot: Slot, sentAt: number) => Promise<Attempt<T>>,
	): Promise<T> {
		const { clock } = this.account;
		let lastError: PicWishError | undefined;
		const attempt = async (): Promise<Attempt<T>> => {
			const slot = await this.acquire(kind, task);
			if (!slot) return { failure: 'canceled', error: this.notSent(kind, task, lastError) };
			const sentAt = clock.now();
			task.deadline = Math.min(task.deadline, sentAt + task.maxWaitMs);
			const outcome = await request(slot, sentAt);
			if ('failure' in outcome) {
				lastError = outcome.error;
				this.note(outcome, kind);
			}
			return outcome;
		};
		return withRetries(kind, attempt, { clock, deadline: () => task.deadline, stop: this.stop });
	}

	/** Not async: thousands of calls may wait here, and each would keep its frame in memory. */
	private acquire(kind: RequestKind, task: Task): Promise<Slot | undefined> {
		if (this.stop.stopped || this.refusals[kind]) return Promise.resolve(undefined);
		return this.account.acquire(this.run, kind, task);
	}

	/** After `accountRefused`, drops waiting requests that would fail the same way. */
	private note({ failure, error }: Failed, kind: RequestKind): void {
		if (failure !== 'accountRefused') return;
		this.refusals.create = error;
		this.refusals[kind] = error;
		this.account.abandon(this.run, kind === 'create' ? kind : undefined);
	}

	private notSent(kind: RequestKind, task: Task, lastError?: PicWishError): PicWishError {
		const { taskId } = task;
		if (this.stop.stopped) return canceled(taskId);
		const refusal = this.refusals[kind];
		if (!refusal) return lastError ?? timedOut(task);
		const description = `${refusal.details.description} PicWish refused an earlier image of this run for this reason, so this one was not sent.`;
		return refusal.with({ taskId, description });
	}

	private finished(task: Task, report: TaskReport, lastUnfinishedAt?: number): void {
		const { createdAt } = task;
		if (createdAt !== undefined) {
			const { createdAt: begunAt, completedAt, elapsedMs: serverElapsedMs } = report;
			const isTimed = begunAt !== null && completedAt !== null;
			const serverMs = isTimed ? completedAt - begunAt : undefined;
			const doneSeenAt = this.account.clock.now();
			const seen = { createdAt, lastUnfinishedAt, doneSeenAt, serverElapsedMs, serverMs };
			this.account.learn(task, observedProcessingMs(seen), true);
		}
		this.release(task);
	}
}
