// A download in progress: limited in size and time, with its first bytes checked.

import type { Opened } from './address';
import type { ByteStream } from './http';
import type { Clock } from '../schedule/clock';
import { joined } from '../picture/picture';
import { watch } from './watch';

/** A transfer is aborted if no byte arrives for this long. */
export const SILENCE_MS = 30_000;
/** Enough to recognize any format. */
const HEAD_BYTES = 1024;

type Incoming = Pick<Opened, 'body' | 'close'>;

interface Limits {
	mostBytes: number;
	longestMs: number;
}

/**
 * Streams a body to `store`, so that it is never held in memory as a whole. Always closes the socket.
 *
 * @param announced the length that the server announced, in bytes; undefined if none
 * @param check gets the first bytes; throws to refuse the body
 * @param store gets the stream and the value of `check`
 */
export async function receive<C, T>(
	incoming: Incoming,
	{ clock, announced = 0, ...limits }: Limits & { clock: Clock; announced: number | undefined },
	check: (head: Buffer) => C,
	store: (body: ByteStream | Buffer, checked: C) => Promise<T>,
): Promise<{ value: T } | { why: 'refused' | 'tooLarge' | 'lost' | 'notStored'; error: unknown }> {
	const transfer = watched(incoming, clock, limits);
	let step: 'lost' | 'refused' | 'notStored' = 'lost';
	const isTooLarge = () => Math.max(announced, transfer.received()) > limits.mostBytes;
	const read = async () => {
		if (isTooLarge()) throw new Error('it is too large');
		const head = await peek(transfer.stream);
		step = 'refused';
		const checked = check(head);
		step = 'notStored';
		const value = await store(head.length < HEAD_BYTES ? head : transfer.stream, checked);
		step = 'lost';
		// More than announced is fine: some hosts compress although they were asked not to.
		if (transfer.received() < announced) throw new Error('the image is incomplete');
		return { value };
	};
	try {
		return await Promise.race([read(), transfer.broken]);
	} catch (error) {
		if (isTooLarge()) return { why: 'tooLarge', error };
		return { why: transfer.isFromSource(error) ? 'lost' : step, error };
	} finally {
		transfer.finish();
		incoming.close();
	}
}

/**
 * The body as a stream that is aborted if it stalls, takes too long or grows too large. `broken` then
 * rejects at once and the socket is closed, because n8n's streams do not end while they wait for bytes.
 */
export function watched({ body, close }: Incoming, clock: Clock, { mostBytes, longestMs }: Limits) {
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
		close();
	};
	const stream: ByteStream = body.map((chunk: Uint8Array) => {
		received += chunk.length;
		movedAt = clock.now();
		if (received > mostBytes) breakOff('it is too large');
		return chunk;
	});
	stream.on('error', () => {});
	body.on('error', (error: Error) => (sourceError ??= error));
	// After the end only the store can be slow.
	stream.on('end', () => (ended = true));
	const giveUpAt = () => Math.min(startedAt + longestMs, ended ? Infinity : movedAt + SILENCE_MS);
	const finish = watch(clock, giveUpAt, () => {
		const isSilent = clock.now() - movedAt >= SILENCE_MS;
		breakOff(isSilent ? `nothing arrived for ${SILENCE_MS / 1000} seconds` : 'it took too long');
	});
	/** Whether an error thrown by the reader came from the stream. */
	const isFromSource = (thrown: unknown) =>
		sourceError !== undefined && String(thrown).includes(sourceError.message);
	return { stream, broken, received: () => received, isFromSource, finish };
}

/** Reads the first bytes, and puts them back if more may follow: fewer than `HEAD_BYTES` are the whole body. */
async function peek(stream: ByteStream): Promise<Buffer> {
	const chunks: Uint8Array[] = [];
	let length = 0;
	for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
		chunks.push(chunk);
		length += chunk.length;
		if (length >= HEAD_BYTES) break;
	}
	const head = joined(chunks);
	if (length >= HEAD_BYTES) stream.unshift(head);
	return head;
}
