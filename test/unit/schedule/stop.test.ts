import { sleepUntil } from '../../../nodes/PicWish/schedule/clock';
import { Stop } from '../../../nodes/PicWish/schedule/stop';
import { HeldClock } from './heldClock';

it('tells nothing to who listens no longer', () => {
	const stop = new Stop(new HeldClock());
	let heard = 0;
	stop.onStop(() => heard++);
	stop.onStop(() => heard++)();
	stop.stop(0);
	expect(heard).toBe(1);
});

it('keeps no listener of a request that is over', async () => {
	const clock = new HeldClock();
	const stop = new Stop(clock);
	let asked = 0;
	const mayFinish = () => {
		asked++;
		return false;
	};
	stop.forRequest(mayFinish).over();
	const { signal } = stop.forRequest(mayFinish);
	stop.stop(500);
	await clock.pass(1);
	expect(signal.aborted).toBe(true);
	expect(asked).toBe(1);
});

it('gives a request that may finish its grace, and no more', async () => {
	const clock = new HeldClock();
	const stop = new Stop(clock);
	const { signal } = stop.forRequest(() => true);
	stop.stop(500);
	await clock.pass(499);
	expect(signal.aborted).toBe(false);
	await clock.pass(2);
	expect(signal.aborted).toBe(true);
});

it('looks every quarter of a second whether a wait is over', async () => {
	const clock = new HeldClock();
	let asked = 0;
	const over = () => ++asked > 3;
	await clock.until(sleepUntil(clock, 60_000, over));
	expect(clock.now()).toBe(750);
});
