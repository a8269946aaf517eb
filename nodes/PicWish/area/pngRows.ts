// Inflated pixel data of a PNG → its rows, in file order.

import type { PixelSize } from '../picture/picture';
import { ByteReader } from './byteReader';
import {
	alphaReader,
	COLOR_TYPES,
	hasAlpha,
	type PixelFormat,
	tonesReader,
	unfilter,
} from './pngPixels';

/** Pixels of one row, or every `step`th of them: interlaced files come in seven passes. */
export interface PixelRow {
	/** Alpha × 256 + luminance per pixel. Valid until the next row. */
	tones: Uint16Array;
	/** How many of `tones` are set. */
	count: number;
	y: number;
	/** Column of the first pixel. */
	x: number;
	/** Columns between pixels. */
	step: number;
}

export interface Header extends PixelSize, PixelFormat {
	interlaced: boolean;
}

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
 * Reads all rows, in file order.
 *
 * @returns false if the pixel data is incomplete or corrupt
 */
export async function readRows(
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
