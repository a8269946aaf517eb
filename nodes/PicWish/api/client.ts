// A task at the API: created once, polled until it is done. Each request waits for its slot.

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
	/** From the item's first request on. */
	maxWaitMs: number;
}

/** A task that exists already; `createdAt` on the account's clock, if known. */
interface KnownTask {
	taskId: string;
	createdAt?: number;
	/** What it may be instead of the kind that is given. */
	otherKinds?: TaskType[];
}

/** An upload up to this size takes about as long as any other request. */
const QUICK_UPLOAD_BYTES = 256 * 1024;

/** Talks to the PicWish API for one run of the node: within the budget, and by the retry policy. */
export class PicWishClient {
	private readonly exchange: Exchange;
	private readonly run: ScheduledRun;
	/** Closes the run for the schedule. */
	readonly close: () => void;
	/**
	 * Set when the API refused the whole account. Without credits it refuses creates alone: then what is
	 * paid for can still be fetched.
	 */
	private refusal?: { error: PicWishError; of: 'creates' | 'all' };

	constructor(
		http: Http,
		private readonly account: Account,
		/** Ends everything: the execution was canceled, or the run stops at its first error. */
		private readonly stop: Stop,
		requestsPerSecond: number,
	) {
		this.exchange = new Exchange(http, account.clock, stop);
		this.run = account.startRun(requestsPerSecond);
		const unlisten = stop.onStop(() => account.queue.abandon(this.run));
		this.close = () => {
			unlisten();
			account.endRun(this.run);
		};
	}

	/**
	 * A task for the schedule. Given back with `release`.
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
	 * Creates the task, once.
	 *
	 * @throws PicWishError; with `maybeAccepted` where a task may exist without us knowing its id
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
				// So that other creates may leave meanwhile.
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
		// Its work begins when the upload has ended; a synchronous answer comes only after it.
		if (!order.sync) task.createdAt = account.clock.now();
		// A slow upload, or a standstill during it, leaves the task at least its first poll.
		const firstPollMs = Math.min(task.pollIntervalMs, task.maxWaitMs);
		task.deadline = Math.max(task.deadline, account.clock.now() + firstPollMs);
		if (created.report?.status === 'completed') this.finished(task, created.report);
		return created;
	}

	/**
	 * Waits until a task is done.
	 *
	 * @throws PicWishError TASK_FAILED, TIMEOUT, CANCELED, or what made asking impossible
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
			// One poll is always sent after the deadline; it is the last.
			if (askedAt >= task.deadline) throw timedOut(task, report.state);
		}
	}

	/** Asks once for a task's report, in its slot; again only by the retry policy. */
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
			// A refused poll says nothing of the task, so it must not put off the next.
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

	/** No async function: thousands may wait here, and each would hold its frame. */
	private acquire(kind: 'create' | 'poll', task: Task): Promise<Slot | undefined> {
		if (this.stop.stopped || this.refusalOf(kind)) return Promise.resolve(undefined);
		return this.account.queue.acquire(this.run, kind, task);
	}

	private refusalOf(kind: 'create' | 'poll'): PicWishError | undefined {
		return kind === 'create' || this.refusal?.of === 'all' ? this.refusal?.error : undefined;
	}

	/** What would be refused again is not sent. */
	private noted({ failure, error }: Failed, kind: 'create' | 'poll'): PicWishError {
		if (failure === 'accountRefused') {
			this.refusal = { error, of: kind === 'create' ? 'creates' : 'all' };
			this.account.queue.abandon(this.run, kind === 'create' ? kind : undefined);
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

/** Not so where the answer waits for the task, or the upload takes its time. */
function isAnsweredAtOnce({ sync, image, area }: TaskOrder): boolean {
	const mask = area && 'mask' in area ? area.mask : '';
	const bytes = [image, mask].map((input) => (typeof input === 'string' ? 0 : input.bytes));
	return !sync && Math.max(...bytes) <= QUICK_UPLOAD_BYTES;
}
