import { Pace } from '../../../nodes/PicWish/schedule/pace';
import { HeldClock } from './heldClock';

const LIMIT = 2;

/** Requests at so many ms, with the time their answer took; gives when the next may leave after each. */
async function afterEach(
	requests: Array<{ at: number; answeredAfterMs?: number; busyMs?: number }>,
): Promise<number[]> {
	const clock = new HeldClock();
	const pace = new Pace(
		clock,
		() => LIMIT,
		() => 0,
	);
	const next: number[] = [];
	for (const { at, answeredAfterMs, busyMs = 0 } of requests) {
		await clock.pass(at - clock.now());
		const request = pace.leave('poll');
		pace.busyFor(request, busyMs);
		await clock.pass(answeredAfterMs ?? 200);
		if (answeredAfterMs !== undefined) pace.answered(request);
		next.push(pace.opensAt());
	}
	return next;
}

/** Warm, at full pace, with answers in 20 ms: what comes next is ruled by the window of a second. */
const usual = [1000, 1520, 2040].map((at) => ({ at, answeredAfterMs: 20 }));

it('leaves a second and a little between a request and the one that would be one too many', async () => {
	const [, , third, fourth] = await afterEach([...usual, { at: 2560, answeredAfterMs: 20 }]);
	// Of two in a second the older one rules.
	expect(third).toBe(1520 + 1035);
	expect(fourth).toBe(2040 + 1035);
});

it('does not rule anything before as many have left as the limit allows', async () => {
	// Half a second and a little: the pace alone.
	expect(await afterEach(usual.slice(0, 1))).toEqual([1517.5]);
});

it('takes a request for late whose answer took longer than others', async () => {
	const late = { at: 2560, answeredAfterMs: 90 };
	const after = await afterEach([...usual, late, { at: 3080, answeredAfterMs: 20 }]);
	expect(after.at(-1)).toBe(2560 + 1000 + 69 + 20);
});

it('does not take an answer that never came for a late request', async () => {
	const after = await afterEach([...usual, { at: 2560 }, { at: 3080, answeredAfterMs: 20 }]);
	expect(after.at(-1)).toBe(2560 + 1035);
});

it('bounds what an answer says', async () => {
	const slow = { at: 2560, answeredAfterMs: 600 };
	const after = await afterEach([...usual, slow, { at: 3170, answeredAfterMs: 20 }]);
	expect(after.at(-1)).toBe(2560 + 1000 + 100 + 20);
});

it('takes a request for late when this process was busy after it', async () => {
	const late = { at: 2560, busyMs: 60 };
	const after = await afterEach([...usual, late, { at: 3080, answeredAfterMs: 20 }]);
	expect(after.at(-1)).toBe(2560 + 1000 + 60 + 20);
});

it('takes the first request after a pause for late', async () => {
	const after = await afterEach([...usual, { at: 60_000 }, { at: 60_520, answeredAfterMs: 20 }]);
	expect(after.at(-1)).toBe(60_000 + 1000 + 100 + 20);
});

it.each([
	{ pauseS: 4, lateMs: 35 },
	{ pauseS: 6, lateMs: 100 + 20 },
])('a pause of $pauseS s leaves $lateMs ms', async ({ pauseS, lateMs }) => {
	const at = 2040 + pauseS * 1000;
	const after = await afterEach([...usual, { at }, { at: at + 520, answeredAfterMs: 20 }]);
	expect(after.at(-1)).toBe(at + 1000 + lateMs);
});

it('gets used to a slower network', async () => {
	const slower = Array.from({ length: 200 }, (_, index) => ({
		at: 2560 + 520 * index,
		answeredAfterMs: 110,
	}));
	const after = await afterEach([...usual, ...slower]);
	// Of the first it might be that they are late, of the last nobody thinks so any more.
	expect(after[5]! - slower[1]!.at).toBeGreaterThan(1035 + 50);
	expect(after.at(-1)! - slower.at(-2)!.at).toBe(1035);
});
