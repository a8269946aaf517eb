import { PicWishClient, type Patience } from '../../../nodes/PicWish/api/client';
import type { TaskOrder } from '../../../nodes/PicWish/api/order';
import type { TaskType } from '../../../nodes/PicWish/api/tasks';
import type { Account } from '../../../nodes/PicWish/schedule/account';
import { runPool } from '../../../nodes/PicWish/schedule/itemPool';
import { Stop } from '../../../nodes/PicWish/schedule/stop';
import type { HeldClock } from './heldClock';
import type { SimulatedApi } from './simulatedApi';

interface BatchSettings {
	count: number;
	sync?: boolean;
	/** Shared with other batches of the same process. */
	account: Account;
	requestsPerSecond?: number;
	/** Its name in the API's log. */
	process?: string;
	patience?: Patience;
	/** Of the n-th item. */
	taskType?: (n: number) => TaskType;
	/** Tasks that exist already: they are only fetched. */
	taskIds?: string[];
	/** Called with the time, whenever an item is finished. */
	onDone?: (n: number, error?: unknown) => void;
}

/** `count` images through the real client and schedule. Gives the makespan in ms. */
export async function runBatch(
	api: SimulatedApi,
	clock: HeldClock,
	{
		count,
		sync = false,
		account,
		requestsPerSecond = 2,
		process,
		patience = { pollIntervalMs: 1000, maxWaitMs: 300_000 },
		taskType = () => 'removeWatermark',
		taskIds = [],
		onDone = () => {},
	}: BatchSettings,
): Promise<number> {
	const stop = new Stop(clock);
	const client = new PicWishClient(api.http(process), account, stop, requestsPerSecond);
	const order: TaskOrder = { image: 'https://example.com/a.jpg', sync, base64: false };
	const begun = clock.now();
	const work = async (n: number) => {
		const taskId = taskIds[n];
		const known = taskId === undefined ? undefined : { taskId };
		const task = client.task(taskType(n), n, patience, known);
		try {
			const { report } = known ? { report: undefined } : await client.submit(order, task);
			if (report?.status !== 'completed') await client.waitFor(task);
			onDone(n);
		} catch (error) {
			onDone(n, error);
		}
		client.release(task);
	};
	await runPool(count, account.itemsInHand, work, stop);
	client.close();
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
