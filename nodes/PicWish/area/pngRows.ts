// Inflated pixel data of a PNG → its rows, in file order.

import type { PixelSize } from '../picture/picture';
import {
	alphaReader,
	COLOR_TYPES,
	hasAlpha,
	type PixelFormat,
	type ReadTones,
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

interface Pass {
	x: number;
	y: number;
	stepX: number;
	stepY: number;
}

const WHOLE: readonly Pass[] = [{ x: 0, y: 0, stepX: 1, stepY: 1 }];
/** Adam7 (PNG specification, 8.2). */
const INTERLACED: readonly Pass[] = [
	{ x: 0, y: 0, stepX: 8, stepY: 8 },
	{ x: 4, y: 0, stepX: 8, stepY: 8 },
	{ x: 0, y: 4, stepX: 4, stepY: 8 },
	{ x: 2, y: 0, stepX: 4, stepY: 4 },
	{ x: 0, y: 2, stepX: 2, stepY: 4 },
	{ x: 1, y: 0, stepX: 2, stepY: 2 },
	{ x: 0, y: 1, stepX: 1, stepY: 2 },
];

/** Assembles inflated bytes into rows. */
export class Rows {
	complete = false;
	private readonly passes: Pass[];
	private readonly bits: number;
	private readonly readTones: ReadTones;
	private readonly row: PixelRow;
	/** The row being filled, which starts with its filter byte, and the one above it. */
	private current: Uint8Array;
	private above: Uint8Array;
	private filled = 0;
	/** Offset in each pixel of the first byte that is read; those before it stay filtered. */
	private readonly firstByte: number;
	private readonly pixelBytes: number;

	constructor(
		private readonly header: Header,
		onlyAlpha: boolean,
		private readonly onRow: (row: PixelRow) => void,
	) {
		const { width, height, depth, colorType, interlaced } = header;
		const { samples } = COLOR_TYPES[colorType]!;
		this.bits = samples * depth;
		this.pixelBytes = Math.max(1, this.bits >> 3);
		const hasOnlyAlpha = onlyAlpha && hasAlpha(colorType);
		this.firstByte = hasOnlyAlpha ? ((samples - 1) * depth) >> 3 : 0;
		this.readTones = hasOnlyAlpha
			? alphaReader(this.firstByte, this.pixelBytes)
			: tonesReader(header);
		// A small image has no pixels in some passes; the file omits their rows.
		this.passes = (interlaced ? INTERLACED : WHOLE).filter(({ x, y }) => x < width && y < height);
		this.row = { tones: new Uint16Array(width), count: 0, y: 0, x: 0, step: 1 };
		this.current = this.above = Buffer.alloc(0);
		this.beginPass();
	}

	/** @throws RangeError if a row's filter does not exist */
	take(bytes: Uint8Array): void {
		for (let at = 0; at < bytes.length && !this.complete; ) {
			const part = bytes.subarray(at, at + this.current.length - this.filled);
			this.current.set(part, this.filled);
			this.filled += part.length;
			at += part.length;
			if (this.filled === this.current.length) this.endRow();
		}
	}

	private beginPass(): void {
		const pass = this.passes[0];
		if (!pass) {
			this.complete = true;
			return;
		}
		this.row.x = pass.x;
		this.row.y = pass.y;
		this.row.step = pass.stepX;
		this.row.count = Math.ceil((this.header.width - pass.x) / pass.stepX);
		const bytes = 1 + Math.ceil((this.row.count * this.bits) / 8);
		this.current = new Uint8Array(bytes);
		this.above = new Uint8Array(bytes);
	}

	private endRow(): void {
		const { current, above, row } = this;
		const filter = current[0]!;
		if (filter > 4) throw new RangeError(`PNG filter ${filter}`);
		const pixels = current.subarray(1);
		unfilter(filter, pixels, above.subarray(1), this.pixelBytes, this.firstByte);
		this.readTones(pixels, row.tones, row.count);
		this.onRow(row);
		this.current = above;
		this.above = current;
		this.filled = 0;
		row.y += this.passes[0]!.stepY;
		if (row.y < this.header.height) return;
		this.passes.shift();
		this.beginPass();
	}
}
