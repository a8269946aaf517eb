/* eslint-disable @n8n/community-nodes/no-restricted-imports -- a test unpacks data */
import fc from 'fast-check';
import { inflateSync } from 'node:zlib';
import sharp from 'sharp';
import { crc32 } from '../../../nodes/PicWish/area/crc32';
import { writePng } from '../../../nodes/PicWish/area/pngWriter';
import { bitmapOf, bitmaps } from './bitmaps';
import { bitwiseCrc } from './pngFiles';

test('what is written, sharp reads', async () => {
	await fc.assert(
		fc.asyncProperty(bitmaps, async (bitmap) => {
			const file = await writePng(bitmap);
			const { format, channels, depth, width, height } = await sharp(file).metadata();
			expect({ format, channels, depth }).toEqual({ format: 'png', channels: 1, depth: 'uchar' });
			expect({ width, height }).toEqual({ width: bitmap.width, height: bitmap.height });
			const pixels = await sharp(file).toColourspace('b-w').raw().toBuffer();
			expect(pixels).toEqual(Buffer.from(bitmap.pixels));
		}),
	);
});

test.each([
	[3000, 1000],
	[1, 4096],
	[4096, 1],
])('%i × %i pixels', async (width, height) => {
	const bitmap = bitmapOf(width, height, (x, y) => (x * y) % 7 === 3);
	const file = await writePng(bitmap);
	const pixels = await sharp(file).toColourspace('b-w').raw().toBuffer();
	expect(pixels.equals(bitmap.pixels)).toBe(true);
	const unpacked = inflateSync(file.subarray(file.indexOf('IDAT') + 4));
	expect(unpacked).toHaveLength((width + 1) * height);
});

test('the checksum, in any number of parts', () => {
	expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926);
	fc.assert(
		fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
			expect(crc32(b, crc32(a))).toBe(bitwiseCrc(Buffer.concat([a, b])));
		}),
	);
});
