import type { SandboxLog } from '../sandbox/process';
import { REQUESTS_PER_SECOND } from './setting';

/** Creates and queries: what the request limit counts. */
export function countPaced({ requests }: SandboxLog): number {
	return requests.filter(({ kind }) => kind === 'create' || kind === 'query').length;
}

export function count429({ requests }: SandboxLog): number {
	return requests.filter(({ status }) => status === 429).length;
}

/** When a 429 came, in words: jitter on the way looks different from sending too much. */
export function describe429({ requests }: SandboxLog): string[] {
	const paced = requests.filter(({ kind }) => kind === 'create' || kind === 'query');
	const [first] = paced;
	const accepted: number[] = [];
	return paced.flatMap(({ kind, at, status }) => {
		if (status !== 429) {
			accepted.push(at);
			return [];
		}
		const opened = accepted.at(-REQUESTS_PER_SECOND) ?? NaN;
		const afterStart = ((at - (first?.at ?? at)) / 1000).toFixed(1);
		const afterOpened = Math.round(at - opened);
		return [`429 to a ${kind} at ${afterStart} s, ${afterOpened} ms after the one that counts`];
	});
}

/**
 * The least time for a batch of creates and polls: the last of two requests an image cannot leave
 * earlier, and the last image's task follows the last create.
 *
 * @param taskMs mean processing time
 */
export function asyncBoundMs(images: number, requestsPerSecond: number, taskMs: number): number {
	const intervalMs = 1000 / requestsPerSecond;
	return Math.max((2 * images - 1) * intervalMs, images * intervalMs + taskMs);
}

/**
 * The least time for a batch whose tasks differ: all its requests at the given pace, or the create of
 * one of its tasks at that pace and then the task, whichever is longer.
 */
export function mixedBoundMs({ tasks }: SandboxLog, requestsPerSecond: number): number {
	const intervalMs = 1000 / requestsPerSecond;
	const ends = tasks.map(({ createdAt, doneAt }, index) => index * intervalMs + doneAt - createdAt);
	return Math.max((2 * tasks.length - 1) * intervalMs, ...ends);
}

/** The same for one request an image. */
export function syncBoundMs(images: number, requestsPerSecond: number, taskMs: number): number {
	return ((images - 1) * 1000) / requestsPerSecond + taskMs;
}
