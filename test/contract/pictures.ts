import sharp from 'sharp';
import { encodeBmp } from '../sandbox/bmp';

/** PNG of 20 × 20 pixels, the least that both tasks take. */
export const smallPng = Buffer.from(
	'iVBORw0KGgoAAAANSUhEUgAAABQAAAAUCAIAAAAC64paAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAIElEQVR4nGPoWHWGbMQwqvnMaICdGU0kZ0YzxpmBKwwA13odDmBGk2QAAAAASUVORK5CYII=',
	'base64',
);
export const smallSide = 20;

/** Of a TIFF: the bytes before its first pixel, and its name for numbers of four bytes. */
const HEADER_BYTES = 8;
const LONG = 4;

type SharpFormat = 'jpeg' | 'png' | 'webp' | 'tiff' | 'gif' | 'avif';

/** A picture of one colour, in pixels. */
export async function paint(
	format: SharpFormat | 'bmp',
	{ width = 40, height = 30 } = {},
): Promise<Buffer> {
	if (format === 'bmp') {
		return encodeBmp({ width, height, rgb: Buffer.alloc(width * height * 3, 0x88) });
	}
	return await plain(width, height).toFormat(format).toBuffer();
}

/** A mask as PicWish wants it: black, with a white block in the middle. */
export async function paintMask({ width = 40, height = 30 } = {}): Promise<Buffer> {
	const [inner, outer] = [
		{ width: Math.ceil(width / 4), height: Math.ceil(height / 4), channels: 3, background: '#fff' },
		{ width, height, channels: 3, background: '#000' },
	] as const;
	const block = await sharp({ create: inner }).png().toBuffer();
	return await sharp({ create: outer })
		.composite([{ input: block }])
		.png()
		.toBuffer();
}

/** A JPEG that is shown turned by 90°: its pixels are stored lying, 40 × 30. */
export async function paintTurnedJpeg(): Promise<Buffer> {
	return await plain(40, 30).jpeg().withMetadata({ orientation: 6 }).toBuffer();
}

/** A JPEG whose size comes only after 200 kB of metadata, as cameras and editors write them. */
export async function paintJpegWithMetadata(size: {
	width: number;
	height: number;
}): Promise<Buffer> {
	const jpeg = await paint('jpeg', size);
	const segment = Buffer.alloc(50_000);
	segment.writeUInt16BE(0xffe5, 0);
	segment.writeUInt16BE(segment.length - 2, 2);
	return Buffer.concat([jpeg.subarray(0, 2), ...Array<Buffer>(4).fill(segment), jpeg.subarray(2)]);
}

/** A grey TIFF whose directory, and so its size, comes after all pixels. */
export function tiffWithDirectoryAtEnd(
	{ width, height }: { width: number; height: number },
	endian: 'LE' | 'BE',
): Buffer {
	const pixels = width * height;
	// In the order of their numbers: sizes, depth, no compression, grey, and one strip of pixels.
	const tags = Object.entries({
		256: width,
		257: height,
		258: 8,
		259: 1,
		262: 1,
		273: HEADER_BYTES,
		277: 1,
		278: height,
		279: pixels,
	});
	const file = Buffer.alloc(HEADER_BYTES + pixels + 2 + 12 * tags.length + 4, 0x88);
	file.write(endian === 'LE' ? 'II' : 'MM', 'latin1');
	const short = (value: number, at: number) => file[`writeUInt16${endian}`](value, at);
	const long = (value: number, at: number) => file[`writeUInt32${endian}`](value, at);
	short(42, 2);
	let at = long(HEADER_BYTES + pixels, 4) + pixels;
	at = short(tags.length, at);
	for (const [tag, value] of tags) {
		at = short(LONG, short(Number(tag), at));
		at = long(value, long(1, at));
	}
	long(0, at);
	return file;
}

/** Only the header of a BMP: enough for everybody who looks at its size and no further. */
export function bmpHeader(width: number, height: number): Buffer {
	const file = encodeBmp({ width: 1, height: 1, rgb: Buffer.alloc(3) });
	file.writeInt32LE(width, 18);
	file.writeInt32LE(height, 22);
	return file;
}

/** The file with zeros behind it, which picture readers pass over; in chunks, never held whole. */
export function padded(file: Buffer, totalBytes: number): () => AsyncIterable<Uint8Array> {
	return async function* () {
		yield file;
		const zeros = Buffer.alloc(1024 * 1024);
		for (let left = totalBytes - file.length; left > 0; left -= zeros.length) {
			yield zeros.subarray(0, left);
		}
	};
}

function plain(width: number, height: number) {
	return sharp({ create: { width, height, channels: 3, background: '#88aacc' } });
}
