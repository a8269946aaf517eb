/**
 * Works through `count` items with a bounded number in hand, and gives their results in order.
 *
 * @param size how many may be in hand now; asked whenever an item is finished
 * @param work must not throw: a failed item is a result too
 * @param stop when stopped, no further item is begun; those in hand are waited for
 * @returns one result per begun item, at the item's index
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
