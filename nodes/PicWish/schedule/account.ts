// What all runs of this process share that use one key: budget, learned times, tasks on their way.

import { ProcessingTimes, nextPollAt, type PolledTask } from './pollPlan';
import type { Clock } from './clock';
import { RequestBudget } from './requestBudget';

/** Tasks at once while nothing is known about their duration: as if each took this long… */
const ASSUMED_PROCESSING_MS = 16_000;
/** …or so many times what the oldest has taken so far; up to this many. */
const ASSUMED_GROWTH = 1.5;
const MOST_WHILE_UNKNOWN = 120;
/** Over the computed number, so that a create is always at hand when a place is free. */
const SPARE = 2;
/** Items in hand beyond the tasks on their way: being read, waiting for their turn, or being stored. */
const SPARE_ITEMS = 16;
/** Share of the waiting time that may pass until a task's turn to be asked for comes. */
const WAITING_SHARE = 0.4;
/** A task that is unfinished after so many looks may hang: the next oldest is asked instead. */
const MOST_ASKS_FOR_ALL = 8;
/** An account nobody has used for so long is forgotten. */
const FORGET_AFTER_MS = 10 * 60 * 1000;

/** A task on its way, in the eyes of the schedule. */
export interface OpenTask extends PolledTask {
	kind: string;
}

/**
 * What all items, nodes and executions of this process share that use one key on one host:
 * the request budget, the learned processing times and the tasks on their way.
 */
export class Account {
	readonly budget: RequestBudget;
	private readonly open = new Set<OpenTask>();
	private readonly times = new Map<string, ProcessingTimes>();
	lastUsedAt: number;

	constructor(
		readonly clock: Clock,
		requestsPerSecond: number,
		random?: () => number,
	) {
		this.budget = new RequestBudget(clock, requestsPerSecond, random);
		this.lastUsedAt = clock.now();
	}

	get inUse(): boolean {
		return this.open.size > 0 || !this.budget.idle;
	}

	begin(task: OpenTask): void {
		this.open.add(task);
	}

	end(task: OpenTask): void {
		if (!this.open.delete(task)) return;
		this.lastUsedAt = this.clock.now();
		this.budget.reconsider();
	}

	learn(kind: string, processingMs: number): void {
		this.timesOf(kind).record(processingMs);
	}

	/** From when a create may leave: now, or when fewer tasks are on their way. */
	createDueAt(kind: string, maxWaitMs: number): number {
		return this.open.size < this.tasksAtOnce(kind, maxWaitMs) ? 0 : Infinity;
	}

	pollDueAt(task: OpenTask): number {
		const scarce =
			this.budget.createsWaiting ||
			this.open.size > this.budget.pace * (task.pollIntervalMs / 1000);
		const { probablyDoneAfter: probablyDoneAfterMs } = this.timesOf(task.kind);
		const oldest = probablyDoneAfterMs === undefined && this.oldestOf(task.kind) === task;
		return nextPollAt(task, { scarce, oldest, probablyDoneAfterMs });
	}

	/**
	 * How many items a run should have in hand. While nothing is learned that is as many as `tasksAtOnce`
	 * may grow to meanwhile, because a run asks again only when one of them is finished.
	 */
	itemsInHand = (): number => {
		const tasks = this.learned() === undefined ? MOST_WHILE_UNKNOWN : this.tasksAtOnce();
		return tasks + SPARE_ITEMS;
	};

	/**
	 * How many tasks keep the budget busy: throughput × processing time, of one kind of task or of the
	 * slowest. Never so many that one's turn would come after its waiting time, and so always far inside
	 * the hour that results live.
	 */
	private tasksAtOnce(kind?: string, maxWaitMs = Infinity): number {
		const { pace } = this.budget;
		const learned = this.learned(kind);
		const wanted =
			learned === undefined
				? Math.min(MOST_WHILE_UNKNOWN, Math.ceil((pace * this.assumedMs()) / 1000))
				: Math.ceil((pace * learned) / 1000) + SPARE;
		const most = Math.floor((WAITING_SHARE * pace * maxWaitMs) / 1000);
		return Math.max(1, Math.min(wanted, most));
	}

	private assumedMs(): number {
		const now = this.clock.now();
		const ages = [...this.open].map(({ createdAt }) => now - createdAt).filter(Number.isFinite);
		return Math.max(ASSUMED_PROCESSING_MS, ASSUMED_GROWTH * Math.max(0, ...ages));
	}

	private learned(kind?: string): number | undefined {
		if (kind !== undefined) return this.timesOf(kind).probablyDoneAfter;
		const all = [...this.times.values()].map((times) => times.probablyDoneAfter ?? Infinity);
		const slowest = Math.max(...all);
		return Number.isFinite(slowest) ? slowest : undefined;
	}

	private timesOf(kind: string): ProcessingTimes {
		const times = this.times.get(kind) ?? new ProcessingTimes();
		this.times.set(kind, times);
		return times;
	}

	private oldestOf(kind: string): OpenTask | undefined {
		let oldest: OpenTask | undefined;
		for (const task of this.open) {
			if (task.kind !== kind || task.asks >= MOST_ASKS_FOR_ALL) continue;
			if (!oldest || task.createdAt < oldest.createdAt) oldest = task;
		}
		return oldest;
	}
}

const accounts = new Map<string, Account>();

/**
 * The account of a key, shared within the process.
 *
 * @param identity tells keys and hosts apart; never the key itself
 */
export function accountFor(identity: string, requestsPerSecond: number, clock: Clock): Account {
	for (const [other, account] of accounts) {
		if (!account.inUse && clock.now() - account.lastUsedAt > FORGET_AFTER_MS) {
			accounts.delete(other);
		}
	}
	const account = accounts.get(identity) ?? new Account(clock, requestsPerSecond);
	accounts.set(identity, account);
	account.budget.setLimit(requestsPerSecond);
	account.lastUsedAt = clock.now();
	return account;
}
