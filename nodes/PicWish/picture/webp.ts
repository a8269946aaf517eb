// The header of a WebP (RFC 9649).

import { findOrientation } from './exif';
import type { HeaderFacts } from './head';
import type { HeadBytes } from './headBytes';
import type { PixelSize } from './picture';

const RIFF_HEAD_BYTES = 12;
/** RIFF, the first chunk's header, and as much of its data as a size needs. */
const HEAD_BYTES = 30;
const EXIF_FLAG = 0x08;

/** The size from the first chunk, and the orientation from EXIF, which comes after the pixels. */
export async function readWebp(file: HeadBytes): Promise<HeaderFacts> {
	const head = await file.from(0, HEAD_BYTES);
	const kind = head.toString('latin1', 12, 16);
	const data = head.subarray(20);
	const size = sizeFrom(kind, data);
	const hasExif = kind === 'VP8X' && ((data[0] ?? 0) & EXIF_FLAG) !== 0;
	if (!hasExif) return { size };
	const orientation = await findOrientation(file, RIFF_HEAD_BYTES, (chunk) => {
		const dataBytes = chunk.readUInt32LE(4);
		return { name: chunk.toString('latin1', 0, 4), dataBytes, gapBytes: dataBytes % 2 };
	});
	return { size, orientation };
}

function sizeFrom(kind: string, data: Buffer): PixelSize | undefined {
	if (kind === 'VP8 ' && data.length >= 10 && data.readUIntBE(3, 3) === 0x9d012a) {
		return { width: data.readUInt16LE(6) & 0x3fff, height: data.readUInt16LE(8) & 0x3fff };
	}
	if (kind === 'VP8L' && data.length >= 5 && data[0] === 0x2f) {
		const bits = data.readUInt32LE(1);
		return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
	}
	if (kind === 'VP8X' && data.length >= 10) {
		return { width: data.readUIntLE(4, 3) + 1, height: data.readUIntLE(7, 3) + 1 };
	}
	return undefined;
}
