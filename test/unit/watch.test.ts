import { watch } from '../../nodes/PicWish/api/watch';
import { HeldClock } from './schedule/heldClock';

it('gives a request up within a quarter of a second', async () => {
	const clock = new HeldClock();
	const givenUpAt: number[] = [];
	watch(
		clock,
		() => 1010,
		() => givenUpAt.push(clock.now()),
	);
	await clock.pass(5000);
	expect(givenUpAt).toEqual([1250]);
});

it('leaves a request alone that is over', async () => {
	const clock = new HeldClock();
	let givenUp = false;
	const over = watch(
		clock,
		() => 1000,
		() => (givenUp = true),
	);
	await clock.pass(600);
	over();
	await clock.pass(5000);
	expect(givenUp).toBe(false);
});
