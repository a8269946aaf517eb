import fc from 'fast-check';
import sharp from 'sharp';
import {
	coverageOf,
	emptyBitmap,
	fillBoxes,
	grow,
	toStoredBitmap,
} from '../../../nodes/PicWish/area/bitmap';
import { bitmapOf, bitmaps, drawn, isMarked, sides } from './bitmaps';

/** Quarters of pixels, so that brute force meets no rounding; also outside of any bitmap here. */
const coordinates = fc.integer({ min: -40, max: 140 }).map((quarter) => quarter / 4);
const boxes = fc.record({
	left: coordinates,
	top: coordinates,
	right: coordinates,
	bottom: coordinates,
});

describe('boxes', () => {
	test('mark each pixel that they overlap, also with corners in another order', async () => {
		await fc.assert(
			fc.asyncProperty(
				sides,
				sides,
				fc.array(boxes, { maxLength: 8 }),
				async (width, height, all) => {
					const bitmap = emptyBitmap({ width, height });
					await fillBoxes(bitmap, all);
					const overlaps = (x: number, y: number) =>
						all.some(
							({ left, top, right, bottom }) =>
								left !== right &&
								top !== bottom &&
								Math.min(left, right) < x + 1 &&
								Math.max(left, right) > x &&
								Math.min(top, bottom) < y + 1 &&
								Math.max(top, bottom) > y,
						);
					expect(drawn(bitmap)).toEqual(drawn(bitmapOf(width, height, overlaps)));
				},
			),
			{ numRuns: 300 },
		);
	});

	test('a hair beyond a pixel costs none', async () => {
		const bitmap = emptyBitmap({ width: 100, height: 1 });
		await fillBoxes(bitmap, [
			{ left: 28.999999999999996, top: 0, right: 57.00000000000001, bottom: 1 },
		]);
		expect(coverageOf(bitmap)).toBe(0.28);
	});

	test('keep what is marked already', async () => {
		const bitmap = bitmapOf(4, 2, (x) => x === 0);
		await fillBoxes(bitmap, [{ left: 2, top: 1, right: 3, bottom: 2 }]);
		expect(drawn(bitmap)).toEqual(['#...', '#.#.']);
	});

	test.each([NaN, Infinity, -Infinity, 1e300, -1e300])(
		'with a side of %d end and stay inside',
		async (side) => {
			for (const name of ['left', 'top', 'right', 'bottom']) {
				const bitmap = emptyBitmap({ width: 5, height: 5 });
				await fillBoxes(bitmap, [{ left: 1, top: 1, right: 3, bottom: 3, [name]: side }]);
				expect(bitmap.pixels).toHaveLength(25);
			}
		},
	);

	test('to infinity cover all', async () => {
		const bitmap = emptyBitmap({ width: 5, height: 5 });
		await fillBoxes(bitmap, [{ left: -Infinity, top: -1e300, right: 1e300, bottom: Infinity }]);
		expect(coverageOf(bitmap)).toBe(1);
	});
});

describe('growing', () => {
	test('marks all within the radius, straight and diagonally', async () => {
		await fc.assert(
			fc.asyncProperty(bitmaps, fc.integer({ min: 0, max: 30 }), async (bitmap, radius) => {
				const isNear = (x: number, y: number) => {
					for (let dy = -radius; dy <= radius; dy++) {
						for (let dx = -radius; dx <= radius; dx++) {
							if (isMarked(bitmap, x + dx, y + dy)) return true;
						}
					}
					return false;
				};
				const expected = drawn(bitmapOf(bitmap.width, bitmap.height, isNear));
				await grow(bitmap, radius);
				expect(drawn(bitmap)).toEqual(expected);
			}),
			{ numRuns: 200 },
		);
	});

	test.each([
		[0.2, ['.....', '.###.', '.###.', '.###.', '.....']],
		[1e9, ['#####', '#####', '#####', '#####', '#####']],
		[-1, ['.....', '.....', '..#..', '.....', '.....']],
		[NaN, ['.....', '.....', '..#..', '.....', '.....']],
	])('by %d', async (radius, expected) => {
		const bitmap = bitmapOf(5, 5, (x, y) => x === 2 && y === 2);
		await grow(bitmap, radius);
		expect(drawn(bitmap)).toEqual(expected);
	});
});

describe('turning', () => {
	/** What is shown where, by the tag's definition: which side of the picture row 0 and column 0 are. */
	test.each<[number, string[]]>([
		[1, ['##.', '#..']],
		[2, ['.##', '..#']],
		[3, ['..#', '.##']],
		[4, ['#..', '##.']],
		[5, ['##', '#.', '..']],
		[6, ['##', '.#', '..']],
		[7, ['..', '.#', '##']],
		[8, ['..', '#.', '##']],
	])('%i', async (orientation, shown) => {
		const [width, height] = [shown[0]?.length ?? 0, shown.length];
		const bitmap = bitmapOf(width, height, (x, y) => shown[y]?.[x] === '#');
		expect(drawn(await toStoredBitmap(bitmap, orientation))).toEqual(['##.', '#..']);
	});

	test('back from what sharp shows', async () => {
		const bitmap = bitmapOf(7, 5, (x, y) => (x * 3 + y * 5) % 7 < 2);
		const raw = { width: 7, height: 5, channels: 1 } as const;
		const stored = (orientation: number) =>
			sharp(bitmap.pixels, { raw }).withMetadata({ orientation }).png().toBuffer();
		for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8] as const) {
			const { data, info } = await sharp(await stored(orientation))
				.autoOrient()
				.toColourspace('b-w')
				.raw()
				.toBuffer({ resolveWithObject: true });
			const shown = { width: info.width, height: info.height, pixels: data };
			expect(drawn(await toStoredBitmap(shown, orientation))).toEqual(drawn(bitmap));
		}
	});
});

test('coverage is the marked share', () => {
	fc.assert(
		fc.property(bitmaps, (bitmap) => {
			const marked = bitmap.pixels.filter((pixel) => pixel > 0).length;
			expect(coverageOf(bitmap)).toBeCloseTo(marked / bitmap.pixels.length, 12);
		}),
	);
});
