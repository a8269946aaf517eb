import type { ByteStream } from '../http';
import type { Clock } from '../schedule/requestBudget';

/** A transfer on which nothing moves for so long is given up. */
export const SILENCE_MS = 30_000;
/** How often that is looked at. */
const WATCH_MS = 250;
/** No result is that large: sources end at 50 MB. */
export const LARGEST_BYTES = 200 * 1024 * 1024;
export const TOO_LARGE = 'it is larger than 200 MB';
/** What telling formats apart needs. */
const HEAD_BYTES = 1024;

/**
 * The stream, counted on its way, and broken off when nothing moves or too much comes. Broken off at the
 * socket, and told at once: n8n's streams do not end while they wait for their next bytes.
 */
export function watched({ body, abort }: { body: ByteStream; abort: () => void }, clock: Clock) {
	let received = 0;
	let movedAt = clock.now();
	let finished = false;
	let reject: (reason: Error) => void = () => {};
	const broken = new Promise<never>((_, rejectBroken) => (reject = rejectBroken));
	broken.catch(() => {});
	const breakOff = (why: string) => {
		reject(new Error(why));
		abort();
	};
	const stream: ByteStream = body.map((chunk: Uint8Array) => {
		received += chunk.length;
		movedAt = clock.now();
		if (received > LARGEST_BYTES) breakOff(TOO_LARGE);
		return chunk;
	});
	stream.on('error', () => {});
	void (async () => {
		while (!finished) {
			await clock.sleep(WATCH_MS);
			if (!finished && clock.now() - movedAt > SILENCE_MS) {
				breakOff(`nothing arrived for ${SILENCE_MS / 1000} seconds`);
				return;
			}
		}
	})();
	return { stream, broken, received: () => received, finish: () => (finished = true) };
}

/** Looks at the first bytes and puts them back; of a short body all bytes are the head. */
export async function peek(stream: ByteStream): Promise<{ head: Buffer; ended: boolean }> {
	const chunks: Uint8Array[] = [];
	let length = 0;
	for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
		chunks.push(chunk);
		length += chunk.length;
		if (length >= HEAD_BYTES) break;
	}
	const head = Buffer.concat(chunks);
	if (length < HEAD_BYTES) return { head, ended: true };
	stream.unshift(head);
	return { head, ended: false };
}
