// A download under way: counted, watched, and looked into.

import type { ByteStream } from './http';
import type { Clock } from '../schedule/clock';
import { joined } from './picture';
import { TASKS } from './tasks';
import { watch } from './watch';

/** A transfer on which nothing moves for so long is given up… */
export const SILENCE_MS = 30_000;
/** …and one that drips, after so long: 400 MB at 5 Mbit/s. */
const LONGEST_MS = 10 * 60 * 1000;
/** No result is larger: the widest and highest picture that PicWish takes, with four bytes a pixel. */
export const LARGEST_BYTES = TASKS.removeWatermark.maxPixels ** 2 * 4;
export const TOO_LARGE = `it is larger than ${LARGEST_BYTES / 1e6} MB`;
/** What telling formats apart needs. */
const HEAD_BYTES = 1024;

/**
 * The stream, counted on its way, and broken off when nothing moves or too much comes. Broken off at the
 * socket, and told at once: n8n's streams do not end while they wait for their next bytes.
 */
export function watched({ body, abort }: { body: ByteStream; abort: () => void }, clock: Clock) {
	const startedAt = clock.now();
	let received = 0;
	let movedAt = startedAt;
	let ended = false;
	let reject: (reason: Error) => void = () => {};
	const broken = new Promise<never>((_, rejectBroken) => (reject = rejectBroken));
	broken.catch(() => {});
	let sourceError: Error | undefined;
	const breakOff = (why: string) => {
		sourceError = new Error(why);
		reject(sourceError);
		abort();
	};
	const stream: ByteStream = body.map((chunk: Uint8Array) => {
		received += chunk.length;
		movedAt = clock.now();
		if (received > LARGEST_BYTES) breakOff(TOO_LARGE);
		return chunk;
	});
	stream.on('error', () => {});
	body.on('error', (error: Error) => (sourceError ??= error));
	// From then on it is the store that takes its time.
	stream.on('end', () => (ended = true));
	const giveUpAt = () => Math.min(startedAt + LONGEST_MS, ended ? Infinity : movedAt + SILENCE_MS);
	const finish = watch(clock, giveUpAt, () => {
		const isSilent = clock.now() - movedAt >= SILENCE_MS;
		breakOff(isSilent ? `nothing arrived for ${SILENCE_MS / 1000} seconds` : 'it took too long');
	});
	/** Whether what its reader threw came out of the stream, and is not the reader's own. */
	const isFromSource = (thrown: unknown) =>
		sourceError !== undefined && String(thrown).includes(sourceError.message);
	return { stream, broken, received: () => received, isFromSource, finish };
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
	const head = joined(chunks);
	if (length < HEAD_BYTES) return { head, ended: true };
	stream.unshift(head);
	return { head, ended: false };
}
