import sharp from 'sharp';
import type { ExifOrientation } from '../sandbox/pictureFile';
import { binaryOf, onlyItem, submitObjects, useBench, type Bench } from './setup';

/** As seen. */
const SEEN = { width: 96, height: 64 };
const RED = { left: 56, top: 8, width: 16, height: 12 };
const BLUE = { left: 8, top: 40, width: 20, height: 16 };
const ORIENTATIONS = [1, 2, 3, 4, 5, 6, 7, 8];
/** The orientation by which one comes back. */
const BACK: Record<number, number> = { 6: 8, 8: 6 };

type Box = typeof RED;

async function paintBoxes(background: string, boxes: Array<[Box, colour: string]>) {
	const layers = boxes.map(([{ left, top, width, height }, colour]) => ({
		input: { create: { width, height, channels: 3 as const, background: colour } },
		left,
		top,
	}));
	const canvas = sharp({ create: { ...SEEN, channels: 3, background } });
	return await canvas.composite(layers).png().toBuffer();
}

/** A picture as it is stored that is seen upright by the orientation; the tag is not in it. */
async function asStored(seen: Buffer, orientation: number): Promise<Buffer> {
	const tagged = sharp(seen).withMetadata({ orientation: BACK[orientation] ?? orientation });
	return await sharp(await tagged.png().toBuffer())
		.autoOrient()
		.png()
		.toBuffer();
}

async function photo(orientation: number): Promise<Buffer> {
	const seen = await paintBoxes('#888', [
		[RED, '#f00'],
		[BLUE, '#00f'],
	]);
	const stored = sharp(await asStored(seen, orientation));
	return await stored.jpeg({ quality: 95 }).withMetadata({ orientation }).toBuffer();
}

const shownMask = async () => await paintBoxes('#000', [[RED, '#fff']]);

/** The mean colour in the middle of a box, as seen. */
async function colourIn(file: Buffer, { left, top, width, height }: Box) {
	const upright = await sharp(file).autoOrient().png().toBuffer();
	const middle = { left: left + 4, top: top + 4, width: width - 8, height: height - 8 };
	const { channels } = await sharp(await sharp(upright).extract(middle).png().toBuffer()).stats();
	const [red = 0, green = 0, blue = 0] = channels.map(({ mean }) => mean);
	if (red > 200 && blue < 60) return 'red';
	if (blue > 200 && red < 60) return 'blue';
	return Math.max(red, green, blue) - Math.min(red, green, blue) < 30 ? 'grey' : 'mixed';
}

async function removed(
	bench: Bench,
	orientation: number,
	mask: Buffer,
	options: Record<string, unknown> = {},
) {
	const parameters = {
		operation: 'removeObjects',
		removalArea: 'maskBinary',
		options: { requestMode: 'sync', ...options },
	};
	const binary = {
		data: { bytes: await photo(orientation), fileName: 'photo.jpg' },
		mask: { bytes: mask, fileName: 'mask.png' },
	};
	const done = await bench.run(parameters, [{ binary }]);
	const bytes = await done.bytes(binaryOf(onlyItem(done)));
	return {
		removalArea: onlyItem(done).json.removalArea,
		red: await colourIn(bytes, RED),
		blue: await colourIn(bytes, BLUE),
	};
}

const expected = {
	removalArea: { sentAs: 'mask', shapes: null, labels: [], coverage: 192 / 6144 },
	red: 'grey',
	blue: 'blue',
};

const services: ExifOrientation[] = ['ignore', 'apply', 'keep'];

describe.each(services)('a service that would %s the orientation', (exifOrientation) => {
	const bench = useBench({ exifOrientation, inpaint: true, binaryMode: 'filesystem' });

	test.each(ORIENTATIONS)('orientation %i: a mask of the shown size', async (orientation) => {
		expect(await removed(bench, orientation, await shownMask())).toEqual(expected);
	});

	test.each([5, 6, 7, 8])('orientation %i: a mask of the stored size', async (orientation) => {
		const mask = await asStored(await shownMask(), orientation);
		expect(await removed(bench, orientation, mask)).toEqual(expected);
	});

	test.each([3, 6])(
		'orientation %i: a mask that was stored like the photo',
		async (orientation) => {
			const stored = sharp(await asStored(await shownMask(), orientation));
			const tagged = stored.withMetadata({ orientation });
			for (const mask of [tagged.clone().png(), tagged.clone().jpeg({ quality: 100 })]) {
				const { red, blue } = await removed(bench, orientation, await mask.toBuffer());
				expect({ red, blue }).toEqual({ red: 'grey', blue: 'blue' });
			}
		},
	);

	test.each([2, 3, 4])(
		'orientation %i: a mask as stored, where that is said',
		async (orientation) => {
			const mask = await asStored(await shownMask(), orientation);
			const options = { coordinates: 'stored' };
			expect(await removed(bench, orientation, mask, options)).toEqual(expected);
		},
	);
});

describe('a preview of a turned photo', () => {
	const bench = useBench();
	const binaryFor = async (mask: Buffer) => ({
		data: { bytes: await photo(6), fileName: 'photo.jpg' },
		mask: { bytes: mask, fileName: 'mask.png' },
	});
	const whiteBounds = async (png: Buffer) => {
		const { info } = await sharp(png).trim().toBuffer({ resolveWithObject: true });
		const { width, height } = await sharp(png).metadata();
		const [left, top] = [-(info.trimOffsetLeft ?? 0), -(info.trimOffsetTop ?? 0)];
		return { size: { width, height }, box: { left, top, width: info.width, height: info.height } };
	};
	const preview = { ...submitObjects, operation: 'previewArea', options: {} };

	test.each([
		['shown', { size: SEEN, box: RED }],
		[
			'stored',
			{ size: { width: 64, height: 96 }, box: { left: 8, top: 24, width: 12, height: 16 } },
		],
	])('is of the image as %s', async (coordinates, seen) => {
		const { left: x, top: y, width, height } = seen.box;
		const parameters = { ...preview, rectangles: { rectangle: [{ x, y, width, height }] } };
		const run = await bench.run({ ...parameters, options: { coordinates } }, [
			{ binary: await binaryFor(await shownMask()) },
		]);

		expect(await whiteBounds(await run.bytes(binaryOf(onlyItem(run))))).toEqual(seen);
	});

	test.each(['shown', 'stored'])(
		'shows a mask of the shown size as it is seen, where coordinates are %s',
		async (coordinates) => {
			const parameters = { ...preview, removalArea: 'maskBinary', options: { coordinates } };
			const run = await bench.run(parameters, [{ binary: await binaryFor(await shownMask()) }]);

			const seen = { size: SEEN, box: RED };
			expect(await whiteBounds(await run.bytes(binaryOf(onlyItem(run))))).toEqual(seen);
		},
	);
});

describe('on a turned photo', () => {
	const bench = useBench();

	test.each([
		['shown', { width: 64, height: 96 }, 'As Stored'],
		['stored', SEEN, 'As Shown'],
	])(
		'boxes on it as %s are refused, where the answer tells',
		async (coordinates, image, choice) => {
			const predictions = [{ x: 20, y: 20, width: 8, height: 8, class: 'logo', confidence: 0.9 }];
			const binary = { data: { bytes: await photo(6), fileName: 'photo.jpg' } };
			const parameters = { removalArea: 'detections', detections: { image, predictions } };
			const run = await bench.run({ ...submitObjects, ...parameters, options: { coordinates } }, [
				{ binary },
			]);

			expect(run.error?.message).toContain('the photo is stored rotated');
			expect(run.error?.description).toContain(`Set Coordinates in the options to ${choice}.`);
			expect(bench.sandbox.requests).toHaveLength(0);
		},
	);

	test('a mask that is stored rotated, and not as the photo is, is refused', async () => {
		const tagged = sharp(await shownMask()).withMetadata({ orientation: 3 });
		const binary = {
			data: { bytes: await photo(6), fileName: 'photo.jpg' },
			mask: { bytes: await tagged.png().toBuffer(), fileName: 'mask.png' },
		};
		const run = await bench.run({ ...submitObjects, removalArea: 'maskBinary' }, [{ binary }]);

		expect(run.error?.message).toContain(
			'mask.png: the mask is stored rotated (EXIF orientation 3)',
		);
		expect(bench.sandbox.requests).toHaveLength(0);
	});
});
