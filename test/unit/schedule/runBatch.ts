import { PicWishClient, type Patience } from '../../../nodes/PicWish/api/client';
import type { TaskOrder } from '../../../nodes/PicWish/api/order';
import { Account } from '../../../nodes/PicWish/schedule/account';
import { runWindow } from '../../../nodes/PicWish/schedule/taskWindow';
import { Stop } from '../../../nodes/PicWish/schedule/stop';
import type { HeldClock } from './heldClock';
import type { SimulatedApi } from './simulatedApi';

interface BatchSettings {
	count: number;
	sync?: boolean;
	/** Shared with other batches of the same process. */
	account: Account;
	/** Its name in the API's log. */
	process?: string;
	patience?: Patience;
}

/** `count` images through the real client and schedule. Gives the makespan in ms. */
export async function runBatch(
	api: SimulatedApi,
	clock: HeldClock,
	{
		count,
		sync = false,
		account,
		process,
		patience = { pollIntervalMs: 1000, maxWaitMs: 300_000 },
	}: BatchSettings,
): Promise<number> {
	const stop = new Stop();
	const client = new PicWishClient(api.http(process), account, stop);
	const order: TaskOrder = {
		taskType: 'removeWatermark',
		source: 'https://example.com/a.jpg',
		sync,
		base64: false,
	};
	const begun = clock.now();
	const work = async () => {
		const task = client.task('removeWatermark', patience);
		const { report } = await client.submit(order, task, clock.now());
		if (report?.status !== 'completed') await client.waitFor(task);
		client.release(task);
	};
	await runWindow(count, account.itemsInHand, work, stop);
	return clock.now() - begun;
}

/** Numbers between 0 and 1, the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
}
