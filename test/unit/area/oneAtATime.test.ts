import { giveBytes, oneAtATime, takeBytes } from '../../../nodes/PicWish/area/oneAtATime';

test('one after another, in order, whatever becomes of those before', async () => {
	const log: string[] = [];
	const work = (name: string) => async () => {
		log.push(`${name} begins`);
		for (let turn = 0; turn < 5; turn++) await Promise.resolve();
		log.push(`${name} ends`);
		if (name === 'b') throw new Error('b failed');
		return name;
	};
	const results = await Promise.allSettled(
		['a', 'b', 'c'].map(async (name) => await oneAtATime(work(name))),
	);

	expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
	expect(results).toMatchObject([
		{ value: 'a' },
		{ reason: { message: 'b failed' } },
		{ value: 'c' },
	]);
});

test('bytes go from one work to the next, emptied, and are let go when none waits', async () => {
	const taken: Uint8Array[] = [];
	const work = async () => {
		const bytes = takeBytes(10);
		expect([...bytes]).toEqual(new Array(10).fill(0));
		// In use now: a second taker gets others.
		expect(takeBytes(10)).not.toBe(bytes);
		bytes.fill(7);
		taken.push(bytes);
		giveBytes(bytes);
		await Promise.resolve();
	};
	await Promise.all([oneAtATime(work), oneAtATime(work), oneAtATime(work)]);
	await oneAtATime(work);

	expect(taken[1]).toBe(taken[0]);
	expect(taken[2]).toBe(taken[0]);
	expect(taken[3]).not.toBe(taken[0]);
});

test('bytes of another size are not handed on', async () => {
	const lengths: number[] = [];
	const work = (length: number) => async () => {
		const bytes = takeBytes(length);
		lengths.push(bytes.length);
		giveBytes(bytes);
		await Promise.resolve();
	};
	await Promise.all([20, 10, 30].map(async (length) => await oneAtATime(work(length))));

	expect(lengths).toEqual([20, 10, 30]);
});
