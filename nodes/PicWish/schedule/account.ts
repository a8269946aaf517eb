// The requests of one key on one host: when the next one leaves, and whose it is.

import { sleepUntil, type Clock } from './clock';
import { Durations } from './durations';
import { FreePolls } from './freePolls';
import { Pace, type RequestKind, type Sent } from './pace';
import {
	longestBeforePollMs,
	ScheduledRun,
	type ScheduledTask,
	type Slot,
	type Waiting,
} from './run';

/** An account unused for this long is dropped. */
const FORGET_AFTER_MS = 10 * 60 * 1000;
/** How long after sending a request to check whether this process was busy meanwhile. */
const BUSY_CHECK_MS = 10;

interface Choice {
	run: ScheduledRun;
	waiting: Waiting;
	/** Outside the budget. */
	isBeyond: boolean;
}

/** Runs take turns, and each run orders its own requests. */
export class Account {
	/** In turn order: a served run moves to the end. */
	private readonly runs = new Set<ScheduledRun>();
	private readonly durations = new Map<string, Durations>();
	private readonly pace: Pace;
	private readonly freePolls: FreePolls;
	private serving = false;
	private wake: () => void = () => {};
	lastUsedAt: number;

	constructor(
		readonly clock: Clock,
		random: () => number = Math.random,
	) {
		const limit = () => Math.min(...[...this.runs].map((run) => run.requestsPerSecond));
		this.pace = new Pace(clock, limit, random);
		this.freePolls = new FreePolls(clock, limit);
		this.lastUsedAt = clock.now();
	}

	get inUse(): boolean {
		return this.runs.size > 0;
	}

	/** Current requests per second; below the limit after a 429. */
	get perSecond(): number {
		return this.pace.perSecond;
	}

	/** How many items a run should have in progress: the most tasks that may be open at once. */
	itemsInHand = (): number => Math.ceil((this.perSecond * longestBeforePollMs(Infinity)) / 1000);

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
		if (run.open.delete(task)) this.wake();
	}

	/** Records what a poll has shown, in ms: an unfinished task's age, or a finished task's duration. */
	learn(task: ScheduledTask, ms: number, done: boolean): void {
		this.durationsOf(task.kind).note(task, ms, done);
	}

	/** Waits for a slot; undefined if the run is abandoned, or paused beyond the task's deadline. */
	acquire(run: ScheduledRun, kind: RequestKind, task: ScheduledTask): Promise<Slot | undefined> {
		return new Promise<Slot | undefined>((resolve) => {
			const settle = (slot: Slot | undefined) => {
				run.waiting.delete(waiting);
				resolve(slot);
			};
			const waiting: Waiting = { kind, task, settle };
			run.waiting.add(waiting);
			this.wake();
			if (!this.serving) void this.serve();
		});
	}

	/** Settles the run's waiting requests, or only those of one kind, without a slot. */
	abandon(run: ScheduledRun, only?: RequestKind): void {
		for (const { kind, settle } of [...run.waiting]) {
			if (only === undefined || kind === only) settle(undefined);
		}
		this.wake();
	}

	/** Runs while requests wait. */
	private async serve(): Promise<void> {
		this.serving = true;
		for (;;) {
			const now = this.clock.now();
			if (this.isPaused(now)) this.giveUpOverdue(now);
			const runs = [...this.runs].filter(({ waiting }) => waiting.size > 0);
			if (runs.length === 0) break;
			const choice = this.choose(runs, now);
			if (choice) await this.send(choice, now);
			else await this.sleepUntil(this.nextAt(runs, now), now);
		}
		this.serving = false;
	}

	/** Gives up the requests that a pause keeps beyond their deadline. */
	private giveUpOverdue(now: number): void {
		for (const { task, settle } of [...this.runs].flatMap(({ waiting }) => [...waiting])) {
			if (now >= task.deadline) settle(undefined);
		}
	}

	private isPaused(now: number): boolean {
		return this.pace.pausedUntil > now;
	}

	private choose(runs: ScheduledRun[], now: number): Choice | undefined {
		const share = this.perSecond / runs.length;
		if (this.pace.opensAt() <= now) {
			for (const run of runs) {
				const waiting =
					run.lastChance(now) ??
					run.nextCreate(share) ??
					(this.freePolls.free ? undefined : run.nextPoll(now));
				if (waiting) return { run, waiting, isBeyond: false };
			}
		}
		if (this.isWorthTrying(runs, share, now)) this.freePolls.startTrial();
		if (this.freePolls.opensAt() > now || this.isPaused(now)) return undefined;
		for (const run of runs) {
			// While creates are waiting, an early poll gains nothing and only burdens the service.
			const onlyProbable = this.freePolls.free && run.firstCreate !== undefined;
			const waiting = run.lastChance(now, 'poll') ?? run.nextPoll(now, onlyProbable);
			if (waiting) return { run, waiting, isBeyond: true };
		}
		return undefined;
	}

	/** Whether creates fill the budget and enough polls are due for a conclusive trial. */
	private isWorthTrying(runs: ScheduledRun[], share: number, now: number): boolean {
		if (!this.freePolls.mayTry || !this.pace.isFullOfCreates()) return false;
		if (!runs.some((run) => run.nextCreate(share))) return false;
		const due = runs.reduce((sum, run) => sum + run.duePolls(now), 0);
		return due >= this.freePolls.pollsForTrial;
	}

	private async send({ run, waiting, isBeyond }: Choice, now: number): Promise<void> {
		const { kind, task, settle } = waiting;
		this.runs.delete(run);
		this.runs.add(run);
		if (kind === 'create') run.open.add(task);
		if (isBeyond) {
			this.freePolls.leave();
			settle(this.slot());
			// Let the request leave before choosing the next.
			await this.clock.sleep(0);
			return;
		}
		const sent = this.pace.leave(kind);
		settle(this.slot(sent));
		// A late timer means that this process was busy and the request left late, too.
		const checkAt = now + Math.min(BUSY_CHECK_MS, Math.max(0, this.pace.opensAt() - now));
		await this.clock.sleep(checkAt - now);
		this.pace.busyFor(sent, this.clock.now() - checkAt);
	}

	/** @param sent undefined for a poll outside the budget */
	private slot(sent?: Sent): Slot {
		const tellsOfPolls = !sent || this.freePolls.trying;
		return {
			answered: () => sent && this.pace.answered(sent),
			accepted: () => {
				if (sent) this.pace.accepted();
				this.freePolls.accepted(!sent);
				this.wake();
			},
			refused: (retryAfterMs = 0) => {
				this.pace.pause(retryAfterMs);
				if (tellsOfPolls) this.freePolls.refused();
				else this.pace.refused();
				this.wake();
			},
			lost: () => {
				if (!sent) this.freePolls.lost();
				this.wake();
			},
		};
	}

	private nextAt(runs: ScheduledRun[], now: number): number {
		const openings = [this.pace.opensAt(), this.freePolls.opensAt()];
		// Due times do not matter before the next opening, unless a pause outlasts deadlines.
		if (!this.isPaused(now) && openings.every((at) => at > now)) return Math.min(...openings);
		const dueAt = runs.map((run) => run.nextDueAt(now));
		return Math.min(...dueAt, ...openings.filter((at) => at > now));
	}

	private async sleepUntil(at: number, now: number): Promise<void> {
		let isWoken = false;
		const woken = new Promise<void>((resolve) => {
			this.wake = () => {
				isWoken = true;
				resolve();
			};
		});
		await Promise.race([sleepUntil(this.clock, Math.max(at, now + 1), () => isWoken), woken]);
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
	for (const [other, { inUse, lastUsedAt }] of accounts) {
		if (!inUse && clock.now() - lastUsedAt > FORGET_AFTER_MS) accounts.delete(other);
	}
	const account = accounts.get(identity) ?? new Account(clock);
	accounts.set(identity, account);
	account.lastUsedAt = clock.now();
	return account;
}
