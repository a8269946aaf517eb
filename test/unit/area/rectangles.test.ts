import fc from 'fast-check';
import {
	CORNERS,
	readRectangles,
	type RectangleSettings,
} from '../../../nodes/PicWish/area/rectangles';
import { UNITS } from '../../../nodes/PicWish/area/units';
import { PicWishError } from '../../../nodes/PicWish/errors';
import type { PixelSize } from '../../../nodes/PicWish/picture/picture';
import { refusalOf } from './refusal';

const area = (x: number, y: number, width: number, height: number) => ({ x, y, width, height });
const box = (left: number, top: number, right: number, bottom: number) => ({
	kind: 'box',
	left,
	top,
	right,
	bottom,
});

const settings = (more: Partial<RectangleSettings> = {}): RectangleSettings => ({
	unit: 'pixels',
	measuredFrom: 'topLeft',
	field: 'Boxes',
	...more,
});

const size = { width: 40, height: 30 };

function read(value: unknown, more?: Partial<RectangleSettings>, of: PixelSize | undefined = size) {
	return readRectangles(value, settings(more), of);
}

describe('reading', () => {
	test('whatever comes in: boxes in the image or a refusal that names the field', () => {
		const anything = fc.anything({ withNullPrototype: true, withBigInt: true });
		const almost = fc.array(
			fc.record({ x: anything, y: anything, width: anything, height: fc.integer() }),
		);
		const number = fc.oneof(fc.double(), fc.double({ min: -9, max: 40, noNaN: true }));
		const numbers = fc.array(fc.record({ x: number, y: number, width: number, height: number }), {
			minLength: 1,
			maxLength: 3,
		});
		const given = fc.oneof(anything, fc.json(), almost, numbers);
		const units = fc.constantFrom(...UNITS);
		const known = fc.constantFrom(size, undefined);
		const outcomes = { read: 0, refused: 0 };
		fc.assert(
			fc.property(given, units, fc.constantFrom(...CORNERS), known, (value, unit, corner, of) => {
				try {
					const { shapes } = readRectangles(value, settings({ unit, measuredFrom: corner }), of);
					outcomes.read++;
					expect(shapes.length).toBeGreaterThan(0);
					for (const shape of shapes) {
						if (shape.kind !== 'box') throw new Error('Not a box');
						expect(shape.left).toBeGreaterThanOrEqual(0);
						expect(shape.top).toBeGreaterThanOrEqual(0);
						expect(shape.right).toBeGreaterThan(shape.left);
						expect(shape.bottom).toBeGreaterThan(shape.top);
						expect(shape.right).toBeLessThanOrEqual(of?.width ?? 1e9);
						expect(shape.bottom).toBeLessThanOrEqual(of?.height ?? 1e9);
					}
				} catch (error) {
					outcomes.refused++;
					expect(error).toBeInstanceOf(PicWishError);
					expect(error).toMatchObject({ details: { code: 'INVALID_INPUT', retryable: false } });
					expect(String(error)).toContain('Boxes');
				}
			}),
			{ numRuns: 3000, seed: 1 },
		);
		expect(outcomes.refused).toBeGreaterThan(0);
		expect(outcomes.read).toBeGreaterThan(0);
	});

	test.each<[string, unknown]>([
		['a list', [area(1, 2, 3, 4)]],
		['one object', area(1, 2, 3, 4)],
		['text of a list', '[{"x":1,"y":2,"width":3,"height":4}]'],
		['text of an object', ' {"x":1,"y":2,"width":3,"height":4}\n'],
		['numbers as text', [{ x: '1', y: ' 2 ', width: '3.0', height: '4' }]],
		['more keys than needed', [{ ...area(1, 2, 3, 4), label: 'cup' }]],
	])('%s', (_name, value) => {
		expect(read(value)).toEqual({ shapes: [box(1, 2, 4, 6)], hints: [] });
	});

	test.each<[string, unknown, RegExp]>([
		['nothing', [], /^Boxes: no rectangle is given/],
		['null', null, /^Boxes: no rectangle is given/],
		['blank text', '  ', /^Boxes: no rectangle is given/],
		['text that is no JSON', 'x=1', /^Boxes: the text is not valid JSON/],
		['a number', 7, /^Boxes, rectangle 1: is not an object/],
		['a missing side', [{ x: 1, y: 2, width: 3 }], /^Boxes, rectangle 1: height is missing/],
		['a word', [{ ...area(1, 2, 3, 4), y: 'top' }], /rectangle 1: y is not a number \("top"\)/],
		['an object', [{ ...area(1, 2, 3, 4), x: {} }], /rectangle 1: x is not a number \({}\)/],
		['a list', [{ ...area(1, 2, 3, 4), x: [5] }], /rectangle 1: x is not a number \(\[5\]\)/],
		['infinity', [area(1, 2, Infinity, 4)], /rectangle 1: width is not a number/],
		['no width', [area(1, 2, 3, 4), area(1, 2, 0, 4)], /rectangle 2: .* must be more than 0 \(x 1/],
		['a negative height', [area(1, 2, 3, -4)], /rectangle 1: .* must be more than 0/],
	])('%s is refused', (_name, value, message) => {
		expect(refusalOf(() => read(value)).message).toMatch(message);
	});
});

describe('units and corners', () => {
	test.each<[RectangleSettings['unit'], ReturnType<typeof area>]>([
		['pixels', area(4, 3, 20, 15)],
		['percent', area(10, 10, 50, 50)],
		['fraction', area(0.1, 0.1, 0.5, 0.5)],
		['thousandths', area(100, 100, 500, 500)],
	])('%s', (unit, given) => {
		expect(read([given], { unit }).shapes).toEqual([box(4, 3, 24, 18)]);
	});

	test.each<[RectangleSettings['measuredFrom'], ReturnType<typeof box>]>([
		['topLeft', box(2, 3, 12, 8)],
		['topRight', box(28, 3, 38, 8)],
		['bottomLeft', box(2, 22, 12, 27)],
		['bottomRight', box(28, 22, 38, 27)],
	])('%s', (measuredFrom, expected) => {
		expect(read([area(2, 3, 10, 5)], { measuredFrom }).shapes).toEqual([expected]);
	});

	test('percent from the lower right corner', () => {
		const { shapes } = read([area(5, 10, 25, 20)], {
			unit: 'percent',
			measuredFrom: 'bottomRight',
		});
		expect(shapes).toEqual([box(28, 21, 38, 27)]);
	});

	test.each<Partial<RectangleSettings>>([
		{ unit: 'percent' },
		{ unit: 'fraction' },
		{ unit: 'thousandths' },
		{ measuredFrom: 'topRight' },
		{ measuredFrom: 'bottomLeft' },
	])('%j needs the size of the image', (more) => {
		const details = refusalOf(() => readRectangles([area(1, 2, 3, 4)], settings(more), undefined));
		expect(details.message).toMatch(/^Boxes: .* needs the size of the image/);
	});

	test.each<RectangleSettings['unit']>(['pixels', 'percent', 'thousandths'])(
		'fractions are refused as %s',
		(unit) => {
			const details = refusalOf(() =>
				read([area(0.245, 0.16, 0.16, 0.147), area(0, 0, 1, 1)], { unit }),
			);
			expect(details.message).toMatch(/^Boxes: all numbers are at most 1, such as x 0\.245/);
			expect(details.description).toBe('Set Unit to Fraction of Image.');
		},
	);

	test.each([
		['whole ones', [area(0, 0, 1, 1)]],
		['one larger number', [area(0, 0, 0.5, 1.5)]],
		['one larger rectangle', [area(0.1, 0.1, 0.5, 0.5), area(3, 3, 5, 5)]],
	])('%s are not taken for fractions', (_name, given) => {
		expect(read(given, { unit: 'percent' }).shapes).toHaveLength(given.length);
	});
});

describe('at the edge', () => {
	test('what sticks out is clipped, with a hint for each', () => {
		const given = [area(1, 2, 3, 4), area(-5, -5, 10, 10), area(35, 25, 10, 10)];
		const { shapes, hints } = read(given);
		expect(shapes).toEqual([box(1, 2, 4, 6), box(0, 0, 5, 5), box(35, 25, 40, 30)]);
		expect(hints).toEqual([
			expect.stringMatching(
				/^Boxes, rectangle 2 reaches outside .* clipped \(x -5, .* 40 × 30 pixels\)/,
			),
			expect.stringMatching(/^Boxes, rectangle 3 reaches outside/),
		]);
	});

	test.each([
		['at the bottom', area(1, 25, 3, 10)],
		['on the right', area(35, 2, 10, 3)],
	])('a hint also where it sticks out only %s', (_side, given) => {
		expect(read([given]).hints).toHaveLength(1);
	});

	test.each([
		[0.0005, 0],
		[0.5, 1],
	])('%d of a pixel beyond the edge: %d hints', (beyond, hints) => {
		expect(read([area(30, 2, 10 + beyond, 3)]).hints).toHaveLength(hints);
	});

	test('without a size left and top are clipped', () => {
		const { shapes, hints } = readRectangles([area(-5, 2, 99_999, 4)], settings(), undefined);
		expect(shapes).toEqual([box(0, 2, 99_994, 6)]);
		expect(hints).toHaveLength(1);
	});

	test('thirds meet without a hint', () => {
		const { shapes, hints } = read([area(33.3, 0, 66.7, 100)], { unit: 'percent' });
		expect(shapes).toEqual([box(13, 0, 40, 30)]);
		expect(hints).toEqual([]);
	});

	test.each([area(40, 0, 1, 1), area(0, 30, 1, 1), area(-3, 0, 3, 1), area(0, -9, 1, 2)])(
		'%j lies outside',
		(outside) => {
			const { message } = refusalOf(() => read([area(1, 2, 3, 4), outside]));
			expect(message).toMatch(
				/^Boxes, rectangle 2: lies outside the image \(x .* 40 × 30 pixels\)/,
			);
		},
	);
});
