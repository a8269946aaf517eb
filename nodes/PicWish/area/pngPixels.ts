// PNG pixel data → alpha and luminance of each pixel (PNG specification, 6–9).

/** Color types of the PNG specification. */
export const GREY = 0;
const RGB = 2;
export const PALETTE = 3;
const GREY_ALPHA = 4;
const RGB_ALPHA = 6;

/** Samples per pixel, and the depths that the specification allows. */
export const COLOR_TYPES: Record<number, { samples: number; depths: readonly number[] }> = {
	[GREY]: { samples: 1, depths: [1, 2, 4, 8, 16] },
	[RGB]: { samples: 3, depths: [8, 16] },
	[PALETTE]: { samples: 1, depths: [1, 2, 4, 8] },
	[GREY_ALPHA]: { samples: 2, depths: [8, 16] },
	[RGB_ALPHA]: { samples: 4, depths: [8, 16] },
};

/** Whether each pixel has its own alpha: the last sample. */
export const hasAlpha = (colorType: number) => colorType === GREY_ALPHA || colorType === RGB_ALPHA;

export interface PixelFormat {
	colorType: number;
	/** Bits per sample. */
	depth: number;
	/** Red, green and blue per color; palette images only. */
	palette?: Uint8Array;
	/** The tRNS chunk: the alpha per palette color, or the one value that is transparent. */
	transparency?: Uint8Array;
}

/** Alpha and luminance in one number, alpha in the upper byte; 16-bit samples are cut to 8 bits. */
const toneOf = (alpha: number, luminance: number) => (alpha << 8) | luminance;

/** The luma of ITU-R BT.601; a grey keeps its value. */
const luminanceOf = (red: number, green: number, blue: number) =>
	(red * 77 + green * 150 + blue * 29) >> 8;

/** Reads the first `count` pixels of a row into `tones`. */
type ReadTones = (row: Uint8Array, tones: Uint16Array, count: number) => void;

/** Reads alpha alone: one byte per pixel. */
export const alphaReader =
	(firstByte: number, pixelBytes: number): ReadTones =>
	(row, tones, count) => {
		for (let i = 0, at = firstByte; i < count; i++, at += pixelBytes) tones[i] = row[at]! << 8;
	};

/** The reader for a format that {@link COLOR_TYPES} allows. */
export function tonesReader(format: PixelFormat): ReadTones {
	const { colorType, depth } = format;
	if (depth < 8 || colorType === PALETTE) {
		return fromTable(colorType === PALETTE ? paletteTones(format) : greyTones(format), depth);
	}
	const read = READERS[colorType]!;
	return withTransparentValue(format, depth === 16 ? ofUpperBytes(read) : read);
}

/** By color type, for 8-bit samples. */
const READERS: Record<number, ReadTones> = {
	[GREY]: (row, tones, count) => {
		for (let i = 0; i < count; i++) tones[i] = toneOf(255, row[i]!);
	},
	[RGB]: (row, tones, count) => {
		for (let i = 0, at = 0; i < count; i++, at += 3) {
			tones[i] = toneOf(255, luminanceOf(row[at]!, row[at + 1]!, row[at + 2]!));
		}
	},
	[GREY_ALPHA]: (row, tones, count) => {
		for (let i = 0; i < count; i++) tones[i] = toneOf(row[2 * i + 1]!, row[2 * i]!);
	},
	[RGB_ALPHA]: (row, tones, count) => {
		for (let i = 0, at = 0; i < count; i++, at += 4) {
			tones[i] = toneOf(row[at + 3]!, luminanceOf(row[at]!, row[at + 1]!, row[at + 2]!));
		}
	},
};

/** For 16-bit samples, whose upper byte comes first. */
function ofUpperBytes(read: ReadTones): ReadTones {
	let upper = new Uint8Array();
	return (row, tones, count) => {
		if (upper.length !== row.length >> 1) upper = new Uint8Array(row.length >> 1);
		for (let i = 0; i < upper.length; i++) upper[i] = row[2 * i]!;
		read(upper, tones, count);
	};
}

/** Samples of 1 to 8 bits, the leftmost pixel in the highest bits. */
function fromTable(table: Uint16Array, depth: number): ReadTones {
	const mask = (1 << depth) - 1;
	return (row, tones, count) => {
		for (let i = 0, bit = 0; i < count; i++, bit += depth) {
			tones[i] = table[(row[bit >> 3]! >> (8 - depth - (bit & 7))) & mask]!;
		}
	};
}

/** Colors missing from the palette are black, as in browsers. */
function paletteTones({ palette = new Uint8Array(), transparency }: PixelFormat): Uint16Array {
	return Uint16Array.from({ length: 256 }, (_, index) => {
		const [red = 0, green = 0, blue = 0] = palette.subarray(index * 3, index * 3 + 3);
		return toneOf(transparency?.[index] ?? 255, luminanceOf(red, green, blue));
	});
}

function greyTones(format: PixelFormat): Uint16Array {
	const most = (1 << format.depth) - 1;
	const [transparent] = transparentBytes(format) ?? [];
	return Uint16Array.from({ length: most + 1 }, (_, sample) =>
		toneOf(sample === transparent ? 0 : 255, (sample * 255) / most),
	);
}

/** Makes pixels of the tRNS value transparent. */
function withTransparentValue(format: PixelFormat, read: ReadTones): ReadTones {
	const bytes = transparentBytes(format);
	if (!bytes) return read;
	return (row, tones, count) => {
		read(row, tones, count);
		for (let i = 0, at = 0; i < count; i++, at += bytes.length) {
			let same = 0;
			while (same < bytes.length && row[at + same] === bytes[same]) same++;
			if (same === bytes.length) tones[i] = tones[i]! & 255;
		}
	};
}

/** The transparent pixel as rows hold it. tRNS has two bytes per sample; only the low bits count. */
function transparentBytes(format: PixelFormat): Uint8Array | undefined {
	const { colorType, depth, transparency } = format;
	const bytes = 2 * COLOR_TYPES[colorType]!.samples;
	// The specification forbids tRNS if pixels have their own alpha.
	if (hasAlpha(colorType) || !transparency || transparency.length < bytes) return undefined;
	const value = transparency.subarray(0, bytes);
	if (depth === 16) return value;
	return value.filter((_, i) => i % 2 === 1).map((sample) => sample & ((1 << depth) - 1));
}

/**
 * Undoes a row's filter in place.
 *
 * @param filter 0 to 4
 * @param row its bytes, without the filter byte
 * @param above the row above, unfiltered; zeros for the first row
 * @param pixelBytes bytes per pixel, at least 1
 * @param first byte of each pixel to start at; those before it stay filtered
 */
export function unfilter(
	filter: number,
	row: Uint8Array,
	above: Uint8Array,
	pixelBytes: number,
	first = 0,
): void {
	if (filter === 0) return;
	for (let byte = first; byte < pixelBytes; byte++) {
		let left = 0;
		let corner = 0;
		for (let i = byte; i < row.length; i += pixelBytes) {
			const up = above[i]!;
			const guess =
				filter === 1
					? left
					: filter === 2
						? up
						: filter === 3
							? (left + up) >> 1
							: nearest(left, up, corner);
			left = (row[i]! + guess) & 255;
			row[i] = left;
			corner = up;
		}
	}
}

/**
 * The Paeth predictor: whichever of the three is nearest to left + up - corner. Branch-free, because
 * the pixels of a photo defeat branch prediction.
 */
function nearest(left: number, up: number, corner: number): number {
	// `x & (x >> 31)` is min(x, 0).
	const below = (left - up) & ((left - up) >> 31);
	const low = up + below;
	const high = left - below;
	// Above high, low is nearest; below low, high; in between, the corner.
	const limit = 3 * corner - left - up;
	const lowOrCorner = low + ((corner - low) & ((limit - high) >> 31));
	return high + ((lowOrCorner - high) & ((low - limit) >> 31));
}
