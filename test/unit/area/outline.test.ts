import fc from 'fast-check';
import { emptyBitmap, fillBoxes } from '../../../nodes/PicWish/area/bitmap';
import { fillOutlines } from '../../../nodes/PicWish/area/outline';
import type { Point } from '../../../nodes/PicWish/area/shapes';
import { bitmapOf, drawn, isMarked, sides } from './bitmaps';

/** Also beside the bitmap; eighths and odd fractions. */
const coordinates = fc.oneof(
	fc.integer({ min: -80, max: 280 }).map((eighth) => eighth / 8),
	fc.double({ min: -10, max: 35, noNaN: true }),
);
const points = fc.record({ x: coordinates, y: coordinates });
const outlines = fc.array(points, { minLength: 1, maxLength: 9 });

const edgesOf = (outline: Point[]) =>
	outline.map((point, i): [Point, Point] => [point, outline[(i + 1) % outline.length]!]);

/** Even-odd, by a ray to the right. */
function isInside(outline: Point[], { x, y }: Point): boolean {
	const crossed = edgesOf(outline).filter(([a, b]) => {
		if (a.y <= y === b.y <= y) return false;
		return a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x) > x;
	});
	return crossed.length % 2 === 1;
}

/** The part of an edge within a square that reaches `margin` beyond a pixel is longer than nothing. */
function passes([a, b]: [Point, Point], px: number, py: number, margin: number): boolean {
	let [from, to] = [0, 1];
	for (const [start, delta, low] of [
		[a.x, b.x - a.x, px],
		[a.y, b.y - a.y, py],
	] as const) {
		const [near, far] = [low - margin - start, low + 1 + margin - start];
		if (delta === 0) {
			if (near >= 0 || far <= 0) return false;
		} else {
			from = Math.max(from, Math.min(near / delta, far / delta));
			to = Math.min(to, Math.max(near / delta, far / delta));
		}
	}
	return from <= to;
}

/** Coordinates are rounded by less than this. */
const MARGIN = 2e-6;

test('each pixel that an outline passes or encloses is marked, and no other', async () => {
	await fc.assert(
		fc.asyncProperty(
			sides,
			sides,
			fc.array(outlines, { maxLength: 3 }),
			async (width, height, all) => {
				const bitmap = emptyBitmap({ width, height });
				await fillOutlines(bitmap, all);
				const touches = (x: number, y: number, margin: number) =>
					all.some(
						(outline) =>
							isInside(outline, { x: x + 0.5, y: y + 0.5 }) ||
							edgesOf(outline).some((edge) => passes(edge, x, y, margin)),
					);
				const least = bitmapOf(width, height, (x, y) => touches(x, y, -MARGIN));
				const most = bitmapOf(width, height, (x, y) => touches(x, y, MARGIN));
				const wrong = bitmapOf(
					width,
					height,
					(x, y) =>
						(isMarked(least, x, y) && !isMarked(bitmap, x, y)) ||
						(isMarked(bitmap, x, y) && !isMarked(most, x, y)),
				);
				expect(drawn(wrong)).toEqual(drawn(emptyBitmap({ width, height })));
			},
		),
		{ numRuns: 1000 },
	);
});

test('the outline of a box marks what the box marks', async () => {
	const quarters = fc.integer({ min: -20, max: 120 }).map((quarter) => quarter / 4);
	const ends = fc.tuple(quarters, quarters).filter(([a, b]) => a < b);
	await fc.assert(
		fc.asyncProperty(ends, ends, async ([left, right], [top, bottom]) => {
			const [byOutline, byBox] = [
				emptyBitmap({ width: 24, height: 20 }),
				emptyBitmap({ width: 24, height: 20 }),
			];
			const corners = [
				{ x: left, y: top },
				{ x: right, y: top },
				{ x: right, y: bottom },
				{ x: left, y: bottom },
			];
			await fillOutlines(byOutline, [corners]);
			await fillBoxes(byBox, [{ left, top, right, bottom }]);
			expect(drawn(byOutline)).toEqual(drawn(byBox));
		}),
	);
});

test('what two loops enclose is outside', async () => {
	const bitmap = emptyBitmap({ width: 8, height: 8 });
	const square = (from: number, to: number) => [
		{ x: from, y: from },
		{ x: to, y: from },
		{ x: to, y: to },
		{ x: from, y: to },
		{ x: from, y: from },
	];
	await fillOutlines(bitmap, [[...square(0, 8), ...square(2, 6)]]);
	expect(drawn(bitmap)[3]).toBe('##....##');
});

test('coordinates of any size, and those that are no numbers, end and stay inside', async () => {
	const odd = fc.oneof(
		coordinates,
		fc.double(),
		fc.constantFrom(1e300, -1e300, 1e12, NaN, Infinity),
	);
	await fc.assert(
		fc.asyncProperty(fc.array(fc.record({ x: odd, y: odd }), { maxLength: 9 }), async (outline) => {
			const bitmap = emptyBitmap({ width: 9, height: 9 });
			await fillOutlines(bitmap, [outline]);
			expect(bitmap.pixels).toHaveLength(81);
		}),
		{ numRuns: 500 },
	);
});

test.each([
	{ x: NaN, y: 8 },
	{ x: 8, y: NaN },
])('a corner at $x, $y is left out', async (corner) => {
	const triangle = [
		{ x: 1, y: 1 },
		{ x: 6, y: 1 },
		{ x: 1, y: 6 },
	];
	const [expected, bitmap] = [9, 9].map((side) => emptyBitmap({ width: side, height: side }));
	await fillOutlines(expected!, [triangle]);
	await fillOutlines(bitmap!, [[...triangle, corner]]);
	expect(drawn(bitmap!)).toEqual(drawn(expected!));
});

test.each([1e6, 1e9, 1e300, Infinity])('a triangle that reaches %d to the right', async (far) => {
	const bitmap = emptyBitmap({ width: 9, height: 9 });
	await fillOutlines(bitmap, [
		[
			{ x: 4, y: 3 },
			{ x: far, y: 3 },
			{ x: far, y: 6 },
			{ x: 4, y: 6 },
		],
	]);
	const expected = bitmapOf(9, 9, (x, y) => x >= 4 && y >= 3 && y < 6);
	expect(drawn(bitmap)).toEqual(drawn(expected));
});
