// Streams the chunks of a PNG file that define its pixels.

import { invalidInput, type PicWishError } from '../errors';
import { ByteReader } from '../picture/byteReader';
import { messageOf } from '../untrusted';
import { crc32 } from './crc32';

/** The first bytes of every PNG file. */
export const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

/**
 * The chunks that define pixels: their maximum length by the PNG specification. Pixel data has no limit.
 * All other chunks are skipped (text, profiles, frames of an animation).
 */
const MOST_BYTES = new Map(Object.entries({ IHDR: 13, PLTE: 768, tRNS: 256, IDAT: Infinity }));

/** Keeps each checksum calculation below a millisecond. */
const MOST_AT_ONCE = 65_536;

export function damaged(name: string, what: string): PicWishError {
	return invalidInput(
		`${name} is a damaged PNG: ${what}`,
		'Export the file as PNG again, or pass it through the Edit Image node.',
	);
}

const cutShort = (name: string) => damaged(name, 'it ends before its end mark');

/**
 * Yields the chunks that define pixels, up to IEND, and verifies their checksums. IDAT chunks come in
 * pieces, all others whole.
 *
 * @param name the field and the file, for messages
 * @throws PicWishError INVALID_INPUT if the file is no PNG, damaged or unreadable
 */
export async function* readChunks(source: AsyncIterable<Uint8Array>, name: string) {
	const file = new ByteReader(readable(source, name));
	const some = async (most: number) => {
		const bytes = await file.some(most);
		if (!bytes) throw cutShort(name);
		return bytes;
	};
	const whole = async (length: number) => {
		const bytes = Buffer.alloc(length);
		if (!(await file.fill(bytes))) throw cutShort(name);
		return bytes;
	};
	try {
		const signature = Buffer.alloc(SIGNATURE.length);
		await file.fill(signature);
		if (!signature.equals(SIGNATURE)) {
			throw invalidInput(
				`${name} is not a PNG file`,
				'Convert it to PNG, for example with the Edit Image node.',
			);
		}
		for (;;) {
			const head = await whole(8);
			const length = head.readUInt32BE(0);
			const type = head.toString('latin1', 4);
			if (type === 'IEND') return;
			const mostBytes = MOST_BYTES.get(type);
			if (mostBytes === undefined) {
				for (let left = length + 4; left > 0; ) left -= (await some(left)).length;
				continue;
			}
			if (length > mostBytes) throw damaged(name, `its ${type} chunk is too long`);
			let crc = crc32(head.subarray(4));
			if (type === 'IDAT') {
				for (let left = length; left > 0; ) {
					const data = await some(Math.min(left, MOST_AT_ONCE));
					left -= data.length;
					crc = crc32(data, crc);
					yield { type, data };
				}
			} else {
				const data = await whole(length);
				crc = crc32(data, crc);
				yield { type, data };
			}
			const expected = (await whole(4)).readUInt32BE(0);
			if (crc !== expected) throw damaged(name, `the checksum of its ${type} chunk is wrong`);
		}
	} finally {
		await file.close();
	}
}

/** @throws PicWishError INVALID_INPUT if the source fails */
async function* readable(source: AsyncIterable<Uint8Array>, name: string) {
	try {
		yield* source;
	} catch (error) {
		const reason = messageOf(error);
		throw invalidInput(
			`${name} could not be read${reason ? ` (${reason})` : ''}`,
			'Check that the file is still in the storage for binary data of n8n, then run the workflow again.',
		);
	}
}
