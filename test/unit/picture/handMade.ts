// Pictures that no library writes, put together byte by byte.

export interface Entry {
	tag: number;
	/** 1 BYTE, 3 SHORT, 4 LONG. */
	type?: number;
	count?: number;
	value: number;
}

type Endian = 'LE' | 'BE';

/** A TIFF directory; its entries in the order given. */
export function directory(entries: readonly Entry[], endian: Endian, next = 0): Buffer {
	const bytes = Buffer.alloc(2 + 12 * entries.length + 4);
	bytes[`writeUInt16${endian}`](entries.length, 0);
	entries.forEach(({ tag, type = 3, count = 1, value }, index) => {
		const at = 2 + 12 * index;
		bytes[`writeUInt16${endian}`](tag, at);
		bytes[`writeUInt16${endian}`](type, at + 2);
		bytes[`writeUInt32${endian}`](count, at + 4);
		if (type === 1) bytes.writeUInt8(value, at + 8);
		else if (type === 3) bytes[`writeUInt16${endian}`](value, at + 8);
		else bytes[`writeUInt32${endian}`](value, at + 8);
	});
	bytes[`writeUInt32${endian}`](next, bytes.length - 4);
	return bytes;
}

/** A TIFF's first eight bytes. */
export function tiffHead(directoryAt: number, endian: Endian): Buffer {
	const head = Buffer.from(endian === 'LE' ? 'II*\0\0\0\0\0' : 'MM\0*\0\0\0\0', 'latin1');
	head[`writeUInt32${endian}`](directoryAt, 4);
	return head;
}

/** A TIFF that has nothing but directories, the first of them at `at`. */
export function tiff(entries: readonly Entry[], endian: Endian = 'LE', at = 8): Buffer {
	const padding = Buffer.alloc(at - 8);
	return Buffer.concat([tiffHead(at, endian), padding, directory(entries, endian)]);
}

/** A JPEG segment: marker, length, data. */
export function segment(marker: number, data: Uint8Array): Buffer {
	const head = Buffer.from([0xff, marker, 0, 0]);
	head.writeUInt16BE(data.length + 2, 2);
	return Buffer.concat([head, data]);
}

export function exifSegment(block: Buffer, prefix = 'Exif\0\0'): Buffer {
	return segment(0xe1, Buffer.concat([Buffer.from(prefix, 'latin1'), block]));
}

export function exifOf(orientation: number, endian: Endian = 'BE', at = 8): Buffer {
	return exifSegment(tiff([{ tag: 274, value: orientation }], endian, at));
}

export const startOfImage = Buffer.from([0xff, 0xd8]);
/** One scan's header: what follows are pixels. */
export const startOfScan = segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0]));

/** A frame header of one component. */
export function frame(width: number, height: number, marker = 0xc0): Buffer {
	const data = Buffer.from([8, 0, 0, 0, 0, 1, 1, 0x11, 0]);
	data.writeUInt16BE(height, 1);
	data.writeUInt16BE(width, 3);
	return segment(marker, data);
}

/** A JPEG with the parts before its frame. */
export function jpeg(
	parts: readonly Buffer[],
	{ width = 40, height = 30, marker = 0xc0 } = {},
): Buffer {
	return Buffer.concat([startOfImage, ...parts, frame(width, height, marker), startOfScan]);
}

/** A JPEG that exists already, with parts put behind its first marker. */
export function withParts(file: Buffer, ...parts: Buffer[]): Buffer {
	return Buffer.concat([file.subarray(0, 2), ...parts, file.subarray(2)]);
}

/** A BMP with a header of this size; pixels are zeros. */
export function bmp(headerBytes: number, width: number, height: number): Buffer {
	const rowBytes = Math.ceil((width * 3) / 4) * 4;
	const pixelsAt = 14 + headerBytes;
	const file = Buffer.alloc(pixelsAt + rowBytes * Math.abs(height));
	file.write('BM', 'latin1');
	file.writeUInt32LE(file.length, 2);
	file.writeUInt32LE(pixelsAt, 10);
	file.writeUInt32LE(headerBytes, 14);
	if (headerBytes === 12) {
		file.writeUInt16LE(width, 18);
		file.writeUInt16LE(height, 20);
		file.writeUInt16LE(1, 22);
		file.writeUInt16LE(24, 24);
	} else {
		file.writeInt32LE(width, 18);
		file.writeInt32LE(height, 22);
		file.writeUInt16LE(1, 26);
		file.writeUInt16LE(24, 28);
	}
	return file;
}

/** A PNG's or WebP's parts need no right checksum here: nobody looks at it. */
export function pngChunk(name: string, data: Buffer): Buffer {
	const head = Buffer.alloc(8);
	head.writeUInt32BE(data.length, 0);
	head.write(name, 4, 'latin1');
	return Buffer.concat([head, data, Buffer.alloc(4)]);
}

export function pngHeader(width: number, height: number): Buffer {
	const data = Buffer.alloc(13);
	data.writeUInt32BE(width, 0);
	data.writeUInt32BE(height, 4);
	const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
	return Buffer.concat([signature, pngChunk('IHDR', data)]);
}

export function riffChunk(name: string, data: Buffer): Buffer {
	const head = Buffer.alloc(8);
	head.write(name, 'latin1');
	head.writeUInt32LE(data.length, 4);
	return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
}

export function webp(...chunks: Buffer[]): Buffer {
	const body = Buffer.concat([Buffer.from('WEBP'), ...chunks]);
	return riffChunk('RIFF', body);
}
