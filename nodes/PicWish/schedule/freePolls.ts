// Whether polls count against the limit. The service does not say, so it is tried out.

import type { Clock } from './clock';

/** A refused poll costs nothing, but a service should not be tried again and again. */
const MOST_TRIALS = 3;
/** No further trial once so many requests were refused: one more could cost two, and three are the most. */
const REFUSALS_ENOUGH = 2;
/** A trial that the answers are too slow for ends without a result. */
const TRIAL_MS = 3000;
const BETWEEN_TRIALS_MS = 10_000;
/** Polls outside the budget, as a multiple of the limit: enough to find each task soon after it is done. */
const POLLS_PER_LIMIT = 2;

/**
 * Polls beyond the budget: none at first. While creates fill the budget, a trial sends polls on top, one
 * at a time; when a whole second has seen more than twice the limit and nothing was refused, polls no
 * longer count. The first 429 to a poll puts them back.
 */
export class FreePolls {
	private state: 'counted' | 'trial' | 'free' = 'counted';
	private trials = 0;
	private refusals = 0;
	private nextTrialAt = 0;
	private trialEndsAt = 0;
	private nextPollAt = 0;
	private pollInFlight = false;
	/** Times of the requests of the last second, in a trial. */
	private recent: number[] = [];

	constructor(
		private readonly clock: Clock,
		private readonly limit: () => number,
	) {}

	get free(): boolean {
		return this.state === 'free';
	}

	get trying(): boolean {
		return this.state === 'trial';
	}

	/** The time from which a poll may leave outside the budget; Infinity = not before something changes. */
	opensAt(): number {
		if (this.state === 'counted' || (this.trying && this.pollInFlight)) return Infinity;
		return this.nextPollAt;
	}

	/** How many polls must be due for a trial to tell anything. */
	get pollsForTrial(): number {
		return Math.ceil(this.limit()) + 1;
	}

	get mayTry(): boolean {
		return (
			this.state === 'counted' &&
			this.trials < MOST_TRIALS &&
			this.refusals < REFUSALS_ENOUGH &&
			this.clock.now() >= this.nextTrialAt
		);
	}

	startTrial(): void {
		this.state = 'trial';
		this.trials++;
		this.recent = [];
		this.trialEndsAt = this.clock.now() + TRIAL_MS;
	}

	/** Ends a trial whose time is over. */
	checkTrial(): void {
		if (this.trying && this.clock.now() > this.trialEndsAt) this.count();
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
		if (this.recent.length > 2 * this.limit()) this.state = 'free';
	}

	/** A poll outside the budget had no answer. */
	lost(): void {
		this.pollInFlight = false;
	}

	/** A request sent in a trial, or a poll outside the budget, was refused. */
	refused(): void {
		this.pollInFlight = false;
		this.refusals++;
		// What passed a trial and is refused later was slack in the limit.
		if (this.free) this.trials = MOST_TRIALS;
		this.count();
	}

	private count(): void {
		this.state = 'counted';
		this.nextTrialAt = this.clock.now() + BETWEEN_TRIALS_MS;
	}
}
