// Areas that are drawn: the mask that the sandbox received, pixel by pixel against brute force.

import sharp from 'sharp';
import { sha256 } from '../sandbox/sha256';
import { paint, paintMask } from './pictures';
import { binaryOf, onlyItem, submitObjects, useBench, withPicture } from './setup';

const bench = useBench({ binaryMode: 'filesystem' });

const SIZE = { width: 120, height: 80 };
type Rule = (x: number, y: number) => boolean;

/** Rows of `#` and `.`, to be read in a failed test. */
const drawn = (isMarked: Rule) =>
	Array.from({ length: SIZE.height }, (_, y) =>
		Array.from({ length: SIZE.width }, (__, x) => (isMarked(x, y) ? '#' : '.')).join(''),
	);

/** The pixels of the mask that was received: the preview's, after a look that it is the same file. */
async function received(answer: unknown, parameters: Record<string, unknown> = {}) {
	const photo = await paint('png', SIZE);
	const item = { ...withPicture(photo), json: { answer: JSON.stringify(answer) } };
	const area = { removalArea: 'detections', detections: '={{ $json.answer }}', ...parameters };
	const submitted = await bench.run({ ...submitObjects, ...area }, [item]);
	const preview = await bench.run({ operation: 'previewArea', ...area }, [item]);

	const png = await preview.bytes(binaryOf(onlyItem(preview)));
	const [create, ...more] = bench.creates();
	expect(more).toEqual([]);
	expect(create?.files.mask_file).toMatchObject({ bytes: png.length, sha256: sha256(png) });
	const image = sharp(png);
	expect(await image.metadata()).toMatchObject({ ...SIZE, channels: 1, depth: 'uchar' });
	const pixels = await image.toColourspace('b-w').raw().toBuffer();
	expect(new Set(pixels)).toEqual(new Set([0, 255]));
	const isWhite: Rule = (x, y) => pixels[y * SIZE.width + x] === 255;
	const coverage = pixels.filter((value) => value === 255).length / pixels.length;
	return { isWhite, coverage, removalArea: onlyItem(submitted).json.removalArea };
}

/** Sixty boxes in quarters of pixels, the same each time; some reach beyond an edge. */
const BOXES = Array.from({ length: 60 }, (_, i) => {
	const [left, top] = [((i * 37) % 480) / 4 - 3, ((i * 53) % 320) / 4 - 3];
	return { left, top, right: left + 4 + (i % 9) / 4, bottom: top + 4 + (i % 7) / 4 };
});

const inBoxes: Rule = (x, y) =>
	BOXES.some(
		({ left, top, right, bottom }) => left < x + 1 && right > x && top < y + 1 && bottom > y,
	);

describe('sixty boxes become one mask of what they touch', () => {
	const lists: Record<string, (box: (typeof BOXES)[number]) => unknown> = {
		auto: ({ left, top, right, bottom }) => ({
			x: left,
			y: top,
			width: right - left,
			height: bottom - top,
		}),
		corners: ({ left, top, right, bottom }) => [left, top, right, bottom],
		cornersYFirst: ({ left, top, right, bottom }) => [top, left, bottom, right],
		sizes: ({ left, top, right, bottom }) => [left, top, right - left, bottom - top],
		centers: ({ left, top, right, bottom }) => [
			(left + right) / 2,
			(top + bottom) / 2,
			right - left,
			bottom - top,
		],
	};

	test.each(Object.keys(lists))('%s', async (boxFormat) => {
		const { isWhite, coverage, removalArea } = await received(
			BOXES.map((box) => lists[boxFormat]?.(box)),
			{ boxFormat },
		);

		expect(drawn(isWhite)).toEqual(drawn(inBoxes));
		expect(removalArea).toEqual({ sentAs: 'mask', shapes: 60, labels: [], coverage });
	});

	test('grown by whole pixels on every side', async () => {
		const options = { ...submitObjects.options, growArea: 2 };
		const { isWhite } = await received(BOXES.map(lists.auto!), { options });

		const isNear: Rule = (x, y) =>
			[-2, -1, 0, 1, 2].some((dy) =>
				[-2, -1, 0, 1, 2].some(
					(dx) =>
						x + dx >= 0 &&
						y + dy >= 0 &&
						x + dx < SIZE.width &&
						y + dy < SIZE.height &&
						inBoxes(x + dx, y + dy),
				),
			);
		expect(drawn(isWhite)).toEqual(drawn(isNear));
	});
});

describe('outlines, as Roboflow gives them for a picture of half the size', () => {
	interface Point {
		x: number;
		y: number;
	}
	/** Points on a circle, joined in steps of `step`: 1 = a polygon, 2 of 5 = a star that crosses itself. */
	const star = (x: number, y: number, reach: number, corners: number, step: number): Point[] =>
		Array.from({ length: corners }, (_, i) => {
			const angle = ((i * step) / corners) * 2 * Math.PI;
			return { x: x + reach * Math.cos(angle), y: y + reach * Math.sin(angle) };
		});
	const OUTLINES = [star(30, 20, 14, 7, 1), star(12, 12, 11, 5, 2), star(55, 36, 12, 3, 1)];

	const SCALE = 2;
	const edges = OUTLINES.map((points) =>
		points.map((from, i) => {
			const to = points[(i + 1) % points.length] ?? from;
			return [from.x, from.y, to.x, to.y].map((value) => value * SCALE) as [
				number,
				number,
				number,
				number,
			];
		}),
	);

	/** Even-odd, by a ray to the right. */
	const isInside: Rule = (x, y) =>
		edges.some((outline) => {
			const crossed = outline.filter(
				([ax, ay, bx, by]) => ay <= y !== by <= y && ax + ((y - ay) / (by - ay)) * (bx - ax) > x,
			);
			return crossed.length % 2 === 1;
		});

	/** Whether a line of an outline passes the pixel, made larger by `margin` on every side. */
	const isPassed = (x: number, y: number, margin: number) =>
		edges.flat().some(([ax, ay, bx, by]) => {
			let [from, to] = [0, 1];
			for (const [start, delta, low] of [
				[ax, bx - ax, x],
				[ay, by - ay, y],
			] as const) {
				const ends = [low - margin - start, low + 1 + margin - start].map((end) => end / delta);
				[from, to] = [Math.max(from, Math.min(...ends)), Math.min(to, Math.max(...ends))];
			}
			return from <= to;
		});

	test('mark each pixel that a line passes or whose middle is inside, by even-odd', async () => {
		const predictions = OUTLINES.map((points, i) => ({
			...{ x: 1, y: 1, width: 2, height: 2, confidence: 0.9 },
			...{ class: `thing ${i}`, class_id: i, detection_id: String(i), points },
		}));
		const image = { width: SIZE.width / SCALE, height: SIZE.height / SCALE };
		const { isWhite, removalArea } = await received({ predictions, image });

		const byMargin =
			(margin: number): Rule =>
			(x, y) =>
				isInside(x + 0.5, y + 0.5) || isPassed(x, y, margin);
		// A line that only grazes a pixel may count or not: coordinates are rounded by less than 1e-5.
		const [least, most] = [byMargin(-1e-5), byMargin(1e-5)];
		const expected: Rule = (x, y) => (isWhite(x, y) ? most(x, y) : least(x, y));
		expect(drawn(isWhite)).toEqual(drawn(expected));
		expect(removalArea).toMatchObject({ shapes: 3, labels: ['thing 0', 'thing 1', 'thing 2'] });
		// The middle of the star is crossed twice, so it is outside; its points are not.
		expect([isWhite(24, 24), isWhite(43, 24)]).toEqual([false, true]);
	});
});

describe('masks in a binary field', () => {
	const run = async (mask: Buffer, options: Record<string, unknown> = {}) => {
		const photo = withPicture(await paint('png', SIZE)).binary;
		const parameters = { ...submitObjects, removalArea: 'maskBinary' };
		return await bench.run({ ...parameters, options: { ...submitObjects.options, ...options } }, [
			{ binary: { ...photo, mask: { bytes: mask, fileName: 'm.png' } } },
		]);
	};

	test.each<[string, (mask: sharp.Sharp) => sharp.Sharp]>([
		['with blurred edges', (mask) => mask.blur(2).png()],
		['with a palette', (mask) => mask.png({ palette: true, colors: 2 })],
		['interlaced', (mask) => mask.png({ progressive: true })],
		['of 16 bits', (mask) => mask.toColourspace('rgb16').png()],
	])('%s are sent byte for byte', async (_name, encode) => {
		const mask = await encode(sharp(await paintMask(SIZE))).toBuffer();
		await run(mask);

		expect(bench.creates()[0]?.files.mask_file?.sha256).toBe(sha256(mask));
	});

	const plain = async (background: string) =>
		await sharp({ create: { ...SIZE, channels: 3, background } })
			.png()
			.toBuffer();
	test.each<[string, () => Promise<Buffer>, Record<string, unknown>, RegExp]>([
		['mark nothing', async () => await plain('#000'), {}, /marks nothing: no pixel of it is white/],
		['mark all', async () => await plain('#fff'), {}, /marks the whole image/],
		[
			'mark all when grown',
			async () => await paintMask(SIZE),
			{ growArea: 100 },
			/the whole image is marked when the marks are grown by 100 pixels/,
		],
	])('that %s are refused without a request', async (_name, make, options, message) => {
		const { error } = await run(await make(), options);

		expect(error?.message).toMatch(message);
		expect(bench.sandbox.requests).toHaveLength(0);
	});
});

test('boxes that cover the whole image together are refused without a request', async () => {
	const strips = Array.from({ length: 60 }, (_, i) => [i * 2, 0, i * 2 + 2, SIZE.height]);
	const item = { ...withPicture(await paint('png', SIZE)), json: { strips } };
	const area = {
		removalArea: 'detections',
		detections: '={{ $json.strips }}',
		boxFormat: 'corners',
	};
	const { error } = await bench.run({ ...submitObjects, ...area }, [item]);

	expect(error?.message).toMatch(/the whole image is marked/);
	expect(bench.sandbox.requests).toHaveLength(0);
});
