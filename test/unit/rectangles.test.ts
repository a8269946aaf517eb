import type { Rectangle } from '../../nodes/PicWish/api/order';
import type { PixelSize } from '../../nodes/PicWish/api/picture';
import fc from 'fast-check';
import { PicWishError } from '../../nodes/PicWish/api/errors';
import {
	checkRectangles,
	coveredShare,
	parseRectangles,
	percentToPixels,
} from '../../nodes/PicWish/rectangles';

const area = (x: number, y: number, width: number, height: number) => ({ x, y, width, height });

/** Up to the largest sides that PicWish takes. */
const sizes = fc.record({
	width: fc.integer({ min: 1, max: 10_000 }),
	height: fc.integer({ min: 1, max: 10_000 }),
});

/** A start and a length that together stay below `total`. */
const stretches = (total: number) =>
	fc
		.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }))
		.map(([a, b]) => ({ start: a * total, length: b * (total - a * total) }))
		.filter(({ length }) => length > 0);
const percentages = fc
	.tuple(stretches(100), stretches(100))
	.map(([h, v]) => area(h.start, v.start, h.length, v.length));

describe('reading', () => {
	test('whatever comes in: rectangles or a refusal that names the field', () => {
		const anything = fc.anything({ withNullPrototype: true, withBigInt: true });
		const almost = fc.array(
			fc.record({ x: anything, y: anything, width: anything, height: fc.integer() }),
		);
		fc.assert(
			fc.property(fc.oneof(anything, fc.json(), almost), (value) => {
				try {
					const rectangles = parseRectangles(value, 'Boxes');
					expect(rectangles.length).toBeGreaterThan(0);
					for (const side of rectangles.flatMap((each) => Object.values(each))) {
						expect(Number.isFinite(side)).toBe(true);
					}
				} catch (error) {
					expect(error).toBeInstanceOf(PicWishError);
					expect(error).toMatchObject({ details: { code: 'INVALID_INPUT', retryable: false } });
					expect(String(error)).toContain('Boxes');
				}
			}),
			{ numRuns: 1000 },
		);
	});

	test('an object where a number should be is refused by name', () => {
		const odd = [{ ...area(1, 2, 3, 4), x: Object.create(null) }];
		expect(() => parseRectangles(odd, 'Boxes')).toThrow(/^Boxes, rectangle 1: x is not a number/);
	});

	test('the text of a list is the list', () => {
		const lists = fc.array(
			fc.record({
				x: fc.double({ noNaN: true, noDefaultInfinity: true }),
				y: fc.integer(),
				width: fc.integer({ min: 1 }),
				height: fc.integer({ min: 1 }),
			}),
			{ minLength: 1, maxLength: 50 },
		);
		fc.assert(
			fc.property(lists, (list) => {
				const plain: unknown = JSON.parse(JSON.stringify(list));
				expect(parseRectangles(JSON.stringify(list), 'Boxes')).toEqual(plain);
			}),
		);
	});
});

describe('percent to pixels', () => {
	test('stays inside the image and is whole and positive', () => {
		fc.assert(
			fc.property(fc.array(percentages, { minLength: 1 }), sizes, (given, size) => {
				const pixels = percentToPixels(given, size, 'Boxes');
				expect(() => checkRectangles(pixels, size, 'Boxes')).not.toThrow();
				for (const { width, height } of pixels) {
					expect(width).toBeGreaterThanOrEqual(1);
					expect(height).toBeGreaterThanOrEqual(1);
				}
			}),
			{ numRuns: 1000 },
		);
	});

	test('covers all that was marked, and less than a pixel more on each side', () => {
		/** Of a pixel: what rounding in percent may cost. */
		const hair = 1e-5;
		fc.assert(
			fc.property(percentages, sizes, (given, size) => {
				const [pixels = area(0, 0, 0, 0)] = percentToPixels([given], size, 'Boxes');
				const sides = [
					[given.x, given.width, pixels.x, pixels.width, size.width],
					[given.y, given.height, pixels.y, pixels.height, size.height],
				] as const;
				for (const [start, length, from, count, total] of sides) {
					const exactFrom = (start / 100) * total;
					const exactTo = ((start + length) / 100) * total;
					expect(from).toBeLessThanOrEqual(exactFrom + hair);
					expect(from + count).toBeGreaterThanOrEqual(exactTo - hair);
					expect(exactFrom - from).toBeLessThanOrEqual(1 + hair);
					expect(from + count - exactTo).toBeLessThanOrEqual(1 + hair);
				}
			}),
			{ numRuns: 1000 },
		);
	});

	test.each<[string, Rectangle, PixelSize, Rectangle]>([
		[
			'29 % of 100 pixels are 29',
			area(0, 0, 29, 29),
			{ width: 100, height: 100 },
			area(0, 0, 29, 29),
		],
		[
			'57 % of 100 pixels are 57',
			area(57, 57, 43, 43),
			{ width: 100, height: 100 },
			area(57, 57, 43, 43),
		],
		['thirds meet', area(33.3, 0, 66.7, 100), { width: 1000, height: 1 }, area(333, 0, 667, 1)],
		[
			'0.1 + 99.9 is the end',
			area(0.1, 0, 99.9, 1),
			{ width: 1000, height: 100 },
			area(1, 0, 999, 1),
		],
		['one pixel is enough', area(0, 0, 100, 100), { width: 1, height: 1 }, area(0, 0, 1, 1)],
	])('%s', (_name, given, size, expected) => {
		expect(percentToPixels([given], size, 'Boxes')).toEqual([expected]);
	});

	test.each([
		area(-0.001, 0, 1, 1),
		area(0, -0.001, 1, 1),
		area(50, 0, 50.001, 1),
		area(0, 50, 1, 50.001),
		area(101, 0, 1, 1),
	])('%j reaches outside', (outside) => {
		const size = { width: 10, height: 10 };
		expect(() => percentToPixels([outside], size, 'Boxes')).toThrow(
			/^Boxes, rectangle 1: reaches outside the image/,
		);
	});
});

describe('checking', () => {
	const size = { width: 10, height: 5 };

	test.each([area(0, 0, 10, 5), area(9, 4, 1, 1)])('%j is fine', (inside) => {
		expect(() => checkRectangles([inside], size, 'Boxes')).not.toThrow();
	});

	test.each([
		[area(0, 0, 11, 1), /reaches outside/],
		[area(0, 0, 1, 6), /reaches outside/],
		[area(10, 0, 1, 1), /reaches outside/],
		[area(-1, 0, 1, 1), /must not be negative/],
		[area(0, 0.5, 1, 1), /y must be a whole number, not 0.5/],
	])('%j is not', (wrong, message) => {
		const check = () => checkRectangles([area(0, 0, 1, 1), wrong], size, 'Boxes');
		expect(check).toThrow(/^Boxes, rectangle 2: /);
		expect(check).toThrow(message);
	});

	test('without a size only what needs none is checked', () => {
		expect(() => checkRectangles([area(0, 0, 99_999, 1)], undefined, 'Boxes')).not.toThrow();
		expect(() => checkRectangles([area(0, 0, 1.5, 1)], undefined, 'Boxes')).toThrow(
			/width must be a whole number/,
		);
	});
});

test('the covered share is what counting pixels gives', () => {
	const small = fc.record({
		width: fc.integer({ min: 1, max: 12 }),
		height: fc.integer({ min: 1, max: 12 }),
	});
	const inside = ({ width, height }: PixelSize) =>
		fc.record({ x: fc.nat(width - 1), y: fc.nat(height - 1) }).chain(({ x, y }) =>
			fc.record({
				x: fc.constant(x),
				y: fc.constant(y),
				width: fc.integer({ min: 1, max: width - x }),
				height: fc.integer({ min: 1, max: height - y }),
			}),
		);
	const cases = small.chain((size) =>
		fc.record({
			size: fc.constant(size),
			list: fc.array(inside(size), { minLength: 1, maxLength: 8 }),
		}),
	);
	fc.assert(
		fc.property(cases, ({ size, list }) => {
			const marked = new Set<number>();
			for (const { x, y, width, height } of list) {
				for (let row = y; row < y + height; row++) {
					for (let column = x; column < x + width; column++) {
						marked.add(row * size.width + column);
					}
				}
			}
			const counted = marked.size / (size.width * size.height);
			expect(coveredShare(list, size)).toBeCloseTo(counted, 10);
		}),
		{ numRuns: 500 },
	);
});
