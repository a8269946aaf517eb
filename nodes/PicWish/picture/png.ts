// The header of a PNG (W3C, third edition).

import { findOrientation } from './exif';
import type { HeaderFacts } from './head';
import type { HeadBytes } from './headBytes';

const SIGNATURE_BYTES = 8;
const CHECKSUM_BYTES = 4;
/** The signature, and IHDR up to width and height. */
const SIZE_BYTES = 24;

/** The size from IHDR, which comes first, and the orientation from eXIf before the pixels. */
export async function readPng(file: HeadBytes): Promise<HeaderFacts> {
	const head = await file.from(0, SIZE_BYTES);
	if (head.length < SIZE_BYTES || head.toString('latin1', 12, 16) !== 'IHDR') return {};
	const size = { width: head.readUInt32BE(16), height: head.readUInt32BE(20) };
	const orientation = await findOrientation(file, SIGNATURE_BYTES, (chunk) => ({
		name: chunk.toString('latin1', 4, 8),
		dataBytes: chunk.readUInt32BE(0),
		gapBytes: CHECKSUM_BYTES,
	}));
	return { size, orientation };
}
