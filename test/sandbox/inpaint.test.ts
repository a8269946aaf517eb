import sharp from 'sharp';

import { type Sandbox, startSandbox } from './server';
import { type TaskType, taskTypes } from './taskTypes';
import { encodeBmp } from './bmp';
import { type Parts, SandboxClient } from './client';

const SIZE = { width: 320, height: 240 };

let sandbox: Sandbox;
let client: SandboxClient;

beforeAll(async () => {
	sandbox = await startSandbox({ requestsPerSecond: 0, processingMs: 0 });
	client = new SandboxClient(sandbox);
});
afterAll(async () => await sandbox.close());

const svg = (inner: string) =>
	Buffer.from(
		`<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE.width}" height="${SIZE.height}">${inner}</svg>`,
	);

/** A soft background with a shape, such as a photograph might have. */
const clean = () =>
	sharp(
		svg(`<defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1">
		<stop offset="0" stop-color="#345"/><stop offset="1" stop-color="#a65"/></linearGradient></defs>
		<rect width="100%" height="100%" fill="url(#g)"/><circle cx="90" cy="150" r="60" fill="#264"/>`),
	).removeAlpha();

const overlaid = async (inner: string) =>
	sharp(
		await clean()
			.composite([{ input: svg(inner) }])
			.png()
			.toBuffer(),
	).removeAlpha();

const object = '<rect x="200" y="60" width="50" height="40" fill="#f4e020"/>';
const watermark =
	'<g fill="none" stroke="#fff" stroke-width="6" opacity="0.5">' +
	'<path d="M40 120h240M60 100v60M120 90l40 70M200 90l-30 70"/><circle cx="240" cy="130" r="22"/></g>';
const rectangles = '[{"x":196,"y":56,"width":58,"height":48}]';

interface Area {
	left: number;
	top: number;
	width: number;
	height: number;
}
const all: Area = { left: 0, top: 0, ...SIZE };

/** Mean difference of two pictures in the area, 0…255. */
async function difference(a: sharp.Sharp, b: sharp.Sharp, area: Area): Promise<number> {
	const [one, other] = await Promise.all(
		[a, b].map(async (picture) => await picture.clone().extract(area).raw().toBuffer()),
	);
	let sum = 0;
	one?.forEach((value, i) => (sum += Math.abs(value - (other?.[i] ?? 0))));
	return sum / (one?.length ?? 1);
}

async function process(taskType: TaskType, parts: Parts): Promise<Buffer> {
	const { data } = await client.create(taskType, [['sync', '1'], ...parts]);
	const url = data[taskTypes[taskType].resultField];
	const response = await fetch(String(url));
	expect(response.status).toBe(200);
	return Buffer.from(await response.arrayBuffer());
}

test('object removal by rectangles brings the area back near to the clean picture', async () => {
	const source = await overlaid(object);
	const bytes = await source.png().toBuffer();
	const result = await process('removeObjects', [
		['image_file', bytes],
		['rectangles', rectangles],
	]);
	const area = { left: 200, top: 60, width: 50, height: 40 };
	expect(await difference(source, clean(), area)).toBeGreaterThan(50);
	expect(await difference(sharp(result), clean(), area)).toBeLessThan(5);
	expect(await difference(sharp(result), clean(), all)).toBeLessThan(3);
	expect(await sharp(result).metadata()).toMatchObject({ format: 'jpeg', ...SIZE });
});

test('a mask removes what is white in it, and nothing else', async () => {
	const second = '<rect x="20" y="20" width="30" height="30" fill="#f4e020"/>';
	const source = await overlaid(object + second);
	const mask = await sharp(
		svg(`<rect width="100%" height="100%"/>
		<rect x="196" y="56" width="58" height="48" fill="#fff"/>`),
	)
		.png()
		.toBuffer();
	const result = sharp(
		await process('removeObjects', [
			['image_file', await source.png().toBuffer()],
			['mask_file', mask],
		]),
	);
	const marked = { left: 200, top: 60, width: 50, height: 40 };
	const unmarked = { left: 20, top: 20, width: 30, height: 30 };
	expect(await difference(result, clean(), marked)).toBeLessThan(5);
	expect(await difference(result, source, unmarked)).toBeLessThan(5);
});

test('watermark removal finds a half-transparent overlay by itself, format kept', async () => {
	const source = await overlaid(watermark);
	const strokes = { left: 40, top: 88, width: 240, height: 74 };
	const before = await difference(source, clean(), strokes);
	const result = await process('removeWatermark', [['file', await source.png().toBuffer()]]);
	expect(await sharp(result).metadata()).toMatchObject({ format: 'png', ...SIZE });
	expect(await difference(sharp(result), clean(), strokes)).toBeLessThan(before / 4);
});

test('the same input gives the same bytes', async () => {
	const parts: Parts = [['file', await (await overlaid(watermark)).jpeg().toBuffer()]];
	const [one, other] = [
		await process('removeWatermark', parts),
		await process('removeWatermark', parts),
	];
	expect(other.equals(one)).toBe(true);
});

const kinds: Array<[string, (picture: sharp.Sharp) => Promise<Buffer>]> = [
	['grey JPEG', async (picture) => await picture.greyscale().jpeg().toBuffer()],
	['CMYK JPEG', async (picture) => await picture.toColourspace('cmyk').jpeg().toBuffer()],
	['16-bit PNG', async (picture) => await picture.toColourspace('rgb16').png().toBuffer()],
	['PNG with a palette', async (picture) => await picture.png({ palette: true }).toBuffer()],
	['PNG with alpha', async (picture) => await picture.ensureAlpha(0.9).png().toBuffer()],
	['WebP', async (picture) => await picture.webp().toBuffer()],
	['TIFF with LZW', async (picture) => await picture.tiff({ compression: 'lzw' }).toBuffer()],
	[
		'BMP',
		async (picture) => encodeBmp({ ...SIZE, rgb: await picture.removeAlpha().raw().toBuffer() }),
	],
];
test.each(kinds)('takes a %s', async (_name, encode) => {
	const result = await process('removeObjects', [
		['image_file', await encode(await overlaid(object))],
		['rectangles', rectangles],
	]);
	expect(await sharp(result).metadata()).toMatchObject({ format: 'jpeg', ...SIZE });
	const { channels } = await sharp(result).stats();
	// Only the removed object had that much red and green.
	expect(channels[1]?.max).toBeLessThan(224 - 60);
});

test('a watermark on a BMP or on a PNG with alpha comes back as such', async () => {
	const source = await overlaid(watermark);
	const bmp = encodeBmp({ ...SIZE, rgb: await source.clone().raw().toBuffer() });
	const bmpResult = await process('removeWatermark', [['file', bmp]]);
	expect([bmpResult.toString('latin1', 0, 2), bmpResult.length]).toEqual(['BM', bmp.length]);
	const png = await source.clone().ensureAlpha(0.5).png().toBuffer();
	const pngResult = await process('removeWatermark', [['file', png]]);
	// `stats` looks at the file itself, whatever comes before it in the chain.
	const [given, got] = [await sharp(png).stats(), await sharp(pngResult).stats()];
	expect(given.channels[3]).toMatchObject({ min: 127, max: 127 });
	expect(got.channels[3]).toMatchObject({ min: 127, max: 127 });
});

test('a picture that is cut off fails with -7, and the next one is done', async () => {
	const png = await (await overlaid(object)).png().toBuffer();
	const { data } = await client.create('removeObjects', [
		['image_file', png.subarray(0, png.length / 2)],
		['rectangles', rectangles],
		['sync', '1'],
	]);
	expect(data).toMatchObject({ state: -7, err_message: expect.stringMatching(/Invalid image/) });
	expect(
		await process('removeObjects', [
			['image_file', png],
			['rectangles', rectangles],
		]),
	).not.toHaveLength(0);
});
