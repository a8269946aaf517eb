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

	/** The first create in the order of the items. */
	get firstCreate(): Waiting | undefined {
		return this.best(({ kind, task }) => (kind === 'create' ? -task.order : undefined));
	}

	/** The last request of a task past its deadline; it goes before all others. */
	lastChance(now: number, only?: RequestKind): Waiting | undefined {
		return this.best(({ kind, task }) => {
			if (now < task.deadline || earliest(task) > now) return undefined;
			return only === undefined || kind === only ? -task.deadline : undefined;
		});
	}

	/**
	 * The next create, unless too many tasks are open to poll each of them in time.
	 *
	 * @param perSecond this run's share of the budget
	 */
	nextCreate(perSecond: number): Waiting | undefined {
		const create = this.firstCreate;
		const most = create ? (perSecond * longestBeforePollMs(create.task.maxWaitMs)) / 1000 : 0;
		return this.open.size < Math.max(1, most) ? create : undefined;
	}

	/**
	 * The due poll whose task is most likely done; on a tie, the one that has waited longest.
	 *
	 * @param onlyProbable whether to skip tasks that are not probably done
	 */
	nextPoll(now: number, onlyProbable = false): Waiting | undefined {
		return this.best((waiting) => {
			if (!this.isDuePoll(waiting, now)) return undefined;
			const { task } = waiting;
			const chance = this.chanceDone(task, now);
			return onlyProbable && chance < this.durationsOf(task.kind).enough ? undefined : chance;
		});
	}

	duePolls(now: number): number {
		return [...this.waiting].filter((one) => this.isDuePoll(one, now)).length;
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

	private isDuePoll({ kind, task }: Waiting, now: number): boolean {
		return kind === 'poll' && this.pollDueAt(task) <= now;
	}

	private pollDueAt(task: ScheduledTask): number {
		const { createdAt = -Infinity, askedAt, pollIntervalMs, kind, deadline } = task;
		if (askedAt !== undefined) {
			return Math.max(Math.min(askedAt + pollIntervalMs, deadline), earliest(task));
		}
		const usual = this.durationsOf(kind).probablyDoneAfter() ?? Infinity;
		return Math.min(createdAt + Math.min(pollIntervalMs, usual), deadline);
	}

	private chanceDone({ kind, createdAt, firstAskedAt, askedAt }: ScheduledTask, now: number) {
		if (createdAt !== undefined) {
			const seenAge = askedAt === undefined ? 0 : askedAt - createdAt;
			return this.durationsOf(kind).chanceDone(now - createdAt, seenAge);
		}
		// The age is unknown: the longer since the last poll, the more likely the task is done.
		if (firstAskedAt === undefined || askedAt === undefined) return 1;
		const bornAt = firstAskedAt - SHORTEST_POLL_GAP_MS;
		return 1 - (askedAt - bornAt) / (now - bornAt);
	}

	/** The waiting request with the highest score, on a tie the first; undefined = no candidate. */
	private best(score: (one: Waiting) => number | undefined): Waiting | undefined {
		let best: Waiting | undefined;
		let highest = -Infinity;
		for (const one of this.waiting) {
			const points = score(one);
			if (points === undefined || (best && points <= highest)) continue;
			best = one;
			highest = points;
		}
		return best;
	}
}

/** How long a task may wait for its first poll. */
export function longestBeforePollMs(maxWaitMs: number): number {
	return Math.min(LONGEST_BEFORE_POLL_MS, SHARE_OF_MAX_WAIT * maxWaitMs);
}

function earliest({ askedAt = -Infinity }: ScheduledTask): number {
	return askedAt + SHORTEST_POLL_GAP_MS;
}
