import { runPool } from '../../../nodes/PicWish/schedule/itemPool';
import { HeldClock } from './heldClock';

const going = { stopped: false };

it('gives results in the order of the items, whatever the order of their ends', async () => {
	const clock = new HeldClock();
	const work = async (index: number) => {
		await clock.sleep(100 - index);
		return index;
	};
	const results = await clock.until(runPool(20, () => 7, work, going));
	expect(results).toEqual(Array.from({ length: 20 }, (_, index) => index));
});

it.each([1, 3, 8])('has %p items in hand at most, and that many', async (size) => {
	const clock = new HeldClock();
	let inHand = 0;
	let most = 0;
	const work = async () => {
		most = Math.max(most, ++inHand);
		await clock.sleep(10);
		inHand--;
	};
	await clock.until(runPool(30, () => size, work, going));
	expect(most).toBe(size);
});

it('follows a size that changes on the way', async () => {
	const clock = new HeldClock();
	const begun: number[] = [];
	const work = async () => {
		begun.push(clock.now());
		await clock.sleep(10);
	};
	await clock.until(runPool(9, () => (clock.now() < 10 ? 1 : 4), work, going));
	expect(begun).toEqual([0, 10, 10, 10, 10, 20, 20, 20, 20]);
});

it('begins nothing after a stop, and waits for what is in hand', async () => {
	const clock = new HeldClock();
	const stop = { stopped: false };
	const work = async (index: number) => {
		await clock.sleep(10);
		if (index === 4) stop.stopped = true;
		await clock.sleep(10);
		return index;
	};
	expect(await clock.until(runPool(100, () => 3, work, stop))).toEqual([0, 1, 2, 3, 4, 5]);
});

it('is done at once without items', async () => {
	const nothing = runPool(
		0,
		() => 4,
		async () => await Promise.resolve(1),
		going,
	);
	expect(await nothing).toEqual([]);
});
