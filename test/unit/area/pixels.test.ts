import fc from 'fast-check';
import { asRectangles, coveredShare, toPixelBox } from '../../../nodes/PicWish/area/pixels';
import type { Shape } from '../../../nodes/PicWish/area/shapes';

/** The pixels of a small image that a test says yes to, as one string of 0 and 1. */
function painted(
	{ width, height }: { width: number; height: number },
	isMarked: (x: number, y: number) => boolean,
): string {
	const pixels: string[] = [];
	for (let y = 0; y < height; y++) {
		for (let x = 0; x < width; x++) pixels.push(isMarked(x, y) ? '1' : '0');
	}
	return pixels.join('');
}

const smallSizes = fc.record({
	width: fc.integer({ min: 1, max: 12 }),
	height: fc.integer({ min: 1, max: 12 }),
});
/** Quarters are exact in floating point: what brute force says of them is beyond doubt. */
const quarters = fc.integer({ min: -40, max: 88 }).map((n) => n / 4);
const boxes = fc.record({ left: quarters, top: quarters, right: quarters, bottom: quarters });

test('a box marks each pixel that it touches, and those that growth reaches', () => {
	fc.assert(
		fc.property(boxes, smallSizes, fc.nat(4), (box, size, grow) => {
			const [left, right] = [Math.min(box.left, box.right), Math.max(box.left, box.right)];
			const [top, bottom] = [Math.min(box.top, box.bottom), Math.max(box.top, box.bottom)];
			const touches = (x: number, y: number) =>
				left < right && top < bottom && x < right && x + 1 > left && y < bottom && y + 1 > top;
			const grown = (x: number, y: number) => {
				for (let dx = -grow; dx <= grow; dx++) {
					for (let dy = -grow; dy <= grow; dy++) {
						const [px, py] = [x + dx, y + dy];
						const inside = px >= 0 && py >= 0 && px < size.width && py < size.height;
						if (inside && touches(px, py)) return true;
					}
				}
				return false;
			};
			const made = toPixelBox(box, size, grow);
			const marked = (x: number, y: number) =>
				made !== undefined &&
				x >= made.x &&
				x < made.x + made.width &&
				y >= made.y &&
				y < made.y + made.height;
			expect(painted(size, marked)).toBe(painted(size, grown));
			if (made) {
				expect(made.x >= 0 && made.y >= 0 && made.width > 0 && made.height > 0).toBe(true);
				expect(made.x + made.width).toBeLessThanOrEqual(size.width);
				expect(made.y + made.height).toBeLessThanOrEqual(size.height);
			}
		}),
		{ numRuns: 3000 },
	);
});

test.each([
	['a hair costs no pixel', { left: 0, right: 28.999999999999996 + 1e-9 }, [0, 29]],
	['a hair inside is nothing', { left: -5, right: 1e-9 }, undefined],
	['a thin line has its pixel', { left: 5, right: 5.0000001 }, [5, 1]],
	['the last hair', { left: 99.9999999, right: 100 }, [99, 1]],
	['no width', { left: 5, right: 5 }, undefined],
	['not a number', { left: NaN, right: 5 }, undefined],
	['without end', { left: -Infinity, right: Infinity }, [0, 100]],
])('%s', (_name, sides, expected) => {
	const made = toPixelBox({ ...sides, top: 0, bottom: 1 }, { width: 100, height: 100 });
	expect(made && [made.x, made.width]).toEqual(expected);
});

test('without a size only left and top are clipped', () => {
	const box = { left: -5.5, top: -1, right: 70_000.5, bottom: 3 };
	expect(toPixelBox(box, undefined, 2)).toEqual({ x: 0, y: 0, width: 70_003, height: 5 });
});

test('the covered share is what counting pixels gives', () => {
	const lists = fc.record({ size: smallSizes, list: fc.array(boxes, { maxLength: 8 }) });
	fc.assert(
		fc.property(lists, ({ size, list }) => {
			const made = list.flatMap((each) => toPixelBox(each, size) ?? []);
			const isIn = (x: number, y: number) =>
				made.some((b) => x >= b.x && x < b.x + b.width && y >= b.y && y < b.y + b.height);
			const counted = painted(size, isIn).replaceAll('0', '').length;
			expect(coveredShare(made, size)).toBeCloseTo(counted / (size.width * size.height), 10);
		}),
		{ numRuns: 1000 },
	);
});

describe('what is sent', () => {
	const size = { width: 100, height: 100 };
	const box: Shape = { kind: 'box', left: 1.5, top: 2, right: 4, bottom: 6 };
	const outside: Shape = { kind: 'box', left: 100, top: 2, right: 104, bottom: 6 };
	const outline: Shape = { kind: 'outline', points: [] };

	test('fifty boxes go as rectangles; those outside are dropped', () => {
		const rectangles = asRectangles([outside, ...Array<Shape>(50).fill(box)], size, 1);
		expect(rectangles).toEqual(Array(50).fill({ x: 0, y: 1, width: 5, height: 6 }));
	});

	test.each<[string, Shape[]]>([
		['fifty-one boxes', Array<Shape>(51).fill(box)],
		['an outline', [box, outline]],
	])('%s go as a mask', (_name, shapes) => {
		expect(asRectangles(shapes, size, 0)).toBeUndefined();
	});
});
