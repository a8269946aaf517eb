// BMP headers, of Windows and OS/2.

import type { HeaderFacts } from './head';
import type { HeadBytes } from './headBytes';

/** OS/2 1.x; width and height have two bytes each. */
const CORE_HEADER_BYTES = 12;

/**
 * Whether a BMP header can have this size: 40, 52, 56, 108 or 124 bytes for Windows; 12, or 16 to 64,
 * for OS/2, which may omit the last fields.
 */
export function isBmpHeaderSize(bytes: number): boolean {
	return bytes === CORE_HEADER_BYTES || (bytes >= 16 && bytes <= 64) || [108, 124].includes(bytes);
}

export async function readBmp(file: HeadBytes): Promise<HeaderFacts> {
	const head = await file.from(0, 26);
	if (head.length < 26) return {};
	if (head.readUInt32LE(14) === CORE_HEADER_BYTES) {
		return { size: { width: head.readUInt16LE(18), height: head.readUInt16LE(20) } };
	}
	// Negative if the rows go from top to bottom.
	return { size: { width: head.readInt32LE(18), height: Math.abs(head.readInt32LE(22)) } };
}
