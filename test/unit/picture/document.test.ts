/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- test code, runs on a developer's machine */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { TASKS } from '../../../nodes/PicWish/api/tasks';
import { recognize, type PictureFormat } from '../../../nodes/PicWish/picture/formats';
import { readHead } from '../../../nodes/PicWish/picture/head';
import {
	bmp,
	exifOf,
	frame,
	jpeg,
	pngChunk,
	pngHeader,
	segment,
	startOfImage,
	startOfScan,
	tiff,
} from './handMade';
import { headOf, WatchedSource } from './stores';

const path = join(__dirname, '../../../docs/pictures.md');
const SIZE = { width: 41, height: 29 };
const MB = 2 ** 20;

type Kind = [name: string, make: (orientation: number) => Promise<Buffer> | Buffer];

const encoded =
	(encode: (picture: Sharp) => Sharp, channels: 3 | 4 = 3) =>
	async (orientation: number) => {
		const picture = sharp({ create: { ...SIZE, channels, background: '#88aacc80' } });
		return await encode(picture).withMetadata({ orientation }).toBuffer();
	};
const sides = (type: number) => [
	{ tag: 256, type, value: SIZE.width },
	{ tag: 257, type, value: SIZE.height },
];

/** What is tried of each format; where the format cannot say an orientation, all are upright. */
const KINDS: Record<PictureFormat, Kind[]> = {
	jpeg: [
		['baseline', encoded((picture) => picture.jpeg())],
		['progressive', encoded((picture) => picture.jpeg({ progressive: true }))],
		['grey', encoded((picture) => picture.greyscale().jpeg())],
		['CMYK', encoded((picture) => picture.toColourspace('cmyk').jpeg())],
		['lossless with arithmetic coding', (o) => jpeg([exifOf(o)], { ...SIZE, marker: 0xcb })],
		[
			'profiles of 300 kB',
			(o) => jpeg([exifOf(o), ...Array<Buffer>(5).fill(segment(0xe2, Buffer.alloc(60_000)))], SIZE),
		],
		[
			'fill bytes and stray bytes between segments',
			(o) => jpeg([exifOf(o), Buffer.from('stray'), Buffer.alloc(9, 0xff)], SIZE),
		],
		[
			'Exif behind the frame',
			(o) => Buffer.concat([startOfImage, frame(SIZE.width, SIZE.height), exifOf(o), startOfScan]),
		],
	],
	png: [
		['8 bits', encoded((picture) => picture.png())],
		['16 bits', encoded((picture) => picture.toColourspace('rgb16').png())],
		['palette', encoded((picture) => picture.png({ palette: true }))],
		['interlaced', encoded((picture) => picture.png({ progressive: true }))],
		['transparent', encoded((picture) => picture.png(), 4)],
		[
			'text of 100 kB before the pixels',
			(o) =>
				Buffer.concat([
					pngHeader(SIZE.width, SIZE.height),
					pngChunk('iTXt', Buffer.alloc(100_000)),
					pngChunk('eXIf', tiff([{ tag: 274, value: o }])),
					pngChunk('IDAT', Buffer.alloc(9)),
				]),
		],
	],
	bmp: [12, 16, 40, 52, 56, 64, 108, 124].map(
		(bytes): Kind => [
			bytes === 12 ? 'header of 12 bytes' : `of ${bytes}`,
			() => bmp(bytes, SIZE.width, SIZE.height),
		],
	),
	webp: [
		['lossy', encoded((picture) => picture.webp())],
		['lossless', encoded((picture) => picture.webp({ lossless: true }))],
		['transparent', encoded((picture) => picture.webp(), 4)],
	],
	tiff: [
		['strips', encoded((picture) => picture.tiff())],
		['tiles', encoded((picture) => picture.tiff({ tile: true, tileWidth: 16, tileHeight: 16 }))],
		['pyramid', encoded((picture) => picture.tiff({ tile: true, pyramid: true }))],
		['16 bits', encoded((picture) => picture.toColourspace('rgb16').tiff())],
		['BigTIFF', encoded((picture) => picture.tiff({ bigtiff: true }))],
		['big-endian, LONG sides', (o) => tiff([...sides(4), { tag: 274, value: o }], 'BE')],
		[
			'directory behind the pixels',
			(o) => tiff([...sides(3), { tag: 274, value: o }], 'LE', 200_001),
		],
	],
};
const NAMES: Record<PictureFormat, string> = {
	jpeg: 'JPEG',
	png: 'PNG',
	bmp: 'BMP',
	webp: 'WebP',
	tiff: 'TIFF',
};
const ORIENTATIONS = [1, 2, 3, 4, 5, 6, 7, 8];

/** One row of the first table, from what was seen. */
async function row(format: PictureFormat): Promise<string[]> {
	const kinds = KINDS[format];
	const orientations = format === 'bmp' ? [1] : ORIENTATIONS;
	let [sizes, turns, tried] = [0, 0, 0];
	for (const [, make] of kinds) {
		for (const orientation of orientations) {
			const head = await headOf(await make(orientation));
			tried++;
			if (head.size?.width === SIZE.width && head.size.height === SIZE.height) sizes++;
			if (head.orientation === orientation) turns++;
		}
	}
	const has = (count: number) => `${count} of ${tried}`;
	const taken = Object.values(TASKS)
		.filter(({ formats }) => formats.includes(format))
		.map(({ label }) => label);
	return [
		NAMES[format],
		kinds.map(([name]) => name).join('; '),
		has(sizes),
		format === 'bmp' ? 'has none' : has(turns),
		`${Math.ceil((await bytesRead(format)) / 1024)} kB`,
		taken.join(', '),
	];
}

/** How much of a file of 20 MB is read, the first kind of the format with zeros behind it. */
async function bytesRead(format: PictureFormat): Promise<number> {
	const file = (await KINDS[format][0]?.[1](6)) ?? Buffer.alloc(0);
	const source = new WatchedSource((at, length) => {
		const chunk = Buffer.alloc(Math.min(length, 20 * MB - at));
		if (at < file.length) file.copy(chunk, 0, at);
		return chunk;
	});
	await readHead(source.open, 20 * MB);
	return source.taken;
}

const text = (content: string) => Buffer.from(content, 'latin1');

/** What comes in place of a picture, by its first bytes. */
const REFUSED: Array<[what: string, head: Buffer]> = [
	['a GIF', text('GIF89a')],
	['a photo of an iPhone (HEIC)', text('\0\0\0\x18ftypheic')],
	['an AVIF', text('\0\0\0\x1cftypavif')],
	['a JPEG XL', text('\0\0\0\x0cJXL \r\n')],
	['a PDF', text('%PDF-1.7')],
	['a drawing (SVG)', text('<svg xmlns="http://www.w3.org/2000/svg">')],
	['a Photoshop file', text('8BPS\0\x01')],
	['a video', text('\0\0\0\x18ftypmp42')],
	['a ZIP archive', text('PK\x03\x04')],
	['a web page', text('<!doctype html>')],
	['an answer in JSON', text('{"error":"not found"}')],
	['base64 text that was not decoded', text(jpeg([exifOf(1)]).toString('base64'))],
	['a data URI that was not decoded', text('data:image/png;base64,iVBORw0KGgo')],
	['a data URI that was decoded whole', Buffer.from('data:image/png;base64,iVBORw0KGgo', 'base64')],
];

const table = (head: string[], rows: string[][]) =>
	[head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

async function page(): Promise<string> {
	const formats = Object.keys(KINDS) as PictureFormat[];
	const known: string[][] = [];
	for (const format of formats) known.push(await row(format));
	const refused = REFUSED.map(([what, head]) => {
		const { name = 'not known', advice = '', format } = recognize(head) ?? {};
		expect(format).toBeUndefined();
		return [what, name, advice.replaceAll('|', '\\|')];
	});
	return `# Image formats: what the node checks before anything is charged

Generated by \`UPDATE_DOCS=1 npx jest test/unit/picture/document\`; \`npm test\` checks that it is up to date.

The node reads the start of a file: the first bytes tell its format, and the header tells its size in pixels and its EXIF
orientation. Each kind below was tested with all eight orientations, read from four kinds of store: a file stream, a whole buffer,
pieces of 977 bytes, and views of a larger buffer.

${table(['format', 'kinds tested', 'size correct', 'orientation correct', 'read of a 20 MB file', 'accepted by'], known)}

* The node never guesses a size that the header does not contain. Without a size, the pixel limits are not checked, and areas in
  percent are refused.
* In TIFF files the directory can be anywhere, and in WebP files the EXIF data follows the pixels. The node reads up to that
  point, or only that part of the file if a web server supports range requests. Offsets beyond the end of the file are ignored.
* No size is known for camera raw files based on TIFF, whose first directory often describes the thumbnail, and for JPEGs that
  contain their height only after the pixels.
* In PNG files, an orientation after the pixels is ignored, as the standard requires.
* Thumbnails in EXIF data, and additional images in a file, are ignored.

## What is checked before a request

The node compares the format, the file size (0 bytes, too), the width and the height with the limits of the operation. It checks
whether rectangles lie inside the image as shown, and whether a mask fits it. A file in an unknown format may be a camera raw
image, so the node sends it, and PicWish decides.

## What is refused, and what the message says

${table(['the file', 'name in the message', 'advice in the message'], refused)}

How the node handles photos that are stored rotated: [decisions/turned-photos.md](decisions/turned-photos.md).
`;
}

test('docs/pictures.md says what is seen', async () => {
	const seen = await page();
	if (process.env.UPDATE_DOCS === '1') writeFileSync(path, seen);
	expect(existsSync(path) ? readFileSync(path, 'utf8') : '').toBe(seen);
});
