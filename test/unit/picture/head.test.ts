/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { Readable } from 'node:stream';
import sharp from 'sharp';
import { readPicture } from '../../../nodes/PicWish/input/binaryFile';
import { readHead } from '../../../nodes/PicWish/picture/head';
import {
	bmp,
	directory,
	exifOf,
	exifSegment,
	frame,
	jpeg,
	pngChunk,
	pngHeader,
	riffChunk,
	segment,
	startOfImage,
	startOfScan,
	tiff,
	tiffHead,
	webp,
	type Entry,
} from './handMade';
import { headOf, sizeOf, WatchedSource } from './stores';

const size = (width: number, height: number): Entry[] => [
	{ tag: 256, value: width },
	{ tag: 257, value: height },
];
const fill = (bytes: number) => Buffer.alloc(bytes, 0xff);
const app = (data: Buffer) => segment(0xe5, data);

describe('BMP', () => {
	function withInt32(file: Buffer, value: number, at: number): Buffer {
		file.writeInt32LE(value, at);
		return file;
	}

	test.each([12, 16, 24, 40, 52, 56, 64, 108, 124])('a header of %i bytes', async (bytes) => {
		expect(await sizeOf(bmp(bytes, 40, 30))).toEqual([40, 30]);
	});

	test('rows from top to bottom', async () => {
		expect(await sizeOf(bmp(40, 40, -30))).toEqual([40, 30]);
	});

	test.each([
		['no width', bmp(40, 0, 30)],
		['a negative width', withInt32(bmp(40, 40, 30), -40, 18)],
		['cut off', bmp(40, 40, 30).subarray(0, 24)],
		['cut off, of OS/2', bmp(12, 40, 30).subarray(0, 20)],
	])('%s: no size', async (_name, file) => {
		expect(await headOf(file)).toEqual({ name: 'BMP', size: undefined, orientation: 1 });
	});
});

describe('TIFF', () => {
	test.each(['LE', 'BE'] as const)('sides as SHORT, LONG and BYTE, %s', async (endian) => {
		for (const type of [1, 3, 4]) {
			const entries = size(40, 30).map((entry) => ({ ...entry, type }));
			expect(await sizeOf(tiff(entries, endian))).toEqual([40, 30]);
		}
	});

	test('of several pages the first counts, wherever the others stand', async () => {
		const first = directory(
			[...size(200, 100), ...Array.from({ length: 8 }, (_, i) => ({ tag: 300 + i, value: 1 }))],
			'LE',
			8 + 126 + 6,
		);
		const second = directory([...size(20, 10), { tag: 274, value: 6 }], 'LE');
		const file = Buffer.concat([tiffHead(8, 'LE'), first, Buffer.alloc(6, 1), second]);
		expect(await headOf(file)).toMatchObject({
			size: { width: 200, height: 100 },
			orientation: 1,
		});
	});

	test('of two entries for a side the first counts', async () => {
		expect(await sizeOf(tiff([...size(40, 30), ...size(4, 3)]))).toEqual([40, 30]);
	});

	test('a directory far behind the pixels', async () => {
		expect(await sizeOf(tiff(size(40, 30), 'BE', 300_001))).toEqual([40, 30]);
	});

	test('the orientation is in the same directory', async () => {
		const file = tiff([...size(40, 30), { tag: 274, value: 6 }]);
		expect(await headOf(file)).toMatchObject({ size: { width: 40, height: 30 }, orientation: 6 });
	});

	test('so is that of a raw picture, whose size is not known', async () => {
		const raw = [...size(160, 120), { tag: 274, value: 6 }, { tag: 330, type: 4, value: 8 }];
		expect(await headOf(tiff(raw))).toMatchObject({ size: undefined, orientation: 6 });
	});

	test.each(['LE', 'BE'] as const)('BigTIFF, %s', async (endian) => {
		const file = Buffer.alloc(16 + 8 + 2 * 20);
		file.write(endian === 'LE' ? 'II+\0\x08\0\0\0' : 'MM\0+\0\x08\0\0', 'latin1');
		file[`writeBigUInt64${endian}`](16n, 8);
		file[`writeBigUInt64${endian}`](2n, 16);
		for (const [at, tag, value] of [
			[24, 256, 40n],
			[44, 257, 30n],
		] as const) {
			file[`writeUInt16${endian}`](tag, at);
			file[`writeUInt16${endian}`](16, at + 2);
			file[`writeBigUInt64${endian}`](1n, at + 4);
			file[`writeBigUInt64${endian}`](value, at + 12);
		}
		expect(await headOf(file)).toMatchObject({ name: 'TIFF', size: { width: 40, height: 30 } });
	});

	test.each([
		['a thumbnail', tiff([{ tag: 254, type: 4, value: 1 }, ...size(160, 120)])],
		['a raw picture’s', tiff([...size(160, 120), { tag: 330, type: 4, value: 8 }])],
		['a raw picture’s, of type IFD', tiff([...size(160, 120), { tag: 330, type: 13, value: 8 }])],
		[
			'a raw picture’s, of several',
			tiff([...size(160, 120), { tag: 330, type: 4, count: 2, value: 80 }]),
		],
		[
			'a Canon raw picture’s',
			Buffer.concat([
				tiffHead(16, 'LE'),
				Buffer.from('CR\x02\0\0\0\0\0'),
				directory(size(160, 120), 'LE'),
			]),
		],
		['without a height', tiff(size(40, 30).slice(0, 1))],
		['cut off in its directory', tiff(size(40, 30)).subarray(0, 30)],
		['without a directory', Buffer.from('II*\0\x08\0\0\0', 'latin1')],
		['of five bytes', Buffer.from('II*\0\x08', 'latin1')],
		['with a directory behind its end', tiffHead(0xfffffff0, 'LE')],
		['with a directory in its header', tiffHead(2, 'LE')],
		[
			'with text for a side',
			tiff([
				{ tag: 256, type: 2, value: 40 },
				{ tag: 257, value: 30 },
			]),
		],
	])('%s: no size', async (_name, file) => {
		expect(await headOf(file)).toMatchObject({ name: 'TIFF', size: undefined });
	});
});

describe('JPEG', () => {
	const frames = [0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf];

	test.each(frames)('frame %i', async (marker) => {
		expect(await sizeOf(jpeg([], { marker }))).toEqual([40, 30]);
	});

	test.each([
		['fill bytes before the frame', jpeg([fill(5)])],
		['fill bytes over a chunk', jpeg([fill(20_000)])],
		['fill bytes behind the first marker', jpeg([fill(1), exifOf(1)])],
		['bytes between segments', jpeg([app(Buffer.alloc(9)), Buffer.from('garbage')])],
		['a stuffed zero between segments', jpeg([app(Buffer.alloc(9)), Buffer.from([0xff, 0])])],
		['a length that is too short', jpeg([Buffer.from([0xff, 0xe5, 0, 2, 1, 2, 3])])],
		['a length of zero', jpeg([Buffer.from([0xff, 0xe5, 0, 0])])],
		[
			'tables and an extension before the frame',
			jpeg([0xc4, 0xcc, 0xc8].map((marker) => segment(marker, Buffer.alloc(30)))),
		],
		['a second start', jpeg([startOfImage])],
		['markers without a length', jpeg([Buffer.from([0xff, 0x01, 0xff, 0xd0])])],
		['two frames', jpeg([frame(40, 30)], { width: 4, height: 3 })],
		['a profile of 300 kB', jpeg(Array<Buffer>(5).fill(segment(0xe2, Buffer.alloc(60_000, 0xff))))],
		['a frame in a segment', jpeg([app(frame(4, 3))])],
		['a frame at the edge of a chunk', jpeg([segment(0xfe, Buffer.alloc(16_371, 0x20))])],
		[
			'a whole JPEG in Exif',
			jpeg([exifSegment(Buffer.concat([tiff([]), jpeg([], { width: 4, height: 3 })]))]),
		],
	])('%s', async (_name, file) => {
		expect(await sizeOf(file)).toEqual([40, 30]);
	});

	test.each([
		['the number of lines comes later', jpeg([], { height: 0 })],
		['no frame', Buffer.concat([startOfImage, app(Buffer.alloc(50)), startOfScan, frame(4, 3)])],
		[
			'a frame behind the end',
			Buffer.concat([startOfImage, exifOf(1), Buffer.from([0xff, 0xd9]), frame(4, 3)]),
		],
		['cut off in the frame', jpeg([exifOf(1)]).subarray(0, -16)],
	])('%s: no size', async (_name, file) => {
		expect(await headOf(file)).toMatchObject({ name: 'JPEG', size: undefined });
	});

	test.each([1, 2, 3, 4, 5, 6, 7, 8])('orientation %i', async (orientation) => {
		for (const endian of ['LE', 'BE'] as const) {
			expect(await headOf(jpeg([exifOf(orientation, endian)]))).toMatchObject({ orientation });
		}
	});

	const withoutTag = exifSegment(tiff([{ tag: 305, value: 1 }]));
	test.each([
		[6, 'the directory is not the first thing', jpeg([exifOf(6, 'BE', 16)])],
		[6, 'a second Exif segment says nothing', jpeg([exifOf(6), withoutTag])],
		[6, 'the first Exif segment says nothing', jpeg([withoutTag, exifOf(6)])],
		[6, 'the second Exif segment says something else', jpeg([exifOf(6), exifOf(3)])],
		[6, 'Exif behind other segments', jpeg([app(Buffer.alloc(50_000)), exifOf(6)])],
		[
			6,
			'Exif behind the frame',
			Buffer.concat([startOfImage, frame(40, 30), exifOf(6), startOfScan]),
		],
		[6, 'written as LONG', jpeg([exifSegment(tiff([{ tag: 274, type: 4, value: 6 }], 'BE'))])],
		[1, 'nonsense', jpeg([exifOf(9)])],
		[1, 'nonsense in the first of two', jpeg([exifOf(0), exifOf(6)])],
		[1, 'a number that is 6 in its lower byte', jpeg([exifOf(0x106)])],
		[
			1,
			'more values than stand there',
			jpeg([exifSegment(tiff([{ tag: 274, count: 300, value: 6 }]))]),
		],
		[1, 'no value', jpeg([exifSegment(tiff([{ tag: 274, count: 0, value: 6 }]))])],
		[
			1,
			'cut off before its value',
			jpeg([exifSegment(tiff([{ tag: 274, value: 6 }]).subarray(0, 18))]),
		],
		[1, 'XMP, which is an APP1 too', jpeg([exifSegment(tiff([{ tag: 274, value: 6 }]), 'http:/')])],
		[1, 'Exif behind the scan', Buffer.concat([jpeg([]), exifOf(6)])],
	])('orientation %i: %s', async (orientation, _name, file) => {
		expect(await headOf(file)).toMatchObject({ orientation });
	});
});

describe('PNG', () => {
	const exifAt = (at: number) => tiff([{ tag: 274, value: 8 }], 'LE', at);
	const exif = pngChunk('eXIf', exifAt(8));
	const pixels = pngChunk('IDAT', Buffer.alloc(10));

	test.each([
		[8, 'at once', [exif, pixels]],
		[8, 'far into its block', [pngChunk('eXIf', exifAt(50_000)), pixels]],
		[8, 'behind other chunks', [pngChunk('iTXt', Buffer.alloc(100_000)), exif, pixels]],
		[1, 'behind the pixels, where it does not belong', [pixels, exif]],
		[1, 'none', [pixels]],
	])('orientation %i: %s', async (orientation, _name, chunks) => {
		expect(await headOf(Buffer.concat([pngHeader(40, 30), ...chunks]))).toEqual({
			name: 'PNG',
			size: { width: 40, height: 30 },
			orientation,
		});
	});

	test.each([
		['cut off', pngHeader(40, 30).subarray(0, 20)],
		['no width', pngHeader(0, 30)],
		['more than PNG allows', pngHeader(2 ** 31, 30)],
		[
			'another chunk first',
			Buffer.concat([pngHeader(40, 30).subarray(0, 8), exif, pngHeader(40, 30).subarray(8)]),
		],
	])('%s: no size', async (_name, file) => {
		expect(await headOf(file)).toMatchObject({ name: 'PNG', size: undefined });
	});
});

describe('WebP', () => {
	const exif = tiff([{ tag: 274, value: 5 }]);
	const extended = (flags: number) => {
		const data = Buffer.alloc(10);
		data.writeUInt8(flags, 0);
		data.writeUIntLE(39, 4, 3);
		data.writeUIntLE(29, 7, 3);
		return riffChunk('VP8X', data);
	};
	const odd = riffChunk('VP8L', Buffer.alloc(70_001));

	test.each([
		[5, 'behind the pixels', webp(extended(0x08), odd, riffChunk('EXIF', exif))],
		[
			5,
			'with the prefix of a JPEG',
			webp(extended(0x08), odd, riffChunk('EXIF', Buffer.concat([Buffer.from('Exif\0\0'), exif]))),
		],
		[1, 'not announced, as only alpha is', webp(extended(0x10), odd, riffChunk('EXIF', exif))],
		[1, 'announced, but missing', webp(extended(0x08), odd)],
	])('orientation %i: %s', async (orientation, _name, file) => {
		expect(await headOf(file)).toEqual({
			name: 'WebP',
			size: { width: 40, height: 30 },
			orientation,
		});
	});

	test.each([
		['lossy, with bits for scaling', 'VP8 ', [0, 0, 0, 0x9d, 1, 0x2a, 40, 0x40, 30, 0x80]],
		['lossless, with alpha', 'VP8L', [0x2f, 39, 0x40, 7, 0x10]],
	])('%s', async (_name, kind, data) => {
		expect(await sizeOf(webp(riffChunk(kind, Buffer.from(data))))).toEqual([40, 30]);
	});

	test.each(['VP8 ', 'VP8L', 'ABCD'])('%s with data that nobody knows: no size', async (kind) => {
		expect(await sizeOf(webp(riffChunk(kind, Buffer.alloc(40, 1))))).toBeUndefined();
	});
});

test.each([
	['raw pixels', Buffer.alloc(180_000, 90).fill(0, 0, 12)],
	[
		'raw pixels that look like a TGA',
		Buffer.from(Buffer.alloc(180_000, 90).fill(0, 0, 12)).fill(Buffer.from([16, 0, 16, 0]), 12, 16),
	],
	['a GIF', Buffer.from('GIF89a\x28\0\x1e\0', 'latin1')],
	['nothing', Buffer.alloc(0)],
	['text', Buffer.from('I like: WEBP pictures')],
])('a size is given only for formats that are known: %s', async (_name, file) => {
	expect(await headOf(file)).toMatchObject({ size: undefined, orientation: 1 });
});

describe('no more is read than needed', () => {
	const zeros = (at: number, bytes: number, total: number) =>
		Buffer.alloc(Math.max(0, Math.min(bytes, total - at)));
	const starting = (start: Buffer, total: number) =>
		new WatchedSource((at, bytes) => {
			const chunk = zeros(at, bytes, total);
			if (at < start.length) start.copy(chunk, 0, at);
			return chunk;
		});
	const MB = 2 ** 20;

	test.each([
		['JPEG', jpeg([exifOf(6), app(Buffer.alloc(20_000))])],
		['PNG', Buffer.concat([pngHeader(40, 30), pngChunk('IDAT', Buffer.alloc(9))])],
		['WebP', webp(riffChunk('VP8L', Buffer.from([0x2f, 39, 0xc0, 7, 0, 0])))],
		['TIFF', tiff(size(40, 30))],
		['BMP', bmp(40, 40, 30)],
		['raw', Buffer.alloc(100)],
	])('of a %s of 20 MB', async (_name, start) => {
		const source = starting(start, 20 * MB);
		await readHead(source.open, 20 * MB);
		expect(source.taken).toBeLessThanOrEqual(32 * 1024);
		expect(source.ended).toBe(true);
	});

	test.each([
		['behind the end', 0xfffffff0, 20 * MB],
		['behind what any task takes', 50 * MB + 100, 51 * MB],
	])('of a TIFF with its directory %s', async (_name, at, total) => {
		const source = starting(tiffHead(at, 'LE'), total);
		await readHead(source.open, total);
		expect(source.taken).toBeLessThanOrEqual(32 * 1024);
	});

	test('of a BigTIFF that announces millions of entries', async () => {
		const start = Buffer.from('II+\0\x08\0\0\0\x10\0\0\0\0\0\0\0\0\0\0\x10\0\0\0\0', 'latin1');
		const source = starting(start, 20 * MB);
		await readHead(source.open, 20 * MB);
		expect(source.taken).toBeLessThanOrEqual(128 * 1024);
	});

	test('of a PNG with an Exif block of a megabyte', async () => {
		const source = starting(
			Buffer.concat([pngHeader(40, 30), pngChunk('eXIf', Buffer.alloc(MB))]),
			20 * MB,
		);
		await readHead(source.open, 20 * MB);
		expect(source.taken).toBeLessThanOrEqual(128 * 1024);
	});

	test('of a TIFF that is too large for its task', async () => {
		const bytes = 21 * MB;
		const source = starting(tiffHead(bytes - 1000, 'LE'), bytes);
		const helpers = {
			getBinaryStream: async (_id: string, chunkBytes?: number) =>
				Readable.from(await source.open(chunkBytes)),
			getBinaryMetadata: async () => await Promise.resolve({ fileSize: bytes }),
		};
		const binary = { id: 'store:1', data: 'store', mimeType: 'image/tiff' };
		const picture = await readPicture({ helpers }, binary, 20 * MB);
		expect(picture).toMatchObject({ bytes, size: undefined, content: { format: 'tiff' } });
		expect(source.taken).toBeLessThanOrEqual(64 * 1024);
	});

	test('nothing behind the length that was given', async () => {
		// The frame stands in the chunk that reaches over the length.
		const file = Buffer.concat([jpeg([app(Buffer.alloc(480))]), Buffer.alloc(500)]);
		const source = new WatchedSource((at) => file.subarray(at, at + 100));
		const { size: found } = await readHead(source.open, 490);
		expect(found).toBeUndefined();
		expect(source.taken).toBe(500);
	});

	test('the file is opened anew where its directory is far away', async () => {
		const total = 30 * MB;
		const at = total - 1000;
		const source = starting(tiffHead(at, 'LE'), total);
		const offsets: number[] = [];
		const end = new WatchedSource((from) => directory(size(40, 30), 'LE').subarray(from));
		const head = await readHead(source.open, total, async (offset) => {
			offsets.push(offset);
			return await end.open();
		});
		expect(head.size).toEqual({ width: 40, height: 30 });
		expect(offsets).toEqual([at]);
		expect([source.taken <= 32 * 1024, source.ended, end.ended]).toEqual([true, true, true]);
	});

	test('the file is not opened anew where a header is only long', async () => {
		const file = jpeg(Array<Buffer>(5).fill(segment(0xe2, Buffer.alloc(60_000))));
		const source = starting(file, file.length);
		const head = await readHead(source.open, file.length, async () => {
			return await Promise.reject(new Error('Opened anew'));
		});
		expect(head.size).toEqual({ width: 40, height: 30 });
	});

	test('the stream of a store is destroyed', async () => {
		let destroyed = 0;
		const source = starting(pngHeader(40, 30), MB);
		await readHead(async () => Object.assign(await source.open(), { destroy: () => destroyed++ }));
		expect(destroyed).toBe(1);
	});

	test('what the source throws is thrown', async () => {
		const open = async () => await Promise.reject(new Error('The store is gone'));
		await expect(readHead(open)).rejects.toThrow('The store is gone');
	});
});

/** Markers and chunks are looked at one by one: their number is limited, or a hostile file would hold up n8n. */
test.each([
	['a JPEG', 'stuffed zeros', startOfImage, Buffer.from([0xff, 0])],
	['a JPEG', 'segments without data', startOfImage, Buffer.from([0xff, 0xe5, 0, 2])],
	['a PNG', 'chunks without data', pngHeader(40, 30), pngChunk('tEXt', Buffer.alloc(0))],
])(
	'%s of 8 MB of %s is read no further than 10 000 of them',
	async (_format, _what, start, part) => {
		const file = Buffer.concat([start, Buffer.alloc(8 * 2 ** 20).fill(part)]);
		const source = new WatchedSource((at, length) => file.subarray(at, at + length));
		await readHead(source.open, file.length);
		expect(source.taken).toBeLessThan(144 * 1024);
	},
);

test('sharp agrees about a picture of each format', async () => {
	const picture = sharp({ create: { width: 41, height: 29, channels: 3, background: '#88aacc' } });
	for (const format of ['jpeg', 'png', 'webp', 'tiff'] as const) {
		for (let orientation = 1; orientation <= 8; orientation++) {
			const file = await picture.clone().withMetadata({ orientation }).toFormat(format).toBuffer();
			expect(await headOf(file)).toMatchObject({ size: { width: 41, height: 29 }, orientation });
		}
	}
});
