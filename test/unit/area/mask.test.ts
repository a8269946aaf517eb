import fc from 'fast-check';
import { hasShapeOf, maskFromFile, type MaskFileOrder } from '../../../nodes/PicWish/area/mask';
import type { MaskMarks } from '../../../nodes/PicWish/area/maskReader';
import {
	BLACK,
	CLEAR,
	fileOf,
	grey,
	inSpot,
	order,
	picture,
	type Pixel,
	refusal,
	sent,
	WHITE,
} from './maskFiles';

describe('what is marked', () => {
	test.each<[MaskMarks, Pixel, boolean]>([
		['white', grey(128), true],
		['white', grey(127), false],
		['white', [255, 255, 255, 250], true],
		['white', [255, 255, 255, 249], false],
		['black', grey(127), true],
		['black', grey(128), false],
		['black', [0, 0, 0, 250], true],
		['black', [0, 0, 0, 249], false],
		['transparent', [9, 200, 9, 249], true],
		['transparent', [9, 200, 9, 250], false],
		['painted', [9, 200, 9, 6], true],
		['painted', [9, 200, 9, 5], false],
	])('%s: %j %p', async (marks, pixel, marked) => {
		// One pixel that is surely marked and one that is not, so that nothing is refused.
		const yes = { white: WHITE, black: BLACK, transparent: CLEAR, painted: WHITE }[marks];
		const no = { white: BLACK, black: WHITE, transparent: WHITE, painted: CLEAR }[marks];
		const source = fileOf((x, y) => (y > 0 ? no : ([pixel, yes][x] ?? no)));
		const { png, coverage } = await maskFromFile(source, { ...order, marks, redraw: true });

		expect(await sent(png)).toEqual(picture((x, y) => y === 0 && (x === 1 || (x === 0 && marked))));
		expect(coverage).toBeCloseTo((marked ? 2 : 1) / 200, 12);
	});

	test.each<[string, MaskMarks, Pixel, Pixel]>([
		['white on black', 'white', WHITE, BLACK],
		['black on white', 'black', BLACK, WHITE],
		['a hole in a photo', 'transparent', CLEAR, [90, 140, 110, 255]],
		['strokes on nothing', 'painted', [200, 30, 30, 255], CLEAR],
	])('%s', async (_, marks, mark, rest) => {
		const source = fileOf((x, y) => (inSpot(x, y) ? mark : rest));
		const drawnMask = await maskFromFile(source, { ...order, marks, redraw: true });

		expect(await sent(drawnMask.png)).toEqual(picture(inSpot));
		expect(drawnMask).toMatchObject({ coverage: 15 / 200, hint: undefined });
	});
});

describe('a mask that can be sent as it is', () => {
	const clean = () => fileOf((x, y) => (inSpot(x, y) ? WHITE : x === 9 ? grey(100) : BLACK));

	test('is not drawn anew, grey edges and all', async () => {
		expect(await maskFromFile(clean(), order)).toMatchObject({
			png: undefined,
			coverage: 15 / 200,
		});
	});

	test('also where the size of the image is not known', async () => {
		expect((await maskFromFile(clean(), { ...order, size: undefined })).png).toBeUndefined();
	});

	test.each<[string, Partial<MaskFileOrder>]>([
		['grown', { growBy: 1 }],
		['scaled', { size: { width: 40, height: 20 } }],
		['turned', { orientation: 3 }],
		['wanted black and white', { redraw: true }],
	])('but is when it is to be %s', async (_, change) => {
		expect((await maskFromFile(clean(), { ...order, ...change })).png).toBeDefined();
	});

	test('and is when some of it is transparent', async () => {
		const source = fileOf((x, y) => (inSpot(x, y) ? WHITE : x === 9 ? [0, 0, 0, 254] : BLACK));
		expect((await maskFromFile(source, order)).png).toBeDefined();
	});

	test('and is when it marks in black', async () => {
		const source = fileOf((x, y) => (inSpot(x, y) ? BLACK : WHITE));
		const { png } = await maskFromFile(source, { ...order, marks: 'black' });
		expect(await sent(png)).toEqual(picture(inSpot));
	});
});

describe('fitting', () => {
	const spot = () => fileOf((x, y) => (inSpot(x, y) ? WHITE : BLACK));

	test('to a larger image', async () => {
		const size = { width: 60, height: 30 };
		const { png } = await maskFromFile(spot(), { ...order, size });
		const within = (x: number, y: number) => inSpot(Math.floor(x / 3), Math.floor(y / 3));
		expect(await sent(png)).toEqual(picture(within, size));
	});

	test('to a smaller image, rounded outwards', async () => {
		const size = { width: 10, height: 5 };
		const { png } = await maskFromFile(spot(), { ...order, size });
		expect(await sent(png)).toEqual(picture((x, y) => x >= 1 && x < 4 && y >= 1 && y < 3, size));
	});

	test('any size of the same shape: no mark is lost', async () => {
		const marks = fc.array(fc.tuple(fc.nat({ max: 19 }), fc.nat({ max: 9 })), {
			minLength: 1,
			maxLength: 9,
		});
		await fc.assert(
			fc.asyncProperty(marks, fc.integer({ min: 4, max: 90 }), async (all, height) => {
				const size = { width: height * 2, height };
				const isOne = (x: number, y: number) => all.some(([mx, my]) => mx === x && my === y);
				const source = fileOf((x, y) => (isOne(x, y) ? WHITE : BLACK));
				const made = await maskFromFile(source, { ...order, size, redraw: true }).catch(
					() => undefined,
				);
				if (made === undefined) return;
				const scale = height / 10;
				const expected = (x: number, y: number) =>
					all.some(
						([mx, my]) =>
							mx * scale < x + 1 - 1e-5 &&
							(mx + 1) * scale > x + 1e-5 &&
							my * scale < y + 1 - 1e-5 &&
							(my + 1) * scale > y + 1e-5,
					);
				expect(await sent(made.png)).toEqual(picture(expected, size));
			}),
			{ numRuns: 50 },
		);
	});

	test('grown after it is scaled', async () => {
		const size = { width: 40, height: 20 };
		const { png } = await maskFromFile(spot(), { ...order, size, growBy: 3 });
		expect(await sent(png)).toEqual(picture((x, y) => x >= 3 && x < 19 && y >= 1 && y < 13, size));
	});

	test('turned back to how the image is stored', async () => {
		// Orientation 6: what is stored on the left is shown at the top.
		const { png } = await maskFromFile(spot(), { ...order, orientation: 6 });
		const stored = { width: 10, height: 20 };
		const isOne = (x: number, y: number) => inSpot(19 - y, x);
		expect(await sent(png)).toEqual(picture(isOne, stored));
	});

	test.each([
		[[100, 50], [1000, 500], true],
		[[50, 33], [1000, 667], true],
		[[1000, 667], [50, 33], true],
		[[1000, 1000], [1000, 1010], true],
		[[1000, 1000], [1000, 1011], false],
		[[1011, 1000], [1000, 1000], false],
		[[40, 29], [40, 30], false],
		[[41, 30], [40, 30], false],
		[[30, 40], [40, 30], false],
	])('%j has the shape of %j: %p', ([w = 0, h = 0], [width = 0, height = 0], expected) => {
		expect(hasShapeOf({ width: w, height: h }, { width, height })).toBe(expected);
	});

	test('another shape is refused with both sizes', async () => {
		const details = await refusal(
			maskFromFile(spot(), { ...order, size: { width: 20, height: 20 } }),
		);
		expect(details).toMatchObject({
			code: 'INVALID_INPUT',
			message: 'Mask Binary Field: m.png: the mask has 20 × 10 pixels, the image has 20 × 20',
		});
	});
});
