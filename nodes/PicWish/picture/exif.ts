// The orientation of PNG and WebP, which have a chunk for Exif data.

import type { HeadBytes } from './headBytes';
import { EXIF_PREFIX, readExif } from './tiff';

const HEAD_BYTES = 8;
/** Real files have few. */
const MOST_CHUNKS = 10_000;
/** The first directory is at the start of the block. */
const MOST_EXIF_BYTES = 64 * 1024;

/**
 * The orientation from the first Exif chunk; in a PNG, only before the pixels.
 *
 * @param firstAt offset of the first chunk
 * @param read a chunk's eight header bytes → its name, the bytes of its data and of the gap after
 */
export async function findOrientation(
	file: HeadBytes,
	firstAt: number,
	read: (head: Buffer) => { name: string; dataBytes: number; gapBytes: number },
): Promise<number | undefined> {
	let at = firstAt;
	for (let count = 0; count < MOST_CHUNKS; count++) {
		const head = await file.from(at, HEAD_BYTES);
		if (head.length < HEAD_BYTES) return undefined;
		const { name, dataBytes, gapBytes } = read(head);
		at += HEAD_BYTES;
		if (name === 'IDAT') return undefined;
		if (name === 'eXIf' || name === 'EXIF') {
			const block = await file.from(at, Math.min(dataBytes, MOST_EXIF_BYTES));
			// Some programs write the prefix of JPEG's Exif segments here too.
			const hasPrefix = block.subarray(0, EXIF_PREFIX.length).equals(EXIF_PREFIX);
			return readExif(hasPrefix ? block.subarray(EXIF_PREFIX.length) : block)?.value;
		}
		at += dataBytes + gapBytes;
	}
	return undefined;
}
