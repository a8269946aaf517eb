// A PNG file → alpha and luminance of its pixels, row by row.

import { TASKS } from '../api/tasks';
import { invalidInput } from '../errors';
import { ByteReader } from '../picture/byteReader';
import { joined, type PixelSize } from '../picture/picture';
import { damaged, readChunks } from './pngChunks';
import {
	alphaReader,
	COLOR_TYPES,
	hasAlpha,
	PALETTE,
	type PixelFormat,
	tonesReader,
	unfilter,
} from './pngPixels';

interface Header extends PixelSize, PixelFormat {
	interlaced: boolean;
}

/**
 * A row's pixels, or every `step`th of them from column `x` on: interlaced files come in seven passes.
 * The first `count` tones are set: alpha × 256 + luminance. They are valid until the next row.
 */
interface PixelRow {
	tones: Uint16Array;
	count: number;
	y: number;
	x: number;
	step: number;
}

/** Larger images have been refused before, so no mask fits them. */
const MAX_SIDE = TASKS.removeObjects.maxPixels;
/** Compressed pixel data per write. */
const BATCH_BYTES = 262_144;

const WHOLE = [{ x: 0, y: 0, stepX: 1, stepY: 1 }];
/** Adam7 (PNG specification, 8.2). */
const INTERLACED = [
	{ x: 0, y: 0, stepX: 8, stepY: 8 },
	{ x: 4, y: 0, stepX: 8, stepY: 8 },
	{ x: 0, y: 4, stepX: 4, stepY: 8 },
	{ x: 2, y: 0, stepX: 4, stepY: 4 },
	{ x: 0, y: 2, stepX: 2, stepY: 4 },
	{ x: 1, y: 0, stepX: 2, stepY: 2 },
	{ x: 0, y: 1, stepX: 1, stepY: 2 },
];

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

/** Reads all rows, in file order; false if the pixel data is incomplete or corrupt. */
async function readRows(
	inflated: AsyncIterable<Uint8Array>,
	header: Header,
	onlyAlpha: boolean,
	onRow: (row: PixelRow) => void,
): Promise<boolean> {
	const { width, height, depth, colorType, interlaced } = header;
	const { samples } = COLOR_TYPES[colorType]!;
	const bits = samples * depth;
	const pixelBytes = Math.max(1, bits >> 3);
	const hasOnlyAlpha = onlyAlpha && hasAlpha(colorType);
	/** Offset in each pixel of the first byte that is read; those before it stay filtered. */
	const firstByte = hasOnlyAlpha ? ((samples - 1) * depth) >> 3 : 0;
	const readTones = hasOnlyAlpha ? alphaReader(firstByte, pixelBytes) : tonesReader(header);
	const tones = new Uint16Array(width);
	const bytes = new ByteReader(inflated);
	try {
		for (const { x, y: top, stepX, stepY } of interlaced ? INTERLACED : WHOLE) {
			const count = Math.ceil((width - x) / stepX);
			// A small image has no pixels in some passes; the file omits their rows.
			if (count <= 0) continue;
			/** Starts with its filter. */
			let row = new Uint8Array(1 + Math.ceil((count * bits) / 8));
			let above = new Uint8Array(row.length);
			for (let y = top; y < height; y += stepY) {
				if (!(await bytes.fill(row))) return false;
				const filter = row[0]!;
				if (filter > 4) return false;
				const pixels = row.subarray(1);
				unfilter(filter, pixels, above.subarray(1), pixelBytes, firstByte);
				readTones(pixels, tones, count);
				onRow({ tones, count, y, x, step: stepX });
				[row, above] = [above, row];
			}
		}
		return true;
	} catch {
		return false;
	} finally {
		await bytes.close();
	}
}
