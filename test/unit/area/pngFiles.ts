/* eslint-disable @n8n/community-nodes/no-restricted-imports -- tests make files that no encoder writes */
import { deflateSync } from 'node:zlib';

/** A picture by its samples, and the odd ways in which a PNG may hold it. */
export interface PngSpec {
	width: number;
	height: number;
	/** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha. */
	colorType: number;
	depth: number;
	/** As many as the color type has, each below 2 to the power of depth. */
	samples(x: number, y: number): number[];
	interlaced?: boolean;
	/** Red, green, blue of each color. */
	palette?: number[];
	/** The bytes of the tRNS chunk. */
	transparency?: number[];
	/** 0 to 4 for each row of the file; default: all in turn. */
	filter?(row: number): number;
	/** Bytes of pixel data for each IDAT chunk; default: all in one. */
	idatBytes?: number;
	/** Chunks before the first IDAT. */
	extra?: Buffer[];
	/** Bytes behind the end of the compressed data, within the IDAT chunk. */
	trailing?: Buffer;
}

const SAMPLES: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const ADAM7 = [
	[0, 0, 8, 8],
	[4, 0, 8, 8],
	[0, 4, 4, 8],
	[2, 0, 4, 4],
	[0, 2, 2, 4],
	[1, 0, 2, 2],
	[0, 1, 1, 2],
] as const;

export function pngFile(spec: PngSpec): Buffer {
	const { width, height, depth, colorType, palette, transparency } = spec;
	const raw = Buffer.concat(spec.interlaced ? ADAM7.map((pass) => rows(spec, pass)) : [rows(spec)]);
	const data = Buffer.concat([deflateSync(raw), spec.trailing ?? Buffer.alloc(0)]);
	const idatBytes = spec.idatBytes ?? data.length;
	const pieces = Array.from({ length: Math.ceil(data.length / idatBytes) }, (_, i) =>
		data.subarray(i * idatBytes, (i + 1) * idatBytes),
	);
	return wrapped([
		header(width, height, depth, colorType, spec.interlaced ? 1 : 0),
		...(spec.extra ?? []),
		...(palette ? [chunk('PLTE', Buffer.from(palette))] : []),
		...(transparency ? [chunk('tRNS', Buffer.from(transparency))] : []),
		...pieces.map((piece) => chunk('IDAT', piece)),
	]);
}

export function wrapped(chunks: Buffer[]): Buffer {
	return Buffer.concat([
		Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
		...chunks,
		chunk('IEND', Buffer.alloc(0)),
	]);
}

export function header(
	width: number,
	height: number,
	depth: number,
	colorType: number,
	interlace = 0,
	[compression, filter] = [0, 0],
): Buffer {
	const data = Buffer.alloc(13);
	data.writeUInt32BE(width, 0);
	data.writeUInt32BE(height, 4);
	data.set([depth, colorType, compression, filter, interlace], 8);
	return chunk('IHDR', data);
}

export function chunk(type: string, data: Buffer): Buffer {
	const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
	const [length, crc] = [Buffer.alloc(4), Buffer.alloc(4)];
	length.writeUInt32BE(data.length);
	crc.writeUInt32BE(bitwiseCrc(body));
	return Buffer.concat([length, body, crc]);
}

/** By the definition, bit by bit. */
export function bitwiseCrc(bytes: Uint8Array): number {
	let crc = 0xffffffff;
	for (const byte of bytes) {
		for (let bit = 0; bit < 8; bit++) {
			const isOdd = ((crc ^ (byte >> bit)) & 1) === 1;
			crc = isOdd ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
		}
	}
	return ~crc >>> 0;
}

function rows(spec: PngSpec, [x0, y0, dx, dy]: readonly number[] = [0, 0, 1, 1]): Buffer {
	const { width, height, depth, colorType } = spec;
	const count = Math.max(0, Math.ceil((width - x0!) / dx!));
	if (count === 0) return Buffer.alloc(0);
	const bits = SAMPLES[colorType]! * depth;
	const pixelBytes = Math.max(1, bits / 8);
	const bytes = Math.ceil((count * bits) / 8);
	const result: Buffer[] = [];
	let above: Buffer = Buffer.alloc(bytes);
	for (let y = y0!, index = 0; y < height; y += dy!, index++) {
		const row = Buffer.alloc(bytes);
		for (let i = 0; i < count; i++) {
			spec.samples(x0! + i * dx!, y).forEach((sample, s) => {
				if (depth === 16) row.writeUInt16BE(sample, (i * SAMPLES[colorType]! + s) * 2);
				else {
					const bit = i * bits + s * depth;
					row[bit >> 3]! |= sample << (8 - depth - (bit & 7));
				}
			});
		}
		const filter = spec.filter?.(index) ?? index % 5;
		result.push(Buffer.from([filter]), filtered(filter, row, above, pixelBytes));
		above = row;
	}
	return Buffer.concat(result);
}

function filtered(filter: number, row: Buffer, above: Buffer, pixelBytes: number): Buffer {
	return Buffer.from(
		row.map((value, i) => {
			const left = row[i - pixelBytes] ?? 0;
			const up = above[i]!;
			const corner = i < pixelBytes ? 0 : above[i - pixelBytes]!;
			const predicted = [0, left, up, Math.floor((left + up) / 2), paeth(left, up, corner)];
			return value - (predicted[filter] ?? 0);
		}),
	);
}

function paeth(a: number, b: number, c: number): number {
	const p = a + b - c;
	const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)];
	if (pa <= pb && pa <= pc) return a;
	return pb <= pc ? b : c;
}

/** As a store gives it: in pieces of a size. */
export async function* inPieces(file: Uint8Array, bytes = 65_536): AsyncGenerator<Uint8Array> {
	for (let at = 0; at < file.length; at += bytes) yield file.subarray(at, at + bytes);
}

/** A picture of which each pixel is another. */
export const small: PngSpec = {
	width: 30,
	height: 20,
	colorType: 6,
	depth: 8,
	samples: (x, y) => [x * 8, (y * 12) & 255, (x * y) & 255, ((x + y) * 5) & 255],
};
