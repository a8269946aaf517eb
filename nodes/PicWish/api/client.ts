// Creates tasks and polls them until they are done. Each request waits for its slot.

import type { Account } from '../schedule/account';
import { observedProcessingMs } from '../schedule/durations';
import type { ScheduledRun, Slot } from '../schedule/run';
import type { Stop } from '../schedule/stop';
import { canceled, type PicWishError } from '../errors';
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
	/** Counted from the item's first request. */
	maxWaitMs: number;
}

/** An existing task; `createdAt` is on the account's clock, if known. */
interface KnownTask {
	taskId: string;
	createdAt?: number;
	/** Other kinds to try if PicWish knows no such task of the given kind. */
	otherKinds?: TaskType[];
}

/** An upload up to this size takes no longer than any other request. */
const QUICK_UPLOAD_BYTES = 256 * 1024;

/** The PicWish API for one run of the node: applies the request budget and the retry policy. */
export class PicWishClient {
	private readonly exchange: Exchange;
	private readonly run: ScheduledRun;
	/** Removes the run from the schedule. */
	readonly close: () => void;
	/**
	 * Set once the API refuses the whole account. Without credits it refuses only creates, so paid tasks
	 * can still be fetched.
	 */
	private refusal?: { error: PicWishError; of: 'creates' | 'all' };

	constructor(
		http: Http,
		private readonly account: Account,
		private readonly stop: Stop,
		requestsPerSecond: number,
	) {
		this.exchange = new Exchange(http, account.clock, stop);
		this.run = account.startRun(requestsPerSecond);
		const unlisten = stop.onStop(() => account.abandon(this.run));
		this.close = () => {
			unlisten();
			account.endRun(this.run);
		};
	}

	/**
	 * A task for the schedule. The caller must `release` it.
	 *
	 * @param itemIndex creates leave in this order
	 */
	task(kind: TaskType, itemIndex: number, patience: Patience, known?: KnownTask): Task {
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
		const { account } = this;
		let lastError: PicWishError | undefined;
		const attempt = async () => {
			const slot = await this.acquire('create', task);
			if (!slot) return this.notSent('create', lastError ?? timedOut(task));
			task.createdAt = account.clock.now();
			this.startWaiting(task);
			const outcome = await this.exchange.create(order, task, slot);
			if (isAnsweredAtOnce(order)) slot.answered();
			if ('failure' in outcome) {
				// Let other creates leave meanwhile.
				this.release(task);
				lastError = this.noted(outcome, 'create');
			}
			return outcome;
		};
		let created: CreatedTask | undefined;
		try {
			created = await withRetries('create', attempt, this.limits(task));
		} finally {
			if (!created) this.release(task);
		}
		task.taskId = created.taskId;
		// Processing starts when the upload ends; a synchronous answer comes only after processing.
		if (!order.sync) task.createdAt = account.clock.now();
		// After a slow or stalled upload, the task still gets its first poll.
		const firstPollMs = Math.min(task.pollIntervalMs, task.maxWaitMs);
		task.deadline = Math.max(task.deadline, account.clock.now() + firstPollMs);
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
		const { account } = this;
		let lastError: PicWishError | undefined;
		const attempt = async () => {
			const slot = await this.acquire('poll', task);
			if (!slot) return this.notSent('poll', lastError ?? timedOut(task), task.taskId);
			const sentAt = account.clock.now();
			this.startWaiting(task);
			const outcome = await this.exchange.query(task, slot);
			slot.answered();
			const failed = 'failure' in outcome ? outcome : undefined;
			// A 429 says nothing about the task, so it must not delay the next poll.
			if (failed?.failure !== 'rateLimited') {
				task.firstAskedAt ??= sentAt;
				task.askedAt = sentAt;
			}
			if (failed) lastError = this.noted(failed, 'poll');
			const [next, ...others] = task.otherKinds ?? [];
			if (failed?.failure === 'unknownTask' && next) {
				task.kind = next;
				task.otherKinds = others;
				task.askedAt = undefined;
				return { ...failed, failure: 'otherType' as const, delayMs: 0 };
			}
			return outcome;
		};
		return await withRetries('query', attempt, this.limits(task));
	}

	/** Not async: thousands of calls may wait here, and each would keep its frame in memory. */
	private acquire(kind: 'create' | 'poll', task: Task): Promise<Slot | undefined> {
		if (this.stop.stopped || this.refusalOf(kind)) return Promise.resolve(undefined);
		return this.account.acquire(this.run, kind, task);
	}

	private refusalOf(kind: 'create' | 'poll'): PicWishError | undefined {
		return kind === 'create' || this.refusal?.of === 'all' ? this.refusal?.error : undefined;
	}

	/** Records a failure. After `accountRefused`, drops waiting requests that would fail the same way. */
	private noted({ failure, error }: Failed, kind: 'create' | 'poll'): PicWishError {
		if (failure === 'accountRefused' && this.refusal?.of !== 'all') {
			this.refusal = { error, of: kind === 'create' ? 'creates' : 'all' };
			this.account.abandon(this.run, kind === 'create' ? kind : undefined);
		}
		return error;
	}

	private startWaiting(task: Task): void {
		task.deadline = Math.min(task.deadline, this.account.clock.now() + task.maxWaitMs);
	}

	private finished(task: Task, report: TaskReport, lastUnfinishedAt?: number): void {
		const serverMs =
			report.createdAt !== null && report.completedAt !== null
				? report.completedAt - report.createdAt
				: undefined;
		const { createdAt } = task;
		if (createdAt !== undefined) {
			const doneSeenAt = this.account.clock.now();
			const seen = { createdAt, lastUnfinishedAt, doneSeenAt };
			const { elapsedMs: serverElapsedMs } = report;
			const ms = observedProcessingMs({ ...seen, serverElapsedMs, serverMs });
			this.account.learn(task, ms, true);
		}
		this.release(task);
	}

	private notSent(kind: 'create' | 'poll', waitedFor: PicWishError, taskId?: string): Failed {
		if (this.stop.stopped) return { failure: 'canceled', error: canceled(taskId) };
		const refusal = this.refusalOf(kind);
		if (!refusal) return { failure: 'canceled', error: waitedFor };
		const description = `${refusal.details.description} PicWish refused an earlier image of this run for this reason, so this one was not sent.`;
		return { failure: 'canceled', error: refusal.with({ taskId, description }) };
	}

	private limits(task: Task) {
		return { clock: this.account.clock, deadline: () => task.deadline, stop: this.stop };
	}
}

/** Whether the answer time shows only the network: not for synchronous creates and large uploads. */
function isAnsweredAtOnce({ sync, image, area }: TaskOrder): boolean {
	const mask = area && 'mask' in area ? area.mask : '';
	const bytes = [image, mask].map((input) => (typeof input === 'string' ? 0 : input.bytes));
	return !sync && Math.max(...bytes) <= QUICK_UPLOAD_BYTES;
}
