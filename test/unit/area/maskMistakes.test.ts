import sharp from 'sharp';
import { maskFromFile } from '../../../nodes/PicWish/area/mask';
import type { MaskMarks } from '../../../nodes/PicWish/area/maskReader';
import {
	BLACK,
	CLEAR,
	fileOf,
	grey,
	inSpot,
	order,
	type Pixel,
	refusal,
	sent,
	SIZE,
	WHITE,
} from './maskFiles';
import { inPieces } from './pngFiles';

const MARKS: MaskMarks[] = ['white', 'black', 'transparent', 'painted'];

describe('a mask that cannot be meant', () => {
	const PHOTO: Pixel = [90, 140, 110, 255];
	const RED: Pixel = [200, 30, 30, 255];
	test.each<[string, MaskMarks, Pixel, Pixel, RegExp, RegExp]>([
		[
			'a hole in a photo',
			'white',
			CLEAR,
			PHOTO,
			/100 % of its visible pixels are neither; 8 % of it is transparent|marks nothing/,
			/Transparent/,
		],
		[
			'a hole in a bright photo',
			'white',
			CLEAR,
			grey(200),
			/100 % of its visible pixels are neither; 8 % of it is transparent/,
			/Transparent/,
		],
		[
			'a hole in black',
			'white',
			CLEAR,
			BLACK,
			/no pixel of it is white; 8 % of it is transparent/,
			/Transparent/,
		],
		[
			'strokes on nothing',
			'white',
			RED,
			CLEAR,
			/no pixel of it is white; 8 % of it is painted/,
			/Painted/,
		],
		[
			'strokes on nothing',
			'black',
			WHITE,
			CLEAR,
			/no pixel of it is black; 8 % of it is painted/,
			/Painted/,
		],
		[
			'white on black',
			'transparent',
			WHITE,
			BLACK,
			/marks nothing: no pixel of it is transparent; 8 % of it is white/,
			/White/,
		],
		[
			'black on white',
			'painted',
			BLACK,
			WHITE,
			/the whole image: every pixel of it is painted; 8 % of it is black/,
			/Black/,
		],
		[
			'a photo',
			'white',
			WHITE,
			PHOTO,
			/9[0-9] % of its visible pixels are neither/,
			/only what you want to remove is white/,
		],
		[
			'all black',
			'white',
			BLACK,
			BLACK,
			/marks nothing: no pixel of it is white/,
			/only what you want to remove/,
		],
		[
			'all white',
			'white',
			WHITE,
			WHITE,
			/marks the whole image: every pixel of it is white/,
			/only what/,
		],
		['nothing at all', 'painted', CLEAR, CLEAR, /marks nothing/, /only what/],
		['nothing at all', 'transparent', CLEAR, CLEAR, /marks the whole image/, /only what/],
	])('%s under %s', async (_, marks, mark, rest, message, description) => {
		const source = fileOf((x, y) => (inSpot(x, y) ? mark : rest));
		const details = await refusal(maskFromFile(source, { ...order, marks }));
		expect(details).toMatchObject({
			code: 'INVALID_INPUT',
			retryable: false,
			message: expect.stringMatching(message),
			description: expect.stringMatching(description),
		});
		expect(details?.message).toMatch(/^Mask Binary Field: m.png /);
	});

	test.each([
		[40, true],
		[41, false],
	])('%i of 200 visible pixels grey under white: taken %p', async (count, taken) => {
		const source = fileOf((x, y) => (y * 20 + x < count ? grey(130) : BLACK));
		const made = await maskFromFile(source, order).catch(() => undefined);
		expect(made !== undefined).toBe(taken);
	});

	test.each([
		[31, true],
		[32, false],
		[223, false],
		[224, true],
	])('a background of grey %i under white: taken %p', async (value, taken) => {
		const isRest = value > 127;
		const source = fileOf((x, y) => (inSpot(x, y) ? (isRest ? BLACK : WHITE) : grey(value)));
		const made = await maskFromFile(source, order).catch(() => undefined);
		expect(made !== undefined).toBe(taken);
	});

	test.each<[string, number, RegExp]>([
		['nine in ten thousand', 9, /; less than 0.1 % of it is transparent/],
		['one in a hundred and fifty', 67, /; 0.7 % of it is transparent/],
	])('a share is never rounded to none: %s', async (_, count, message) => {
		const size = { width: 100, height: 100 };
		const source = fileOf((x, y) => (y * 100 + x < count ? [0, 0, 0, 5] : BLACK), size);
		const details = await refusal(maskFromFile(source, { ...order, size }));
		expect(details?.message).toMatch(message);
	});

	test('nor to all', async () => {
		const source = fileOf((x, y) => (x + y === 0 ? WHITE : grey(100)));
		const details = await refusal(maskFromFile(source, order));
		expect(details?.message).toMatch(/mask: 99 % of its visible pixels are neither/);
	});

	test('grey is no mistake where black marks', async () => {
		const source = fileOf((x, y) => (inSpot(x, y) ? BLACK : grey(200)));
		const { png } = await maskFromFile(source, { ...order, marks: 'black' });
		expect(await sent(png)).toBeDefined();
	});

	test('grey is no mistake where transparency marks', async () => {
		for (const marks of ['transparent', 'painted'] as const) {
			const source = fileOf((x, y) => (inSpot(x, y) ? CLEAR : grey(100)));
			expect(await sent((await maskFromFile(source, { ...order, marks })).png)).toBeDefined();
		}
	});

	test('growth that leaves nothing is refused', async () => {
		const source = fileOf((x, y) => (inSpot(x, y) ? WHITE : BLACK));
		const details = await refusal(maskFromFile(source, { ...order, growBy: 20 }));
		expect(details?.message).toMatch(/whole image is marked when the marks are grown by 20 pixels/);
	});

	test('most of it marked: taken, with where the marks may be instead', async () => {
		const source = fileOf((x, y) => (inSpot(x, y) ? BLACK : WHITE));
		const { coverage, hint } = await maskFromFile(source, order);
		expect(coverage).toBeCloseTo(185 / 200, 12);
		expect(hint).toBe('8 % of it is black; if these are the marks, set Mask Marks to Black');
	});

	test('whatever the choice, another file than PNG names what to do', async () => {
		for (const marks of MARKS) {
			const jpeg = await sharp({ create: { ...SIZE, channels: 3, background: 'red' } })
				.jpeg()
				.toBuffer();
			const details = await refusal(maskFromFile(async () => inPieces(jpeg), { ...order, marks }));
			expect(details).toMatchObject({
				message: 'Mask Binary Field: m.png is not a PNG file',
				description: expect.stringMatching(/Edit Image/),
			});
		}
	});

	test('a file that cannot be opened is named', async () => {
		const open = async () => await Promise.reject(new Error('no such file'));
		expect(await refusal(maskFromFile(open, order))).toMatchObject({
			message: 'Mask Binary Field: m.png could not be read (no such file)',
		});
	});
});

test('a mask is opened when its turn comes, and closed when it is refused', async () => {
	const log: string[] = [];
	const open =
		(name: string, size = SIZE) =>
		async () => {
			log.push(`${name} opened`);
			const file = await fileOf((x, y) => (inSpot(x, y) ? WHITE : BLACK), size)();
			return (async function* () {
				try {
					yield* file;
				} finally {
					log.push(`${name} closed`);
				}
			})();
		};
	await Promise.allSettled([
		maskFromFile(open('a'), order),
		maskFromFile(open('b', { width: 4097, height: 1 }), { ...order, size: undefined }),
		maskFromFile(open('c'), order),
	]);
	expect(log).toEqual(['a', 'b', 'c'].flatMap((name) => [`${name} opened`, `${name} closed`]));
});
