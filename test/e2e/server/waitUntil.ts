import { sleep } from 'n8n-workflow';

interface WaitOptions {
	timeoutMs: number;
	/** Default 250. */
	everyMs?: number;
}

/**
 * Asks until the answer is something.
 *
 * @param what for the message, e.g. "n8n to answer"
 * @throws Error when the time is over
 */
export async function waitUntil<T>(
	what: string,
	ask: () => Promise<T | undefined>,
	{ timeoutMs, everyMs = 250 }: WaitOptions,
): Promise<T> {
	const end = Date.now() + timeoutMs;
	for (;;) {
		const answer = await ask();
		if (answer !== undefined) return answer;
		if (Date.now() >= end) throw new Error(`Waited ${timeoutMs / 1000} s for ${what}`);
		await sleep(everyMs);
	}
}
