/* eslint-disable @n8n/community-nodes/no-restricted-globals -- test code, runs on a developer's machine */
import type { Clock } from '../../../nodes/PicWish/schedule/clock';

/** A clock that stands still until it is moved: it jumps from timer to timer, so hours take moments. */
export class HeldClock implements Clock {
	private time = 0;

	/** @param lateMs by how much the next timer fires late; default never */
	constructor(private readonly lateMs: () => number = () => 0) {}

	private timers: Array<{ at: number; ring: () => void }> = [];

	now(): number {
		return this.time;
	}

	async sleep(ms: number): Promise<void> {
		await new Promise<void>((ring) =>
			this.timers.push({ at: this.time + Math.max(0, ms) + this.lateMs(), ring }),
		);
	}

	/** Moves on until the promise is settled. */
	async until<T>(promise: Promise<T>): Promise<T> {
		let settled = false;
		const watched = promise.finally(() => (settled = true));
		watched.catch(() => {});
		for (;;) {
			await allReactions();
			if (settled) return await watched;
			if (this.timers.length === 0) throw new Error('Nothing is left to wait for');
			this.ringNext();
		}
	}

	/** The process stands still for so long: all timers of that time fire at its end. */
	standStill(ms: number): void {
		this.time += ms;
	}

	/** Moves on by so many milliseconds. */
	async pass(ms: number): Promise<void> {
		const end = this.time + ms;
		await allReactions();
		while (this.timers.some(({ at }) => at <= end)) {
			this.ringNext();
			await allReactions();
		}
		this.time = end;
	}

	private ringNext(): void {
		const at = Math.min(...this.timers.map((timer) => timer.at));
		const due = this.timers.filter((timer) => timer.at === at);
		this.timers = this.timers.filter((timer) => timer.at !== at);
		this.time = Math.max(this.time, at);
		due.forEach(({ ring }) => ring());
	}
}

/** Lets everything happen that needs no time. */
async function allReactions(): Promise<void> {
	await new Promise((resolve) => setImmediate(resolve));
}
