/**
 * As `Promise.all`, but it waits for the others when one fails: nothing goes on unseen beside what
 * comes next.
 *
 * @throws the first failure, by order
 */
export async function allDone<T extends readonly unknown[] | []>(promises: T) {
	await Promise.allSettled(promises);
	return await Promise.all(promises);
}
