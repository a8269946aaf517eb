// A bitmap → a PNG file that every reader takes for the same mask.

import type { Bitmap } from './bitmap';
import { crc32 } from './crc32';
import { SIGNATURE } from './pngChunks';
import { GREY } from './pngPixels';

/** Bytes compressed at once: large enough for few calls, small compared to the bitmap. */
const MOST_BYTES_AT_ONCE = 262_144;

/** An 8-bit grey PNG of the bitmap's size: white = marked, black = not; no other values. */
export async function writePng(bitmap: Bitmap): Promise<Buffer> {
	const header = Buffer.alloc(13);
	header.writeUInt32BE(bitmap.width, 0);
	header.writeUInt32BE(bitmap.height, 4);
	header.set([8, GREY], 8);
	const compressed = ReadableStream.from(unfilteredRows(bitmap)).pipeThrough(
		new CompressionStream('deflate'),
	);
	const data: Uint8Array[] = [];
	for await (const bytes of compressed) data.push(bytes);
	return Buffer.concat([
		SIGNATURE,
		...chunk('IHDR', [header]),
		...chunk('IDAT', data),
		...chunk('IEND', []),
	]);
}

/** The rows as stored in the file: each starts with its filter type, 0 = none. */
function* unfilteredRows({ width, height, pixels }: Bitmap): Generator<Uint8Array> {
	const rowsAtOnce = Math.max(1, Math.floor(MOST_BYTES_AT_ONCE / (width + 1)));
	for (let y = 0; y < height; y += rowsAtOnce) {
		const rows = Math.min(rowsAtOnce, height - y);
		// A new array each time: the stream may still be reading the previous one.
		const bytes = new Uint8Array(rows * (width + 1));
		for (let row = 0; row < rows; row++) {
			const start = (y + row) * width;
			bytes.set(pixels.subarray(start, start + width), row * (width + 1) + 1);
		}
		yield bytes;
	}
}

function chunk(type: string, data: Uint8Array[]): Uint8Array[] {
	const length = Buffer.alloc(4);
	length.writeUInt32BE(data.reduce((sum, bytes) => sum + bytes.length, 0));
	const name = Buffer.from(type, 'latin1');
	const crc = Buffer.alloc(4);
	crc.writeUInt32BE([name, ...data].reduce((before, bytes) => crc32(bytes, before), 0));
	return [length, name, ...data, crc];
}
