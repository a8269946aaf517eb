import { FreePolls } from '../../../nodes/PicWish/schedule/freePolls';
import { HeldClock } from './heldClock';

const LIMIT = 2;

function watched() {
	const clock = new HeldClock();
	const polls = new FreePolls(clock, () => LIMIT);
	/** Ends without a result, as the answers are too slow. */
	const slowTrial = async () => {
		polls.startTrial();
		await clock.pass(3001);
	};
	const refusedTrial = () => {
		polls.startTrial();
		polls.leave();
		polls.refused();
	};
	/** Accepts so many requests within a second. */
	const accept = (count: number) => {
		for (let n = 0; n < count; n++) polls.accepted(n % 2 === 0);
	};
	return { clock, polls, slowTrial, refusedTrial, accept };
}

it('polls count at first: none leaves outside the budget', () => {
	expect(watched().polls.opensAt()).toBe(Infinity);
});

it('more than twice the limit in one second, and polls no longer count', () => {
	const { polls, accept } = watched();
	polls.startTrial();
	accept(2 * LIMIT);
	expect(polls.free).toBe(false);
	accept(1);
	expect(polls.free).toBe(true);
});

it('the same in more than a second tells nothing', async () => {
	const { clock, polls, accept } = watched();
	polls.startTrial();
	accept(LIMIT);
	await clock.pass(1000);
	accept(LIMIT + 1);
	expect(polls.free).toBe(false);
});

it('in a trial, one poll at a time; free, twice as many as the limit', async () => {
	const { clock, polls, accept } = watched();
	polls.startTrial();
	polls.leave();
	expect(polls.opensAt()).toBe(Infinity);
	accept(2 * LIMIT + 1);
	expect(polls.opensAt()).toBe(clock.now() + 1000 / (2 * LIMIT));
});

it('a trial is given three seconds', async () => {
	const { clock, polls } = watched();
	polls.startTrial();
	await clock.pass(2900);
	expect(polls.trying).toBe(true);
	await clock.pass(200);
	expect(polls.trying).toBe(false);
});

it('ten seconds pass before the next trial', async () => {
	const { clock, polls, slowTrial } = watched();
	await slowTrial();
	await clock.pass(9900);
	expect(polls.mayTry).toBe(false);
	await clock.pass(200);
	expect(polls.mayTry).toBe(true);
});

it.each([
	{ what: 'three trials without a result', trials: 3, refused: false },
	{ what: 'two that were refused', trials: 2, refused: true },
])('polls count for good after $what', async ({ trials, refused }) => {
	const { clock, polls, slowTrial, refusedTrial } = watched();
	for (let trial = 0; trial < trials; trial++) {
		expect(polls.mayTry).toBe(true);
		if (refused) refusedTrial();
		else await slowTrial();
		await clock.pass(60_000);
	}
	expect(polls.mayTry).toBe(false);
});

it('refused after they were free, polls count for good: it was slack in the limit', async () => {
	const { clock, polls, accept } = watched();
	polls.startTrial();
	accept(2 * LIMIT + 1);
	polls.refused();
	await clock.pass(60_000);
	expect(polls.free).toBe(false);
	expect(polls.mayTry).toBe(false);
});

it('a poll without an answer lets the next one leave', () => {
	const { clock, polls } = watched();
	polls.startTrial();
	polls.leave();
	polls.lost();
	expect(polls.opensAt()).toBe(clock.now() + 1000 / (2 * LIMIT));
});
