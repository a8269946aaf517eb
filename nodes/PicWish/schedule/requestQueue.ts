// Which request leaves next: runs take turns, and each run orders its own requests.

import { sleepUntil, type Clock } from './clock';
import { FreePolls } from './freePolls';
import { Pace, type RequestKind } from './pace';
import type { ScheduledRun, ScheduledTask, Slot, Waiting } from './run';

/** How long after sending a request to check whether this process was busy meanwhile. */
const BUSY_CHECK_MS = 10;

interface Choice {
	run: ScheduledRun;
	waiting: Waiting;
	/** Outside the budget. */
	isBeyond: boolean;
}

/** The requests of one key that wait for a slot. */
export class RequestQueue {
	/** In turn order: a served run moves to the end. */
	private readonly runs = new Set<ScheduledRun>();
	private readonly pace: Pace;
	private readonly freePolls: FreePolls;
	private serving = false;
	private wake: () => void = () => {};

	constructor(
		private readonly clock: Clock,
		requestsPerSecond: () => number,
		random: () => number,
	) {
		this.pace = new Pace(clock, requestsPerSecond, random);
		this.freePolls = new FreePolls(clock, requestsPerSecond);
	}

	/** Current requests per second; below the limit after a 429. */
	get perSecond(): number {
		return this.pace.perSecond;
	}

	/** Waits for a slot; undefined if the run is abandoned, or paused beyond the task's deadline. */
	acquire(run: ScheduledRun, kind: RequestKind, task: ScheduledTask): Promise<Slot | undefined> {
		return new Promise<Slot | undefined>((resolve) => {
			const waiting: Waiting = {
				kind,
				task,
				settle: (slot) => {
					run.waiting.delete(waiting);
					resolve(slot);
				},
			};
			run.waiting.add(waiting);
			this.runs.add(run);
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

	/** Call when something that the order depends on has changed. */
	reconsider(): void {
		this.wake();
	}

	/** Runs while requests wait. */
	private async serve(): Promise<void> {
		this.serving = true;
		while (this.dropFinishedRuns()) {
			const now = this.clock.now();
			this.freePolls.checkTrial();
			const choice = this.choose(now);
			if (choice) {
				await this.send(choice, now);
			} else {
				await this.sleepUntil(this.nextAt(now), now);
			}
		}
		this.serving = false;
	}

	private dropFinishedRuns(): boolean {
		const paused = this.pace.pausedUntil;
		const now = this.clock.now();
		for (const run of this.runs) {
			for (const { task, settle } of [...run.waiting]) {
				if (now >= task.deadline && paused > now) settle(undefined);
			}
			if (run.waiting.size === 0) this.runs.delete(run);
		}
		return this.runs.size > 0;
	}

	private choose(now: number): Choice | undefined {
		const share = this.perSecond / this.runs.size;
		if (this.pace.opensAt() <= now) {
			for (const run of this.runs) {
				const waiting =
					run.lastChance(now) ??
					run.nextCreate(share) ??
					(this.freePolls.free ? undefined : run.nextPoll(now));
				if (waiting) return { run, waiting, isBeyond: false };
			}
		}
		if (this.freePolls.mayTry && this.isWorthTrying(now, share)) this.freePolls.startTrial();
		if (this.freePolls.opensAt() > now || this.pace.pausedUntil > now) return undefined;
		for (const run of this.runs) {
			// While creates are waiting, an early poll gains nothing and only burdens the service.
			const onlyProbable = this.freePolls.free && run.createsWaiting;
			const waiting = run.lastChance(now, 'poll') ?? run.nextPoll(now, onlyProbable);
			if (waiting) return { run, waiting, isBeyond: true };
		}
		return undefined;
	}

	/** Whether creates fill the budget and enough polls are due for a conclusive trial. */
	private isWorthTrying(now: number, share: number): boolean {
		if (!this.pace.isFullOfCreates()) return false;
		const all = [...this.runs];
		if (!all.some((run) => run.nextCreate(share))) return false;
		const due = all.reduce((sum, run) => sum + run.duePolls(now), 0);
		return due >= this.freePolls.pollsForTrial;
	}

	private async send(choice: Choice, now: number): Promise<void> {
		const { run, waiting, isBeyond } = choice;
		const { kind, task, settle } = waiting;
		this.runs.delete(run);
		this.runs.add(run);
		if (kind === 'create') run.open.add(task);
		if (isBeyond) {
			this.freePolls.leave();
			settle(this.slot(isBeyond));
			// Let the request leave before choosing the next.
			await this.clock.sleep(0);
			return;
		}
		const departure = this.pace.leave(kind);
		settle(this.slot(isBeyond, departure.answered));
		// A late timer means that this process was busy and the request left late, too.
		const checkAt = now + Math.min(BUSY_CHECK_MS, Math.max(0, this.pace.opensAt() - now));
		await this.clock.sleep(checkAt - now);
		departure.busyFor(this.clock.now() - checkAt);
	}

	private slot(isBeyond: boolean, answered = () => {}): Slot {
		const tellsOfPolls = isBeyond || this.freePolls.trying;
		return {
			answered,
			accepted: () => {
				if (!isBeyond) this.pace.accepted();
				this.freePolls.accepted(isBeyond);
				this.wake();
			},
			refused: (retryAfterMs = 0) => {
				this.pace.pause(retryAfterMs);
				if (tellsOfPolls) this.freePolls.refused();
				else this.pace.refused();
				this.wake();
			},
			lost: () => {
				if (isBeyond) this.freePolls.lost();
				this.wake();
			},
		};
	}

	private nextAt(now: number): number {
		const openings = [this.pace.opensAt(), this.freePolls.opensAt()];
		// Due times do not matter before the next opening, unless a pause outlasts deadlines.
		const isPaused = this.pace.pausedUntil > now;
		if (!isPaused && openings.every((at) => at > now)) return Math.min(...openings);
		const dueAt = [...this.runs].map((run) => run.nextDueAt(now));
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
}
