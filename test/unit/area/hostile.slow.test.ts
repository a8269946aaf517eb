import fc from 'fast-check';
import {
	BOX_FORMATS,
	readDetections,
	type DetectionSettings,
} from '../../../nodes/PicWish/area/detections';
import { asRectangles } from '../../../nodes/PicWish/area/pixels';
import { UNITS } from '../../../nodes/PicWish/area/units';
import { PicWishError } from '../../../nodes/PicWish/errors';
import { settings } from './answers';
import { outcomeOf } from './refusal';

const size = { width: 400, height: 300 };

function outcome(answer: unknown, more: Partial<DetectionSettings> = {}): unknown {
	return outcomeOf(() => readDetections(answer, { ...settings, ...more }, size));
}

function expectOurs(result: unknown) {
	if (!(result instanceof Error)) return;
	expect(result).toBeInstanceOf(PicWishError);
	expect(result).toMatchObject({ details: { code: 'INVALID_INPUT' } });
	expect(result.message).toMatch(/^Detections: /);
	expect(result.message.length).toBeLessThan(1000);
}

function nested(depth: number): unknown {
	let value: unknown = [];
	for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { a: value };
	return value;
}

function cycle(): unknown {
	const one: Record<string, unknown> = { box: { x1: 1, y1: 2, x2: 3, y2: 4 } };
	one.again = [one, { one }];
	return one;
}

function endless(): object {
	return new Proxy(
		{},
		{
			get: () => endless(),
			ownKeys: () => ['a', 'b'],
			getOwnPropertyDescriptor: () => ({ configurable: true, enumerable: true }),
		},
	);
}

function revoked(): object {
	const { proxy, revoke } = Proxy.revocable({}, {});
	revoke();
	return proxy;
}

const MB = 1 << 20;
const box = { x: 1, y: 2, width: 3, height: 4 };

test.each<[string, () => unknown, RegExp]>([
	['100,000 levels', () => nested(100_000), /more than 350000 values/],
	['50,000 levels', () => nested(50_000), /^0 shapes/],
	['100,000 levels of text', () => '['.repeat(1e5) + ']'.repeat(1e5), /more than 350000 values/],
	['brackets that never close', () => '['.repeat(MB), /cut off/],
	['objects that never close', () => '[{"a":'.repeat(MB / 6), /cut off/],
	['fences', () => '```'.repeat(MB / 3), /has no x, y, width, height/],
	['a million empty lists', () => '[]'.repeat(MB / 2), /cut off or not valid/],
	['a list of empty objects', () => `[${'{},'.repeat(MB / 3)}{}]`, /more than 350000 values/],
	['JSON that is none, over and over', () => '[{a}]'.repeat(MB / 5), /cut off or not valid/],
	['quotation marks', () => '["'.repeat(MB / 2), /has no x, y, width, height/],
	['spaces', () => `${' '.repeat(MB)}x`, /has no x, y, width, height/],
	['too much text', () => 'x'.repeat(4 * MB), /more than 4000000 characters/],
	[
		'many texts',
		() => Array.from({ length: 10_000 }, () => ({ text: '[{a}]' })),
		/more than 2000 texts/,
	],
	[
		'texts with brackets that hold no JSON',
		() => Array.from({ length: 2000 }, () => ({ text: '[{a}] '.repeat(130) })),
		/cut off or not valid/,
	],
	[
		'400,000 keys in one object',
		() => Object.fromEntries(Array.from({ length: 400_000 }, (_, i) => [`key ${i}`, i])),
		/more than 350000 values/,
	],
	[
		'20,000 outlines of 20 points',
		() => Array.from({ length: 20_000 }, () => ({ points: Array(20).fill({ x: 1, y: 2 }) })),
		/more than 350000 values/,
	],
	['200,000 small objects', () => Array(200_000).fill({ a: 1 }), /more than 350000 values/],
	[
		'20,000 boxes inside objects',
		() =>
			Array.from({ length: 20_000 }, () => ({
				label: 'a',
				score: 0.9,
				box: { xmin: 1, ymin: 2, xmax: 9, ymax: 9 },
			})),
		/^20000 shapes/,
	],
	['20,000 boxes', () => Array.from({ length: 20_000 }, () => ({ ...box })), /^20000 shapes/],
	[
		'20,001 boxes',
		() => Array.from({ length: 20_001 }, () => ({ ...box })),
		/more than 20000 shapes/,
	],
	[
		'a list of a billion holes',
		() => Object.assign([], { length: 1e9 }),
		/more than 350000 values/,
	],
	['an outline of 200,000 points', () => ({ points: Array(200_000).fill([1, 2]) }), /no area/],
	[
		'300,000 outlines',
		() => ({ segmentation: Array(300_000).fill([1, 2, 9, 2, 9, 9]) }),
		/more than/,
	],
	['a cycle', cycle, /^1 shapes/],
	['objects without end', endless, /more than 350000 values/],
	['a revoked proxy', revoked, /cannot be read/],
	[
		'a getter that throws',
		() => ({
			get boxes() {
				throw new TypeError('no');
			},
		}),
		/cannot be read/,
	],
	['__proto__ as a key', () => JSON.parse(`{"__proto__": ${JSON.stringify(box)}}`), /^1 shapes/],
	['the largest numbers', () => [{ ...box, x: 1e308, width: 1e308 }], /lie outside/],
	[
		'a box larger than any image',
		() => [{ x: -1e308, y: -1e308, width: 2e307, height: 1 }],
		/lie outside/,
	],
	['bytes', () => Buffer.alloc(MB), /has no x, y, width, height/],
	[
		'a long key',
		() => [{ ['x'.repeat(MB)]: 1, x: 1, w: 2, h: 3 }],
		/without y, width, height; it has x{40}…/,
	],
	['a long value', () => [{ ...box, x: 'x'.repeat(MB) }], /not a number \(x{40}\)/],
])('%s', (_name, make, expected) => {
	const result = outcome(make());
	expectOurs(result);
	const seen =
		result instanceof Error
			? result.message
			: `${JSON.stringify(result).split('"kind"').length - 1} shapes`;
	expect(seen).toMatch(expected);
});

test('whatever comes in: shapes in the image, or a refusal that names the field', () => {
	const anything = fc.anything({ withNullPrototype: true, withBigInt: true, maxDepth: 4 });
	const keys = fc.constantFrom(
		...'x y w h width height x1 y1 x2 y2 xmin box bbox boxes box_2d points polygon label class text'.split(
			' ',
		),
		...'confidence score image mask labels displayNames Labels Instances BoundingBox Left Top'.split(
			' ',
		),
	);
	const number = fc.oneof(fc.integer({ min: -9, max: 500 }), fc.double());
	const { tree } = fc.letrec((tie) => ({
		tree: fc.oneof(
			{ depthSize: 'medium' },
			number,
			fc.array(number, { minLength: 4, maxLength: 4 }),
			fc.string(),
			fc.array(tie('tree'), { maxLength: 4 }),
			fc.dictionary(keys, tie('tree'), { maxKeys: 6 }),
		),
	}));
	const given = fc.oneof(
		anything,
		fc.json(),
		tree,
		tree.map((each) => `So: ${JSON.stringify(each)}`),
	);
	const formats = fc.constantFrom(...BOX_FORMATS);
	let marked = 0;
	fc.assert(
		fc.property(given, formats, fc.constantFrom(...UNITS), (answer, boxFormat, unit) => {
			const result = outcome(answer, { boxFormat, unit });
			expectOurs(result);
			if (result instanceof Error || typeof result !== 'object' || result === null) return;
			const { shapes } = readDetections(answer, { ...settings, boxFormat, unit }, size);
			const boxes = shapes.filter(({ kind }) => kind === 'box').slice(0, 50);
			const rectangles = asRectangles(boxes, size, 0) ?? [];
			expect(rectangles).toHaveLength(boxes.length);
			marked += boxes.length;
			for (const { x, y, width, height } of rectangles) {
				expect([x, y, width, height].every(Number.isInteger)).toBe(true);
				expect(x >= 0 && y >= 0 && width > 0 && height > 0).toBe(true);
				expect(x + width <= size.width && y + height <= size.height).toBe(true);
			}
		}),
		{ numRuns: 3000, seed: 7 },
	);
	expect(marked).toBeGreaterThan(0);
});
