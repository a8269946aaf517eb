// The header of a BMP, of Windows and of OS/2.

import type { HeadBytes } from './headBytes';
import type { HeaderFacts } from './picture';

/** OS/2 1.x; its sides have two bytes. */
const CORE_HEADER_BYTES = 12;

/**
 * Whether BMPs have headers of this size: those of Windows have 40, 52, 56, 108 or 124 bytes, those of
 * OS/2 have 12, or 16 to 64, as their last fields may be left out.
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
	// Negative where the rows go from top to bottom.
	return { size: { width: head.readInt32LE(18), height: Math.abs(head.readInt32LE(22)) } };
}
