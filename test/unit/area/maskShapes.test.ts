import { maskFromShapes } from '../../../nodes/PicWish/area/mask';
import { writePng } from '../../../nodes/PicWish/area/pngWriter';
import type { Shape } from '../../../nodes/PicWish/area/shapes';
import { box } from './answers';
import { bitmapOf, isMarked } from './bitmaps';
import { picture, refusal, sent, shapeOrder } from './maskFiles';

describe('shapes', () => {
	test('of all kinds together, grown', async () => {
		const png = await writePng(bitmapOf(4, 2, (x, y) => x === 0 && y === 1));
		const shapes: Shape[] = [
			box(1.5, 1, 3, 2.5),
			{
				kind: 'outline',
				points: [
					{ x: 10, y: 0 },
					{ x: 12, y: 0 },
					{ x: 12, y: 2 },
					{ x: 10, y: 2 },
				],
			},
			{ kind: 'mask', png, left: 12, top: 4, right: 20, bottom: 8 },
		];
		const isIn = (x: number, y: number) =>
			(x >= 1 && x < 3 && y >= 1 && y < 3) ||
			(x >= 10 && x < 12 && y < 2) ||
			(x >= 12 && x < 14 && y >= 6 && y < 8);
		const plain = await maskFromShapes(shapes, shapeOrder);
		expect(await sent(plain.png)).toEqual(picture(isIn));
		expect(plain.coverage).toBeCloseTo(12 / 200, 12);

		const grown = await maskFromShapes(shapes, { ...shapeOrder, growBy: 1 });
		const bitmap = bitmapOf(20, 10, isIn);
		const isNear = (x: number, y: number) =>
			[-1, 0, 1].some((dx) => [-1, 0, 1].some((dy) => isMarked(bitmap, x + dx, y + dy)));
		expect(await sent(grown.png)).toEqual(picture(isNear));
	});

	test('are turned back to how the image is stored', async () => {
		const { png } = await maskFromShapes([box(0, 0, 5, 2)], { ...shapeOrder, orientation: 8 });
		const stored = { width: 10, height: 20 };
		expect(await sent(png)).toEqual(picture((x, y) => x >= 8 && y < 5, stored));
	});

	test('that mark nothing or everything are refused', async () => {
		const nothing = await refusal(maskFromShapes([box(30, 30, 40, 40)], shapeOrder));
		expect(nothing?.message).toMatch(/nothing is marked/);
		const all = await refusal(maskFromShapes([box(-1, -1, 40, 40)], shapeOrder));
		expect(all?.message).toMatch(/the whole image is marked$/);
	});

	test('a mask among them that cannot be read is named', async () => {
		const broken: Shape = {
			kind: 'mask',
			png: Buffer.from('no'),
			left: 0,
			top: 0,
			right: 1,
			bottom: 1,
		};
		const work = maskFromShapes([box(0, 0, 1, 1), broken], {
			...shapeOrder,
			name: 'Detections (JSON)',
		});
		expect((await refusal(work))?.message).toBe(
			'Detections (JSON): the mask of shape 2 is not a PNG file',
		);
	});

	test('twenty thousand that overlap take no more than one sweep', async () => {
		const size = { width: 2000, height: 2000 };
		const shapes = Array.from({ length: 20_000 }, (_, i) =>
			box(i % 7, i % 5, 1990 - (i % 11), 1991),
		);
		const { coverage } = await maskFromShapes(shapes, { ...shapeOrder, size });
		expect(coverage).toBeCloseTo((1990 * 1991) / 4e6, 9);
	});
});
