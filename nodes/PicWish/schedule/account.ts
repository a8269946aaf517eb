// State shared by all runs in this process that use the same key on the same host.

import type { Clock } from './clock';
import { Durations } from './durations';
import { RequestQueue } from './requestQueue';
import { longestBeforePollMs, ScheduledRun, type ScheduledTask } from './run';

/** An account unused for this long is dropped. */
const FORGET_AFTER_MS = 10 * 60 * 1000;

/** The runs, the request queue and the learned durations of one key on one host. */
export class Account {
	readonly queue: RequestQueue;
	private readonly runs = new Set<ScheduledRun>();
	private readonly durations = new Map<string, Durations>();
	lastUsedAt: number;

	constructor(
		readonly clock: Clock,
		random: () => number = Math.random,
	) {
		this.queue = new RequestQueue(clock, () => this.requestsPerSecond, random);
		this.lastUsedAt = clock.now();
	}

	get inUse(): boolean {
		return this.runs.size > 0;
	}

	/** @param requestsPerSecond the limit in the run's credential; the lowest of all runs applies */
	startRun(requestsPerSecond: number): ScheduledRun {
		const run = new ScheduledRun(requestsPerSecond, this.durationsOf);
		this.runs.add(run);
		return run;
	}

	endRun(run: ScheduledRun): void {
		this.runs.delete(run);
		this.lastUsedAt = this.clock.now();
	}

	/** Closes a task that is done or no longer awaited. */
	end(run: ScheduledRun, task: ScheduledTask): void {
		if (run.open.delete(task)) this.queue.reconsider();
	}

	/** Records what a poll has shown, in ms: an unfinished task's age, or a finished task's duration. */
	learn(task: ScheduledTask, ms: number, done: boolean): void {
		task.observed = this.durationsOf(task.kind).note(ms, done, task.observed);
	}

	/** How many items a run should have in progress: the most tasks that may be open at once. */
	itemsInHand = (): number =>
		Math.ceil((this.queue.perSecond * longestBeforePollMs({ maxWaitMs: Infinity })) / 1000);

	private get requestsPerSecond(): number {
		return Math.min(...[...this.runs].map((run) => run.requestsPerSecond));
	}

	private readonly durationsOf = (kind: string): Durations => {
		const known = this.durations.get(kind) ?? new Durations();
		this.durations.set(kind, known);
		return known;
	};
}

const accounts = new Map<string, Account>();

/**
 * The account of a key, shared within the process.
 *
 * @param identity a hash of key and host; never the key itself
 */
export function accountFor(identity: string, clock: Clock): Account {
	for (const [other, account] of accounts) {
		if (!account.inUse && clock.now() - account.lastUsedAt > FORGET_AFTER_MS) {
			accounts.delete(other);
		}
	}
	const account = accounts.get(identity) ?? new Account(clock);
	accounts.set(identity, account);
	account.lastUsedAt = clock.now();
	return account;
}
