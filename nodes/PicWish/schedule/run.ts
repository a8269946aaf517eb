// One execution of the node in the schedule: its tasks, and which of its requests is next.

import type { Durations } from './durations';
import type { RequestKind } from './pace';

/** A task as the schedule knows it. Times are in ms on the schedule's clock. */
export interface ScheduledTask {
	kind: string;
	/** The item's index in its run: creates leave in this order. */
	order: number;
	/** Undefined before the create, and if another run created the task. */
	createdAt?: number;
	/** The first and the latest poll that got no 429. */
	firstAskedAt?: number;
	askedAt?: number;
	pollIntervalMs: number;
	maxWaitMs: number;
	/** When waiting ends; one last request follows. Infinity before the first request. */
	deadline: number;
	observed?: ReturnType<Durations['note']>;
}

export interface Waiting {
	kind: RequestKind;
	task: ScheduledTask;
	settle(slot: Slot | undefined): void;
}

/** Permission to send one request. The caller reports how it ended. */
export interface Slot {
	/** The answer arrived, and the server sent it as soon as it had the request. */
	answered(): void;
	/** The server accepted the request, whatever its answer. */
	accepted(): void;
	/** 429, with the delay from Retry-After in ms. */
	refused(retryAfterMs?: number): void;
	/** No answer arrived. */
	lost(): void;
}

/** Results are fetched soon after they are done: no task waits longer than this for its first poll… */
const LONGEST_BEFORE_POLL_MS = 60_000;
/** …nor longer than this share of its Max Wait. */
const SHARE_OF_MAX_WAIT = 0.4;
/** PicWish documentation, "cache-control: max-age=1": polling sooner returns the same answer. */
const SHORTEST_POLL_GAP_MS = 1000;

export class ScheduledRun {
	/** Tasks that exist or are being created, and are not known to be done. */
	readonly open = new Set<ScheduledTask>();
	readonly waiting = new Set<Waiting>();

	constructor(
		readonly requestsPerSecond: number,
		private readonly durationsOf: (kind: string) => Durations,
	) {}

	get createsWaiting(): boolean {
		for (const { kind } of this.waiting) if (kind === 'create') return true;
		return false;
	}

	/** The last request of a task past its deadline; it goes before all others. */
	lastChance(now: number, kind?: RequestKind): Waiting | undefined {
		return best(
			this.waiting,
			(one) =>
				(kind ?? one.kind) === one.kind && now >= one.task.deadline && earliest(one.task) <= now,
			(a, b) => a.task.deadline - b.task.deadline,
		);
	}

	/**
	 * The next create, unless too many tasks are open to poll each of them in time.
	 *
	 * @param perSecond this run's share of the budget
	 */
	nextCreate(perSecond: number): Waiting | undefined {
		const first = best(
			this.waiting,
			({ kind }) => kind === 'create',
			(a, b) => a.task.order - b.task.order,
		);
		if (!first) return undefined;
		const most = (perSecond * longestBeforePollMs(first.task)) / 1000;
		return this.open.size < Math.max(1, most) ? first : undefined;
	}

	/**
	 * The due poll whose task is most likely done; on a tie, that of the oldest task.
	 *
	 * @param onlyProbable whether to skip tasks that are not probably done
	 */
	nextPoll(now: number, onlyProbable = false): Waiting | undefined {
		let found: { waiting: Waiting; chance: number } | undefined;
		for (const waiting of this.waiting) {
			const { kind, task } = waiting;
			if (kind !== 'poll' || this.pollDueAt(task) > now) continue;
			const chance = this.chanceDone(task, now);
			if (onlyProbable && chance < this.durationsOf(task.kind).enough) continue;
			const isBetter =
				!found ||
				chance > found.chance ||
				(chance === found.chance && created(task) < created(found.waiting.task));
			if (isBetter) found = { waiting, chance };
		}
		return found?.waiting;
	}

	duePolls(now: number): number {
		let due = 0;
		for (const { kind, task } of this.waiting) {
			if (kind === 'poll' && this.pollDueAt(task) <= now) due++;
		}
		return due;
	}

	/** When the next poll or deadline falls due. */
	nextDueAt(now: number): number {
		let next = Infinity;
		for (const { kind, task } of this.waiting) {
			const dueAt = kind === 'poll' ? this.pollDueAt(task) : Infinity;
			for (const at of [dueAt, task.deadline]) if (at > now) next = Math.min(next, at);
		}
		return next;
	}

	private pollDueAt(task: ScheduledTask): number {
		const { createdAt = -Infinity, askedAt, pollIntervalMs, kind, deadline } = task;
		if (askedAt !== undefined) {
			const planned = Math.min(askedAt + pollIntervalMs, deadline);
			return Math.max(planned, earliest(task));
		}
		const usual = this.durationsOf(kind).probablyDoneAfter() ?? Infinity;
		return Math.min(createdAt + Math.min(pollIntervalMs, usual), deadline);
	}

	private chanceDone(task: ScheduledTask, now: number): number {
		const { kind, createdAt, firstAskedAt, askedAt } = task;
		if (createdAt !== undefined) {
			const seenAge = askedAt === undefined ? 0 : askedAt - createdAt;
			return this.durationsOf(kind).chanceDone(now - createdAt, seenAge);
		}
		// The age is unknown: the longer since the last poll, the more likely the task is done.
		if (firstAskedAt === undefined || askedAt === undefined) return 1;
		const bornAt = firstAskedAt - SHORTEST_POLL_GAP_MS;
		return 1 - (askedAt - bornAt) / (now - bornAt);
	}
}

/** How long a task may wait for its first poll. */
export function longestBeforePollMs({ maxWaitMs }: { maxWaitMs: number }): number {
	return Math.min(LONGEST_BEFORE_POLL_MS, SHARE_OF_MAX_WAIT * maxWaitMs);
}

function created({ createdAt = -Infinity }: ScheduledTask): number {
	return createdAt;
}

function earliest({ askedAt = -Infinity }: ScheduledTask): number {
	return askedAt + SHORTEST_POLL_GAP_MS;
}

function best<T>(
	all: Iterable<T>,
	isCandidate: (one: T) => boolean,
	compare: (a: T, b: T) => number,
): T | undefined {
	let found: T | undefined;
	for (const one of all) {
		if (isCandidate(one) && (found === undefined || compare(one, found) < 0)) found = one;
	}
	return found;
}
