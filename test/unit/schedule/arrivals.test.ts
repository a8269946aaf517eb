import { Arrivals } from '../../../nodes/PicWish/schedule/arrivals';
import { HeldClock } from './heldClock';

const LIMIT = 2;

/** Requests at so many ms, with the time their answer took; gives when the next may leave after each. */
async function afterEach(
	requests: Array<{ at: number; answeredAfterMs?: number; busyMs?: number }>,
): Promise<number[]> {
	const clock = new HeldClock();
	const arrivals = new Arrivals(clock);
	const next: number[] = [];
	for (const { at, answeredAfterMs, busyMs = 0 } of requests) {
		await clock.pass(at - clock.now());
		const request = arrivals.note('poll', LIMIT);
		request.busyFor(busyMs);
		await clock.pass(answeredAfterMs ?? 200);
		if (answeredAfterMs !== undefined) request.answered();
		next.push(arrivals.nextAt(LIMIT));
	}
	return next;
}

/** Warm, with answers in 20 ms. */
const usual = [0, 1000, 2000].map((at) => ({ at, answeredAfterMs: 20 }));

it('leaves a second and a little between a request and the one that would be one too many', async () => {
	const [, , third, fourth] = await afterEach([...usual, { at: 2500, answeredAfterMs: 20 }]);
	// Of two in a second the older one rules.
	expect(third).toBe(1000 + 1035);
	expect(fourth).toBe(2000 + 1035);
});

it('does not rule anything before as many have left as the limit allows', async () => {
	expect(await afterEach(usual.slice(0, 1))).toEqual([-Infinity]);
});

it('takes a request for late whose answer took longer than others', async () => {
	const late = { at: 2500, answeredAfterMs: 90 };
	const after = await afterEach([...usual, late, { at: 3100, answeredAfterMs: 20 }]);
	expect(after.at(-1)).toBe(2500 + 1000 + 70 + 20);
});

it('does not take an answer that never came for a late request', async () => {
	const after = await afterEach([...usual, { at: 2500 }, { at: 3100, answeredAfterMs: 20 }]);
	expect(after.at(-1)).toBe(2500 + 1035);
});

it('bounds what an answer says', async () => {
	const slow = { at: 2500, answeredAfterMs: 5000 };
	const after = await afterEach([...usual, slow, { at: 7600, answeredAfterMs: 20 }]);
	expect(after.at(-1)).toBe(2500 + 1000 + 100 + 20);
});

it('takes a request for late when this process was busy after it', async () => {
	const late = { at: 2500, busyMs: 60 };
	const after = await afterEach([...usual, late, { at: 3100, answeredAfterMs: 20 }]);
	expect(after.at(-1)).toBe(2500 + 1000 + 60 + 20);
});

it('takes the first request after a pause for late', async () => {
	const after = await afterEach([...usual, { at: 60_000 }, { at: 60_600, answeredAfterMs: 20 }]);
	expect(after.at(-1)).toBe(60_000 + 1000 + 100 + 20);
});
