import { Exchange, type Task } from '../../nodes/PicWish/api/exchange';
import type { Http, NoReply } from '../../nodes/PicWish/api/http';
import { Stop } from '../../nodes/PicWish/schedule/stop';
import { HeldClock } from './schedule/heldClock';

const order = { image: 'https://example.com/a.jpg', sync: false, base64: false } as const;
const task: Task = {
	kind: 'removeWatermark',
	order: 0,
	pollIntervalMs: 1000,
	maxWaitMs: 300_000,
	deadline: 300_000,
};

/** A slot that writes down what it is told. */
function heard() {
	const told: string[] = [];
	const tell = (what: string) => () => void told.push(what);
	const slot = {
		answered: tell('answered'),
		accepted: tell('accepted'),
		refused: tell('refused'),
		lost: tell('lost'),
	};
	return { slot, told };
}

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
	await clock.until(exchange.create(order, { ...task, maxWaitMs, deadline }, heard().slot));
	return clock.now();
}

it.each([
	['after a minute of silence', 300_000, 300_000, 60_000],
	['at its deadline', 30_000, 30_000, 30_000],
	['not half-way when it began just before its deadline', 1000, 20_000, 20_000],
])('a create without an answer is given up %s', async (_, deadline, maxWaitMs, expected) => {
	expect(await givenUpAt(deadline, maxWaitMs)).toBe(expected);
});

describe('the time of an answer is learned', () => {
	const done = { status: 200, data: { task_id: 'a', state: 1, file: 'https://example.com/b.jpg' } };
	const answer = { status: 200, headers: {}, body: done };
	const none: NoReply = { status: undefined, reason: 'notDelivered', cause: 'ECONNREFUSED' };

	it.each([
		['a poll that is answered', 'poll', answer, false, ['answered', 'accepted']],
		['a create that is answered', 'create', answer, false, ['answered', 'accepted']],
		['no create that waits for its task', 'create', answer, true, ['accepted']],
		// A connection that is refused takes less time than any answer.
		['no poll without an answer', 'poll', none, false, ['lost']],
		['no create without an answer', 'create', none, false, ['lost']],
	] as const)('from %s', async (_, method, reply, sync, expected) => {
		const clock = new HeldClock();
		const http = { api: async () => await Promise.resolve(reply) } as unknown as Http;
		const exchange = new Exchange(http, clock, new Stop(clock));
		const { slot, told } = heard();
		if (method === 'poll') await clock.until(exchange.poll({ ...task, taskId: 'a' }, slot));
		else await clock.until(exchange.create({ ...order, sync }, { ...task }, slot));
		expect(told).toEqual(expected);
	});
});
