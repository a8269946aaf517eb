/**
 * Works through `count` items with a bounded number in hand, and gives their results in order.
 *
 * @param size how many may be in hand now; asked whenever an item is finished
 * @param work must not throw: an unsuccessful item is a result too
 * @param stop when stopped, no further item is begun; those in hand are waited for
 * @returns one result per begun item, at the item's index
 */
export async function runWindow<T>(
	count: number,
	size: () => number,
	work: (index: number) => Promise<T>,
	stop: { readonly stopped: boolean },
): Promise<T[]> {
	const results: T[] = [];
	const inHand = new Set<Promise<void>>();
	let next = 0;
	while (next < count || inHand.size > 0) {
		while (next < count && !stop.stopped && inHand.size < Math.max(1, size())) {
			const index = next++;
			const item: Promise<void> = work(index).then((result) => {
				results[index] = result;
				inHand.delete(item);
			});
			inHand.add(item);
		}
		if (inHand.size === 0) break;
		await Promise.race(inHand);
	}
	return results;
}
