import {
	retryAfterMs,
	withRetries,
	type Failed,
	type Failure,
} from '../../nodes/PicWish/api/retry';
import { PicWishError } from '../../nodes/PicWish/errors';
import { Stop } from '../../nodes/PicWish/schedule/stop';
import { HeldClock } from './schedule/heldClock';

type Method = Parameters<typeof withRetries>[0];

const failed = (failure: Failure, delayMs?: number): Failed => ({
	failure,
	delayMs,
	error: new PicWishError({
		code: 'SERVER_ERROR',
		message: failure,
		description: '',
		retryable: true,
	}),
});

/** When something that fails in the same way each time is tried, ms. */
async function triedAt(
	method: Method,
	failure: Failed,
	{ deadlineMs = 1e9, lastsMs = 0 }: { deadlineMs?: number; lastsMs?: number } = {},
): Promise<number[]> {
	const clock = new HeldClock();
	const tried: number[] = [];
	const attempt = async () => {
		tried.push(clock.now());
		if (tried.length === 10) return { value: 'enough' };
		await clock.sleep(lastsMs);
		return failure;
	};
	const limits = { clock, deadline: () => deadlineMs, stop: new Stop(clock) };
	await clock.until(withRetries(method, attempt, limits).catch(() => undefined));
	return tried;
}

test.each<[Method, Failure, number]>([
	['create', 'notDelivered', Infinity],
	['create', 'rateLimited', Infinity],
	['create', 'unavailable', Infinity],
	['create', 'lost', 1],
	['create', 'serverError', 1],
	['create', 'unreadable', 1],
	['poll', 'lost', Infinity],
	['poll', 'serverError', Infinity],
	['poll', 'unreadable', 5],
	['poll', 'otherType', Infinity],
	['poll', 'unknownTask', 1],
	['poll', 'accountRefused', 1],
	['download', 'lost', Infinity],
	['download', 'unreadable', 3],
	['download', 'notStored', 3],
	['download', 'expired', 2],
	['download', 'refused', 1],
	['image', 'lost', 3],
	['image', 'serverError', 3],
	['image', 'refused', 1],
])('a %s that ends with %s is tried %d times', async (method, failure, times) => {
	expect(await triedAt(method, failed(failure))).toHaveLength(Math.min(10, times));
});

test('each way to fail is counted for itself', async () => {
	const clock = new HeldClock();
	const ways: Failure[] = ['expired', 'unreadable', 'lost', 'unreadable', 'expired', 'lost'];
	let tries = 0;
	const attempt = async () => await Promise.resolve(failed(ways[tries++] ?? 'lost'));
	const limits = { clock, deadline: () => 1e9, stop: new Stop(clock) };
	await expect(clock.until(withRetries('download', attempt, limits))).rejects.toThrow('expired');
	expect(tries).toBe(5);
});

test('delays double up to a quarter of a minute, half of each random', async () => {
	const tried = await triedAt('poll', failed('lost'));
	const delays = tried.slice(1).map((at, index) => at - (tried[index] ?? 0));
	const longest = [1000, 2000, 4000, 8000, 15_000, 15_000, 15_000, 15_000, 15_000];
	expect(delays).toHaveLength(longest.length);
	delays.forEach((delay, index) => {
		expect(delay).toBeGreaterThanOrEqual((longest[index] ?? 0) / 2);
		expect(delay).toBeLessThanOrEqual(longest[index] ?? 0);
	});
	expect(new Set(delays.slice(4)).size).toBeGreaterThan(1);
});

test('the delay before a try is cut at the deadline', async () => {
	const tried = await triedAt('poll', failed('unavailable', 60_000), { deadlineMs: 5000 });
	expect(tried).toEqual([0, 5000]);
});

test.each<[Method, number[]]>([
	['create', [0]],
	['poll', [0, 5000]],
])('a %s that lasts to the deadline is tried at %j', async (method, expected) => {
	const limits = { deadlineMs: 5000, lastsMs: 5000 };
	expect(await triedAt(method, failed('notDelivered', 0), limits)).toEqual(expected);
});

test('a run that is stopped tries nothing again', async () => {
	const clock = new HeldClock();
	const stop = new Stop(clock);
	let tries = 0;
	const attempt = async () =>
		await Promise.resolve(++tries < 10 ? failed('lost', 10_000) : { value: 'enough' });
	const work = withRetries('poll', attempt, { clock, deadline: () => 1e9, stop });
	void clock.sleep(1000).then(() => stop.stop(0));
	await expect(clock.until(work)).rejects.toMatchObject({ details: { code: 'CANCELED' } });
	expect(tries).toBe(1);
	expect(clock.now()).toBeLessThan(2000);
});

test.each<[unknown, number | undefined]>([
	['2', 2000],
	[' 0.5 ', 500],
	['0', 0],
	['-3', 0],
	['60', 60_000],
	['3600', 60_000],
	['Thu, 01 Jan 1970 00:00:07 GMT', 2000],
	['Thu, 01 Jan 1970 00:00:01 GMT', 0],
	['soon', undefined],
	['Infinity', undefined],
	[' ', undefined],
	[undefined, undefined],
	[2, undefined],
])('Retry-After: %j is %d ms', (header, expected) => {
	expect(retryAfterMs(header, 5000)).toBe(expected);
});
