/** Uncompressed BMP, 24 or 32 bits per pixel, which libvips, and so sharp, does not support. */

const HEADER_BYTES = 54;

export interface RgbPicture {
	width: number;
	height: number;
	/** Three bytes per pixel, rows from top to bottom. */
	rgb: Buffer;
}

/** Width and height from the header, or undefined when there is no usable header. */
export function bmpSize(head: Buffer): { width: number; height: number } | undefined {
	if (head.length < 26 || head.toString('latin1', 0, 2) !== 'BM') return undefined;
	const width = head.readInt32LE(18);
	const height = Math.abs(head.readInt32LE(22));
	return width > 0 && height > 0 ? { width, height } : undefined;
}

/** @throws Error if the file is damaged or of an unsupported kind */
export function decodeBmp(file: Buffer): RgbPicture {
	const size = bmpSize(file);
	const bitsPerPixel = file.length >= HEADER_BYTES ? file.readUInt16LE(28) : 0;
	const compression = file.length >= HEADER_BYTES ? file.readUInt32LE(30) : 0;
	// 3 = uncompressed with colour masks, as in 32-bit files; the usual masks are assumed.
	if (!size || ![24, 32].includes(bitsPerPixel) || ![0, 3].includes(compression)) {
		throw new Error('Not an uncompressed BMP of 24 or 32 bits');
	}
	const { width, height } = size;
	const bytesPerPixel = bitsPerPixel / 8;
	const rowBytes = Math.ceil((width * bytesPerPixel) / 4) * 4;
	const start = file.readUInt32LE(10);
	if (file.length < start + rowBytes * height) throw new Error('The BMP is cut off');
	const bottomUp = file.readInt32LE(22) > 0;
	const rgb = Buffer.alloc(width * height * 3);
	let to = 0;
	for (let y = 0; y < height; y++) {
		let from = start + (bottomUp ? height - 1 - y : y) * rowBytes;
		for (let x = 0; x < width; x++, from += bytesPerPixel) {
			rgb[to++] = file[from + 2] ?? 0;
			rgb[to++] = file[from + 1] ?? 0;
			rgb[to++] = file[from] ?? 0;
		}
	}
	return { width, height, rgb };
}

export function encodeBmp({ width, height, rgb }: RgbPicture): Buffer {
	const rowBytes = Math.ceil((width * 3) / 4) * 4;
	const file = Buffer.alloc(HEADER_BYTES + rowBytes * height);
	file.write('BM', 0, 'latin1');
	file.writeUInt32LE(file.length, 2);
	file.writeUInt32LE(HEADER_BYTES, 10);
	file.writeUInt32LE(40, 14);
	file.writeInt32LE(width, 18);
	file.writeInt32LE(height, 22);
	file.writeUInt16LE(1, 26);
	file.writeUInt16LE(24, 28);
	file.writeUInt32LE(rowBytes * height, 34);
	let from = 0;
	for (let y = height - 1; y >= 0; y--) {
		let to = HEADER_BYTES + y * rowBytes;
		for (let x = 0; x < width; x++, to += 3, from += 3) {
			file[to + 2] = rgb[from] ?? 0;
			file[to + 1] = rgb[from + 1] ?? 0;
			file[to] = rgb[from + 2] ?? 0;
		}
	}
	return file;
}
