/**
 * Processes `count` items with bounded concurrency.
 *
 * @param size how many items may be in progress; read again after each item
 * @param work must not throw: a failed item is a result too
 * @param stop once stopped, no further item starts; items in progress are awaited
 * @returns one result per started item, at the item's index
 */
export async function runPool<T>(
	count: number,
	size: () => number,
	work: (index: number) => Promise<T>,
	stop: { readonly stopped: boolean },
): Promise<T[]> {
	const results: T[] = [];
	let next = 0;
	let inHand = 0;
	return await new Promise<T[]>((resolve) => {
		const finish = (index: number, result: T) => {
			results[index] = result;
			inHand--;
			fill();
		};
		const fill = () => {
			while (next < count && !stop.stopped && inHand < Math.max(1, size())) {
				const index = next++;
				inHand++;
				void work(index).then((result) => finish(index, result));
			}
			if (inHand === 0) resolve(results);
		};
		fill();
	});
}
