import sharp from 'sharp';
import type { ExifOrientation } from '../sandbox/pictureFile';
import { sha256 } from '../sandbox/sha256';
import { startPictureHost } from './pictureHost';
import { paint, paintJpegWithMetadata, paintMask } from './pictures';
import { binaryOf, onlyItem, useBench, withPicture, type Bench } from './setup';

/** As seen. */
const SEEN = { width: 96, height: 64 };
/** What is to be removed, and what tells how the picture lies. */
const RED = { x: 56, y: 8, width: 16, height: 12 };
const BLUE = { x: 8, y: 40, width: 20, height: 16 };
/** The red box in a photo that is stored by orientation 6, which is 64 × 96. */
const RED_STORED_6 = { x: 8, y: 24, width: 12, height: 16 };
/** The orientation by which one comes back. */
const BACK: Record<number, number> = { 6: 8, 8: 6 };
const ORIENTATIONS = [1, 2, 3, 4, 5, 6, 7, 8];

type Box = typeof RED;
type Format = 'jpeg' | 'png' | 'webp' | 'tiff';

const grey = { r: 128, g: 128, b: 128 };
const paintBox = ({ x, y, width, height }: Box, background: string) => ({
	input: { create: { width, height, channels: 3 as const, background } },
	left: x,
	top: y,
});

/** A photo that is seen as 96 × 64 with a red and a blue box, and is stored as the orientation says. */
async function photo(orientation: number, format: Format = 'jpeg'): Promise<Buffer> {
	const seen = await sharp({ create: { ...SEEN, channels: 3, background: grey } })
		.composite([paintBox(RED, '#f00'), paintBox(BLUE, '#00f')])
		.png()
		.withMetadata({ orientation: BACK[orientation] ?? orientation })
		.toBuffer();
	const stored = sharp(seen).autoOrient();
	const encoded = format === 'jpeg' ? stored.jpeg({ quality: 95 }) : stored.toFormat(format);
	return await encoded.withMetadata({ orientation }).toBuffer();
}

/** The mean colour in the middle of a box, as seen. */
async function colourIn(file: Buffer, { x, y, width, height }: Box): Promise<string> {
	const middle = { left: x + 4, top: y + 4, width: width - 8, height: height - 8 };
	const upright = await sharp(file).autoOrient().png().toBuffer();
	const { channels } = await sharp(await sharp(upright).extract(middle).png().toBuffer()).stats();
	const [red = 0, green = 0, blue = 0] = channels.map(({ mean }) => mean);
	if (red > 200 && blue < 60) return 'red';
	if (blue > 200 && red < 60) return 'blue';
	return Math.max(red, green, blue) - Math.min(red, green, blue) < 30 ? 'grey' : 'mixed';
}

async function look(file: Buffer) {
	const { autoOrient, orientation } = await sharp(file).metadata();
	const [red, blue] = [await colourIn(file, RED), await colourIn(file, BLUE)];
	return { size: autoOrient, red, blue, orientation };
}

const removeRed = {
	operation: 'removeObjects',
	rectangles: { rectangle: [RED] },
	options: { requestMode: 'sync' },
};

async function resultOf(bench: Bench, parameters: Record<string, unknown>, file: Buffer) {
	const run = await bench.run(parameters, [withPicture(file, 'photo.jpg', 'image/jpeg')]);
	const bytes = await run.bytes(binaryOf(onlyItem(run)));
	return { run, bytes, ...(await look(bytes)) };
}

test('the test’s own photos are all seen alike', async () => {
	for (const orientation of ORIENTATIONS) {
		for (const format of ['jpeg', 'png', 'webp', 'tiff'] as const) {
			const seen = { size: SEEN, red: 'red', blue: 'blue', orientation };
			expect(await look(await photo(orientation, format))).toEqual(seen);
		}
	}
});

const services: ExifOrientation[] = ['ignore', 'apply', 'keep'];

describe.each(services)('a service that would %s the orientation', (exifOrientation) => {
	const bench = useBench({ exifOrientation, inpaint: true, binaryMode: 'filesystem' });

	test.each(ORIENTATIONS)('orientation %i: removed and returned as seen', async (orientation) => {
		const done = await resultOf(bench, removeRed, await photo(orientation));

		expect(done).toMatchObject({ size: SEEN, red: 'grey', blue: 'blue' });
		expect(done.orientation ?? 1).toBe(orientation);
	});

	test('in percent, and inside the reply', async () => {
		const rectangle = {
			x: (RED.x / SEEN.width) * 100,
			y: (RED.y / SEEN.height) * 100,
			width: (RED.width / SEEN.width) * 100,
			height: (RED.height / SEEN.height) * 100,
		};
		const options = { requestMode: 'sync', resultTransfer: 'base64' };
		const parameters = { ...removeRed, rectangles: { rectangle: [rectangle] }, options };
		const done = await resultOf(bench, { ...parameters, rectangleUnit: 'percent' }, await photo(6));

		expect(done).toMatchObject({ size: SEEN, red: 'grey', blue: 'blue', orientation: 6 });
	});

	test('in stored pixels, where the option says so', async () => {
		const options = { requestMode: 'sync', coordinates: 'stored' };
		const parameters = { ...removeRed, rectangles: { rectangle: [RED_STORED_6] }, options };
		const done = await resultOf(bench, parameters, await photo(6));

		expect(done).toMatchObject({ size: SEEN, red: 'grey', blue: 'blue', orientation: 6 });
	});

	test.each(ORIENTATIONS)(
		'orientation %i: Remove Watermark returns it as seen',
		async (orientation) => {
			const parameters = { operation: 'removeWatermark', options: { requestMode: 'sync' } };
			const done = await resultOf(bench, parameters, await photo(orientation));

			expect(done).toMatchObject({ size: SEEN, red: 'red', blue: 'blue' });
			expect(done.orientation ?? 1).toBe(orientation);
		},
	);
});

describe('what is sent', () => {
	const bench = useBench({ binaryMode: 'filesystem' });
	const sentFile = () => bench.creates()[0]?.files.image_file;
	const sentRectangles = () => JSON.parse(bench.creates()[0]?.fields.rectangles ?? '[]') as unknown;

	async function submit(file: Buffer, more: Record<string, unknown> = {}, mask?: Buffer) {
		const item = withPicture(file, 'photo.jpg', 'image/jpeg');
		if (mask && item.binary) item.binary.mask = { bytes: mask, fileName: 'mask.png' };
		return await bench.run({ ...removeRed, ...more }, [item]);
	}

	test('a turned JPEG is sent with nothing changed but the tag', async () => {
		const file = await photo(6);
		await submit(file);

		const tag = file.indexOf(Buffer.from('011200030000000100', 'hex')) + 9;
		const littleEndian = file.indexOf(Buffer.from('1201030001000000', 'hex')) + 8;
		const upright = Buffer.from(file);
		upright.writeUInt8(1, tag >= 9 ? tag : littleEndian);
		expect(sentFile()).toMatchObject({ bytes: file.length, sha256: sha256(upright) });
		expect(sentRectangles()).toEqual([RED_STORED_6]);
	});

	test.each(ORIENTATIONS.slice(1))('a hint tells of orientation %i', async (orientation) => {
		const { run } = await resultOf(bench, removeRed, await photo(orientation));

		const message = expect.stringContaining('the result has the same orientation');
		expect(run.hints).toMatchObject([{ message }]);
	});

	test('a photo that is not turned is sent as it is', async () => {
		const file = await photo(1);
		const run = await submit(file);

		expect(sentFile()).toMatchObject({ sha256: sha256(file) });
		expect(sentRectangles()).toEqual([RED]);
		expect(run.hints).toEqual([]);
	});

	test.each([
		['Wait for Completion', { waitForCompletion: false }],
		['Download Result', { downloadResult: false }],
	])(
		'with %s off it is sent as it is, the area in stored pixels, and a hint tells of it',
		async (_name, options) => {
			const file = await photo(6);
			const run = await submit(file, { options });

			expect(sentFile()).toMatchObject({ sha256: sha256(file) });
			expect(sentRectangles()).toEqual([RED_STORED_6]);
			expect(run.hints).toMatchObject([
				{
					message: expect.stringContaining(
						'sent as it is, because this run does not fetch the result',
					),
				},
			]);
		},
	);

	test.each(['png', 'webp', 'tiff'] as const)(
		'a %s is sent as it is, and a hint tells of it',
		async (format) => {
			const file = await photo(6, format);
			const run = await submit(file);

			expect(sentFile()).toMatchObject({ sha256: sha256(file) });
			expect(sentRectangles()).toEqual([RED_STORED_6]);
			expect(run.hints).toMatchObject([
				{ message: expect.stringMatching(/\(EXIF orientation 6\) and was sent as it is/) },
			]);
		},
	);

	test('an area is checked against the image as it is seen', async () => {
		const below = { x: 0, y: 65, width: 10, height: 10 };
		const run = await submit(await photo(6), { rectangles: { rectangle: [below] } });

		expect(run.error?.message).toContain('the image has 96 × 64 pixels');
		expect(bench.sandbox.requests).toHaveLength(0);
	});

	test('a mask that is turned like the image is sent as an upright one like it', async () => {
		const file = await photo(6);
		await submit(file, { removalArea: 'maskBinary' }, file);

		const { image_file: image, mask_file: mask } = bench.creates()[0]?.files ?? {};
		expect(image?.sha256).not.toBe(sha256(file));
		expect(mask?.sha256).toBe(image?.sha256);
	});

	test('with a mask of the stored size it is sent as an upright one', async () => {
		const file = await photo(6);
		const mask = await paintMask({ width: 64, height: 96 });
		await submit(file, { removalArea: 'maskBinary' }, mask);

		expect(sentFile()?.bytes).toBe(file.length);
		expect(sentFile()?.sha256).not.toBe(sha256(file));
		expect(bench.creates()[0]?.files.mask_file?.sha256).toBe(sha256(mask));
	});
});

describe('the result of a turned photo', () => {
	const bench = useBench({ binaryMode: 'filesystem' });

	async function served(body: Buffer) {
		async function* pieces(): AsyncGenerator<Buffer> {
			for (let at = 0; at < body.length; at += 10_000) {
				yield await Promise.resolve(body.subarray(at, at + 10_000));
			}
		}
		const act = { type: 'serve' as const, length: body.length, body: pieces };
		bench.sandbox.addFault({ kind: 'download', act });
		const item = withPicture(await photo(6), 'photo.jpg', 'image/jpeg');
		const run = await bench.run(removeRed, [item]);
		return { run, bytes: await run.bytes(binaryOf(onlyItem(run))) };
	}

	test('may have a long header and come in pieces', async () => {
		const jpeg = await paintJpegWithMetadata({ width: 64, height: 96 });
		const { bytes } = await served(Buffer.concat([jpeg, Buffer.alloc(2 ** 20)]));

		expect(bytes).toHaveLength(jpeg.length + 2 ** 20 + 36);
		expect(bytes.subarray(38, jpeg.length + 36).equals(jpeg.subarray(2))).toBe(true);
		expect(await sharp(bytes).metadata()).toMatchObject({ width: 64, height: 96, orientation: 6 });
	});

	test('stays as it is where it is no JPEG, and a hint tells of it', async () => {
		const png = await paint('png', { width: 64, height: 96 });
		const { run, bytes } = await served(png);

		expect(sha256(bytes)).toBe(sha256(png));
		expect(run.hints).toMatchObject([
			{
				message: expect.stringContaining(
					'the result is not a JPEG and is rotated as the image is stored',
				),
			},
		]);
	});
});

describe('a turned photo behind an address', () => {
	const bench = useBench({ inpaint: true, exifOrientation: 'ignore', binaryMode: 'filesystem' });
	const quarter = { x: 55, y: 10, width: 25, height: 25 };
	const parameters = {
		...removeRed,
		imageSource: 'url',
		rectangleUnit: 'percent',
		rectangles: { rectangle: [quarter] },
	};

	test('is uploaded as an upright one where its size is needed', async () => {
		const file = await photo(6);
		const host = await startPictureHost(file);
		const run = await bench.run({ ...parameters, imageUrl: `${host.url}/photo.jpg` }, [{}]);
		await host.close();

		expect(bench.creates()[0]?.files.image_file?.bytes).toBe(file.length);
		const done = await look(await run.bytes(binaryOf(onlyItem(run))));
		expect(done).toMatchObject({ size: SEEN, red: 'grey', blue: 'blue', orientation: 6 });
	});

	test('is left to PicWish where the option says so, the area in stored pixels, and a hint tells of it', async () => {
		const host = await startPictureHost(await photo(6));
		const options = { requestMode: 'sync', urlFetchedBy: 'picwish' };
		const run = await bench.run({ ...parameters, options, imageUrl: host.url }, [{}]);
		await host.close();

		expect(bench.creates()[0]?.files).toEqual({});
		expect(JSON.parse(bench.creates()[0]?.fields.rectangles ?? '[]')).toEqual([
			{ x: 6, y: 19, width: 17, height: 25 },
		]);
		expect(run.hints).toMatchObject([
			{ message: expect.stringContaining('because PicWish downloads it') },
		]);
	});
});
