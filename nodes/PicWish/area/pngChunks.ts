// Streams the chunks of a PNG file that define its pixels.

import { invalidInput, type PicWishError } from '../errors';
import { crc32 } from './crc32';

/** The first bytes of every PNG file. */
export const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

/** The chunks that define pixels; all others are skipped (text, profiles, frames of an animation). */
type ChunkType = 'IHDR' | 'PLTE' | 'tRNS' | 'IDAT';

/** Maximum length by the PNG specification; pixel data has no limit and is streamed. */
const MOST_BYTES: Record<ChunkType, number> = { IHDR: 13, PLTE: 768, tRNS: 256, IDAT: Infinity };

/** Keeps each checksum calculation below a millisecond. */
const MOST_AT_ONCE = 65_536;

export interface Chunk {
	type: ChunkType;
	/** The whole chunk; for IDAT the next piece of it. */
	data: Uint8Array;
}

/** @param name the field and the file, as the user knows them */
export function damaged(name: string, what: string): PicWishError {
	return invalidInput(
		`${name} is a damaged PNG: ${what}`,
		'Export the file as PNG again, or pass it through the Edit Image node.',
	);
}

const cutShort = (name: string) => damaged(name, 'it ends before its end mark');

/**
 * Yields the chunks that define pixels, up to IEND, and verifies their checksums.
 *
 * @param name the field and the file, for messages
 * @throws PicWishError INVALID_INPUT if the file is no PNG, damaged or unreadable
 */
export async function* readChunks(
	source: AsyncIterable<Uint8Array>,
	name: string,
): AsyncGenerator<Chunk> {
	const file = new Bytes(source, name);
	try {
		const signature = await file.take(SIGNATURE.length);
		if (!signature?.equals(SIGNATURE)) {
			throw invalidInput(
				`${name} is not a PNG file`,
				'Convert it to PNG, for example with the Edit Image node.',
			);
		}
		for (;;) {
			const head = await file.take(8);
			if (!head) throw cutShort(name);
			const length = head.readUInt32BE(0);
			const type = head.toString('latin1', 4);
			if (type === 'IEND') return;
			if (!isNeeded(type)) {
				await file.skip(length + 4);
				continue;
			}
			if (length > MOST_BYTES[type]) throw damaged(name, `its ${type} chunk is too long`);
			let crc = crc32(head.subarray(4));
			if (type === 'IDAT') {
				for (let left = length; left > 0; ) {
					const data = await file.some(Math.min(left, MOST_AT_ONCE));
					if (!data) throw cutShort(name);
					left -= data.length;
					crc = crc32(data, crc);
					yield { type, data };
				}
			} else {
				const data = await file.take(length);
				if (!data) throw cutShort(name);
				crc = crc32(data, crc);
				yield { type, data };
			}
			const expected = await file.take(4);
			if (!expected) throw cutShort(name);
			if (expected.readUInt32BE(0) !== crc) {
				throw damaged(name, `the checksum of its ${type} chunk is wrong`);
			}
		}
	} finally {
		await file.close();
	}
}

function isNeeded(type: string): type is ChunkType {
	return Object.hasOwn(MOST_BYTES, type);
}

/** Reads a given number of bytes from chunks of any size. */
class Bytes {
	private readonly iterator: AsyncIterator<Uint8Array>;
	private chunk: Uint8Array = Buffer.alloc(0);

	constructor(
		source: AsyncIterable<Uint8Array>,
		private readonly name: string,
	) {
		this.iterator = source[Symbol.asyncIterator]();
	}

	/** At most `most` bytes, not copied; undefined at the end of the file. */
	async some(most: number): Promise<Uint8Array | undefined> {
		while (this.chunk.length === 0) {
			const next = await this.iterator.next().catch((error: unknown) => ({ error }));
			if ('error' in next) {
				const reason = next.error instanceof Error ? next.error.message : String(next.error);
				throw invalidInput(
					`${this.name} could not be read${reason ? ` (${reason})` : ''}`,
					'Check that the file is still in the storage for binary data of n8n, then run the workflow again.',
				);
			}
			if (next.done) return undefined;
			this.chunk = next.value;
		}
		const taken = this.chunk.subarray(0, most);
		this.chunk = this.chunk.subarray(taken.length);
		return taken;
	}

	/** Exactly `length` bytes; undefined if the file is shorter. */
	async take(length: number): Promise<Buffer | undefined> {
		const taken = Buffer.alloc(length);
		for (let filled = 0; filled < length; ) {
			const some = await this.some(length - filled);
			if (!some) return undefined;
			taken.set(some, filled);
			filled += some.length;
		}
		return taken;
	}

	/** Skips `length` bytes; if the file is shorter, the next read reports it. */
	async skip(length: number): Promise<void> {
		for (let left = length; left > 0; ) {
			const some = await this.some(left);
			if (!some) return;
			left -= some.length;
		}
	}

	/** Closes a stream that was not read to its end. */
	async close(): Promise<void> {
		await this.iterator.return?.().catch(() => undefined);
	}
}
