/* eslint-disable @n8n/community-nodes/no-restricted-globals -- test code, runs on a developer's machine */
import { Gate } from '../../nodes/PicWish/schedule/gate';

/** Lets all reactions happen that are due. */
const settle = async () => await new Promise((resolve) => setImmediate(resolve));

function enterAll(gate: Gate, count: number) {
	const entered: number[] = [];
	const leave: Array<() => void> = [];
	for (let index = 0; index < count; index++) {
		void gate.enter().then((out) => {
			entered.push(index);
			leave[index] = out;
		});
	}
	return { entered, leave: (index: number) => leave[index]?.() };
}

test('so many are let in, the others in order as places come free', async () => {
	const { entered, leave } = enterAll(new Gate(2), 5);
	await settle();
	expect(entered).toEqual([0, 1]);
	leave(1);
	await settle();
	expect(entered).toEqual([0, 1, 2]);
	leave(0);
	leave(2);
	await settle();
	expect(entered).toEqual([0, 1, 2, 3, 4]);
});

test('one who leaves twice frees one place', async () => {
	const { entered, leave } = enterAll(new Gate(1), 3);
	await settle();
	leave(0);
	leave(0);
	await settle();
	expect(entered).toEqual([0, 1]);
});

test('a wider gate lets the waiting in at once', async () => {
	const gate = new Gate(1);
	const { entered } = enterAll(gate, 4);
	await settle();
	gate.widen(3);
	await settle();
	expect(entered).toEqual([0, 1, 2]);
});
