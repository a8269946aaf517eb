// A queue for work on masks, which have up to 16 million pixels: one call at a time per process.

let queue: Promise<unknown> = Promise.resolve();
/** Calls running or queued. */
let pending = 0;
/** A buffer that the previous call handed on. */
let spare: Uint8Array | undefined;

/**
 * Runs `work` after all earlier calls have finished. Ten masks at once would take ten bitmaps of
 * 16 MB, so one call must cover everything from the first byte of a mask to its compressed file.
 * `work` must not call this function itself: that is a deadlock.
 */
export async function oneAtATime<T>(work: () => Promise<T>): Promise<T> {
	pending++;
	const result = queue.then(work).finally(() => {
		pending--;
		if (pending === 0) spare = undefined;
	});
	// A failed call must not stop the queue.
	queue = result.catch(() => undefined);
	return await result;
}

/** `length` bytes, all 0. */
export function takeBytes(length: number): Uint8Array {
	if (spare === undefined || spare.length !== length) return new Uint8Array(length);
	const taken = spare.fill(0);
	spare = undefined;
	return taken;
}

/**
 * Hands bytes on to the next call in the queue, because the garbage collector frees them late. The
 * caller must not use them afterwards.
 */
export function giveBytes(bytes: Uint8Array): void {
	spare = bytes;
}
