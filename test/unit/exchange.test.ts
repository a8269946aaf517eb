import { Exchange, type Task } from '../../nodes/PicWish/api/exchange';
import type { Http, NoReply } from '../../nodes/PicWish/api/http';
import { Stop } from '../../nodes/PicWish/schedule/stop';
import { HeldClock } from './schedule/heldClock';

const slot = { answered() {}, accepted() {}, refused() {}, lost() {} };

/** When a create that is never answered is given up, ms. */
async function givenUpAt(deadline: number, maxWaitMs: number): Promise<number> {
	const clock = new HeldClock();
	const silent = async ({ signal }: { signal: AbortSignal }) =>
		await new Promise<NoReply>((resolve) =>
			signal.addEventListener('abort', () =>
				resolve({ status: undefined, reason: 'lost', cause: '' } as NoReply),
			),
		);
	const http = { api: silent } as unknown as Http;
	const exchange = new Exchange(http, clock, new Stop(clock));
	const task: Task = {
		kind: 'removeWatermark',
		order: 0,
		pollIntervalMs: 1000,
		maxWaitMs,
		deadline,
	};
	const order = {
		image: 'https://example.com/a.jpg',
		sync: false,
		base64: false,
	} as const;
	await clock.until(exchange.create(order, task, slot));
	return clock.now();
}

it.each([
	['after a minute of silence', 300_000, 300_000, 60_000],
	['at its deadline', 30_000, 30_000, 30_000],
	['not half-way when it began just before its deadline', 1000, 20_000, 20_000],
])('a create without an answer is given up %s', async (_, deadline, maxWaitMs, expected) => {
	expect(await givenUpAt(deadline, maxWaitMs)).toBe(expected);
});
