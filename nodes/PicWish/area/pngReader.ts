// A PNG file → alpha and luminance of its pixels, row by row.

import { TASKS } from '../api/tasks';
import { invalidInput } from '../errors';
import { joined, type PixelSize } from '../picture/picture';
import { damaged, readChunks } from './pngChunks';
import { COLOR_TYPES, PALETTE } from './pngPixels';
import { type Header, type PixelRow, readRows } from './pngRows';

/** Larger images have been refused before, so no mask fits them. */
const MAX_SIDE = TASKS.removeObjects.maxPixels;
/** Compressed pixel data per write. */
const BATCH_BYTES = 262_144;

/**
 * Reads any PNG; of an animation, the default image. Holds two rows in memory. Reads up to IEND, so
 * that a truncated file is never taken for complete.
 *
 * @param name the field and the file, for messages
 * @param onlyAlpha luminance is not needed and may be wrong, which is faster
 * @param begin called once with the size; what it returns is called with each row
 * @throws PicWishError INVALID_INPUT if the file is no PNG, too large, damaged or unreadable
 */
export async function readPng(
	source: AsyncIterable<Uint8Array>,
	name: string,
	onlyAlpha: boolean,
	begin: (size: PixelSize) => (row: PixelRow) => void,
): Promise<void> {
	const { readable, writable } = new DecompressionStream('deflate');
	const writer = writable.getWriter();
	const ignore = () => undefined;
	let header: Header | undefined;
	/** Reads the rows while the file is inflated. */
	let rows: Promise<boolean> | undefined;
	let batch: Uint8Array[] = [];
	let batchBytes = 0;
	const inflateBatch = async () => {
		// A write waits until inflated data has been read; after the last row, nothing reads it.
		await Promise.race([writer.write(joined(batch)).catch(ignore), rows]);
		batch = [];
		batchBytes = 0;
	};
	try {
		for await (const { type, data } of readChunks(source, name)) {
			header ??= readHeader(type, data, name);
			if (type === 'PLTE') header.palette = data;
			if (type === 'tRNS') header.transparency = data;
			if (type !== 'IDAT') continue;
			if (header.colorType === PALETTE && !header.palette) throw damaged(name, 'it has no palette');
			rows ??= readRows(readable, header, onlyAlpha, begin(header));
			batch.push(data);
			batchBytes += data.length;
			if (batchBytes >= BATCH_BYTES) await inflateBatch();
		}
		if (!rows) throw damaged(name, header ? 'it has no pixels' : 'it has no header');
		await inflateBatch();
		writer.close().catch(ignore);
		if (!(await rows)) throw damaged(name, 'its pixel data is broken or incomplete');
	} finally {
		// Ends the reading of rows where the file cannot be read to its end.
		writer.abort().catch(ignore);
	}
}

function readHeader(type: string, data: Uint8Array, name: string): Header {
	if (type !== 'IHDR') throw damaged(name, 'it has no header');
	if (data.length !== 13) throw damaged(name, 'its header is incomplete');
	const bytes = Buffer.from(data);
	const width = bytes.readUInt32BE(0);
	const height = bytes.readUInt32BE(4);
	const [depth = 0, colorType = 0, compression, filter, interlace = 0] = bytes.subarray(8);
	if (width === 0 || height === 0) throw damaged(name, `it has ${width} × ${height} pixels`);
	if (!COLOR_TYPES[colorType]?.depths.includes(depth)) {
		throw damaged(name, `color type ${colorType} with ${depth} bits does not exist`);
	}
	if (compression !== 0 || filter !== 0 || interlace > 1) {
		throw damaged(name, 'its header names methods that do not exist');
	}
	if (width > MAX_SIDE || height > MAX_SIDE) {
		throw invalidInput(
			`${name} has ${width} × ${height} pixels, at most ${MAX_SIDE} × ${MAX_SIDE} are allowed`,
			'Make it smaller, for example with the Edit Image node.',
		);
	}
	return { width, height, depth, colorType, interlaced: interlace === 1 };
}
