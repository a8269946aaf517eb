// Whether polls count against the limit. This is undocumented, so the node tests it.

import type { Clock } from './clock';

/** A refused poll costs nothing, but trials must not burden the service forever. */
const MOST_TRIALS = 3;
/** No trial after this many refusals: each trial can cost two, and three in total are acceptable. */
const REFUSALS_ENOUGH = 2;
/** If answers are too slow, a trial ends after this time without a result. */
const TRIAL_MS = 3000;
const BETWEEN_TRIALS_MS = 10_000;
/** Polls outside the budget, as a multiple of the limit: enough to find each task soon after it ends. */
const POLLS_PER_LIMIT = 2;

/**
 * Allows polls outside the budget, at first none. While creates fill the budget, a trial adds polls,
 * one in flight at a time. If more than twice the limit is accepted within one second, and nothing
 * refused, polls no longer count. The first 429 to such a poll ends that.
 */
export class FreePolls {
	/** Whether polls do not count. */
	free = false;
	private trials = 0;
	private refusals = 0;
	private trialEndsAt = -Infinity;
	private nextPollAt = 0;
	private pollInFlight = false;
	/** When requests were accepted, within the last second of a trial. */
	private recent: number[] = [];

	constructor(
		private readonly clock: Clock,
		private readonly limit: () => number,
	) {}

	get trying(): boolean {
		return !this.free && this.clock.now() < this.trialEndsAt;
	}

	/** When the next poll may leave outside the budget; Infinity while none may. */
	opensAt(): number {
		const isOpen = this.free || (this.trying && !this.pollInFlight);
		return isOpen ? this.nextPollAt : Infinity;
	}

	/** How many polls must be due for a trial to be conclusive. */
	get pollsForTrial(): number {
		return Math.ceil(this.limit()) + 1;
	}

	get mayTry(): boolean {
		return (
			!this.free &&
			this.trials < MOST_TRIALS &&
			this.refusals < REFUSALS_ENOUGH &&
			this.clock.now() >= this.trialEndsAt + BETWEEN_TRIALS_MS
		);
	}

	startTrial(): void {
		this.trials++;
		this.recent = [];
		this.trialEndsAt = this.clock.now() + TRIAL_MS;
	}

	/** A poll leaves outside the budget. */
	leave(): void {
		this.nextPollAt = this.clock.now() + 1000 / (POLLS_PER_LIMIT * this.limit());
		this.pollInFlight = true;
	}

	/** A request of either kind was accepted. */
	accepted(isBeyond: boolean): void {
		if (isBeyond) this.pollInFlight = false;
		if (!this.trying) return;
		const now = this.clock.now();
		this.recent = [...this.recent, now].filter((at) => at > now - 1000);
		this.free = this.recent.length > 2 * this.limit();
	}

	/** A poll outside the budget got no answer. */
	lost(): void {
		this.pollInFlight = false;
	}

	/** A request sent in a trial, or a poll outside the budget, was refused. */
	refused(): void {
		this.pollInFlight = false;
		this.refusals++;
		// A refusal after a successful trial: it only met slack in the limit, so no more trials.
		if (this.free) this.trials = MOST_TRIALS;
		this.free = false;
		this.trialEndsAt = this.clock.now();
	}
}
