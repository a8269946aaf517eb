// A PNG file → alpha and luminance of its pixels, row by row.

import { invalidInput } from '../errors';
import { joined, type PixelSize } from '../picture/picture';
import { type Chunk, damaged, readChunks } from './pngChunks';
import { COLOR_TYPES, PALETTE } from './pngPixels';
import { type Header, type PixelRow, Rows } from './pngRows';

/** Compressed pixel data per write. */
const BATCH_BYTES = 262_144;

/**
 * Reads any PNG; of an animation, the default image. Holds two rows in memory. Reads up to IEND, so
 * that a truncated file is never taken for complete.
 *
 * @param name the field and the file, for messages
 * @param maxSide most pixels per side
 * @param onlyAlpha luminance is not needed and may be wrong, which is faster
 * @param begin called once with the size; what it returns is called with each row
 * @throws PicWishError INVALID_INPUT if the file is no PNG, too large, damaged or unreadable
 */
export async function readPng(
	source: AsyncIterable<Uint8Array>,
	name: string,
	maxSide: number,
	onlyAlpha: boolean,
	begin: (size: PixelSize) => (row: PixelRow) => void,
): Promise<void> {
	const chunks = readChunks(source, name);
	try {
		const first = await chunks.next();
		if (first.done || first.value.type !== 'IHDR') throw damaged(name, 'it has no header');
		const header = readHeader(first.value.data, name);
		const { width, height } = header;
		if (width > maxSide || height > maxSide) {
			throw invalidInput(
				`${name} has ${width} × ${height} pixels, at most ${maxSide} × ${maxSide} are allowed`,
				'Make it smaller, for example with the Edit Image node.',
			);
		}
		let next = await chunks.next();
		for (; !next.done && next.value.type !== 'IDAT'; next = await chunks.next()) {
			if (next.value.type === 'PLTE') header.palette = next.value.data;
			if (next.value.type === 'tRNS') header.transparency = next.value.data;
		}
		if (next.done) throw damaged(name, 'it has no pixels');
		if (header.colorType === PALETTE && !header.palette) throw damaged(name, 'it has no palette');
		const rows = new Rows(header, onlyAlpha, begin({ width, height }));
		await inflate(next.value.data, chunks, rows);
		if (!rows.complete) throw damaged(name, 'its pixel data is broken or incomplete');
	} finally {
		await chunks.return(undefined);
	}
}

function readHeader(data: Uint8Array, name: string): Header {
	const header = Buffer.from(data);
	if (header.length !== 13) throw damaged(name, 'its header is incomplete');
	const width = header.readUInt32BE(0);
	const height = header.readUInt32BE(4);
	const [depth = 0, colorType = 0, compression, filter, interlace = 0] = header.subarray(8);
	if (width === 0 || height === 0) throw damaged(name, `it has ${width} × ${height} pixels`);
	if (!COLOR_TYPES[colorType]?.depths.includes(depth)) {
		throw damaged(name, `color type ${colorType} with ${depth} bits does not exist`);
	}
	if (compression !== 0 || filter !== 0 || interlace > 1) {
		throw damaged(name, 'its header names methods that do not exist');
	}
	return { width, height, depth, colorType, interlaced: interlace === 1 };
}

/**
 * Inflates the pixel data into rows until they are complete, and reads the chunks to their end. Also
 * returns if the data is truncated or corrupt.
 *
 * @throws PicWishError from the chunks
 */
async function inflate(first: Uint8Array, chunks: AsyncIterable<Chunk>, rows: Rows): Promise<void> {
	const ignore = () => undefined;
	const stream = new DecompressionStream('deflate');
	const writer = stream.writable.getWriter();
	const reader = stream.readable.getReader();
	// A failure rejects several promises; only the one of read() is handled.
	writer.closed.catch(ignore);
	reader.closed.catch(ignore);
	let over = false;
	let markOver = ignore;
	const whenOver = new Promise<void>((resolve) => {
		markOver = () => void resolve();
	});

	const feed = async () => {
		// A write waits until inflated data has been read; after the end, nothing reads it.
		const write = async (data: Uint8Array) => {
			if (!over) await Promise.race([writer.write(data).catch(ignore), whenOver]);
		};
		for await (const data of inBatches(first, chunks)) await write(data);
		if (!over) writer.close().catch(ignore);
	};
	const drain = async () => {
		try {
			while (!rows.complete) {
				const { done, value } = await reader.read();
				if (done) break;
				rows.take(value);
			}
		} catch {
			// The caller reports incomplete rows. Errors after the last row do not matter.
		}
		over = true;
		markOver();
		// Cancel both ends, because one of them may have failed already.
		reader.cancel().catch(ignore);
		writer.abort().catch(ignore);
	};

	const fed = feed();
	// Otherwise, if reading the file fails, read() would wait forever.
	fed.catch(() => reader.cancel().catch(ignore));
	await drain();
	await fed;
}

/** Joins pixel data into batches, because each write has a fixed cost. */
async function* inBatches(
	first: Uint8Array,
	chunks: AsyncIterable<Chunk>,
): AsyncGenerator<Uint8Array> {
	let batch = [first];
	let bytes = first.length;
	for await (const { type, data } of chunks) {
		if (type !== 'IDAT') continue;
		batch.push(data);
		bytes += data.length;
		if (bytes < BATCH_BYTES) continue;
		yield joined(batch);
		batch = [];
		bytes = 0;
	}
	yield joined(batch);
}
