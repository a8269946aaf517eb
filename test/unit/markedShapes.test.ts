import sharp from 'sharp';
import { emptyPreview, frameOf, markShapes } from '../../nodes/PicWish/input/markedShapes';
import { box } from './area/answers';

const stored = { width: 40, height: 30 };
const head = { content: undefined, size: stored, orientation: 6 };
const upright = frameOf({ ...head, orientation: 1 }, 'shown');
const unknown = frameOf(undefined, 'shown');
const order = { name: 'Areas', frame: upright, growBy: 0, drawing: 'asNeeded' } as const;

async function sizeOf(png: Buffer | undefined) {
	const { width, height } = await sharp(png).metadata();
	return { width, height };
}

describe('where an area is meant', () => {
	test.each([
		['shown', { stored, orientation: 6, size: { width: 30, height: 40 } }],
		['stored', { stored, orientation: 1, size: stored }],
	] as const)('%s', (coordinates, frame) => {
		expect(frameOf(head, coordinates)).toEqual(frame);
	});

	test('of an image that was not read nothing is known', () => {
		expect(unknown).toEqual({ stored: undefined, orientation: 1, size: undefined });
	});
});

describe('rectangles', () => {
	test('are sent in stored pixels', async () => {
		const frame = frameOf(head, 'shown');
		const marked = await markShapes([box(0, 0, 10, 20)], { ...order, frame });
		expect(marked).toMatchObject({
			area: { rectangles: [{ x: 0, y: 20, width: 20, height: 10 }] },
			coverage: 200 / 1200,
			isStored: true,
			preview: undefined,
		});
	});

	test('without a size are sent as they are', async () => {
		const marked = await markShapes([box(1, 2, 4, 6)], { ...order, frame: unknown });
		expect(marked).toMatchObject({
			area: { rectangles: [{ x: 1, y: 2, width: 3, height: 4 }] },
			coverage: null,
			isStored: true,
		});
		const turned = { ...unknown, orientation: 6 };
		expect(await markShapes([box(1, 2, 4, 6)], { ...order, frame: turned })).toMatchObject({
			isStored: false,
		});
	});

	test.each([
		[0, box(0, 0, 40, 30), 'the whole image is marked', /Mark only/],
		[5, box(5, 5, 35, 25), 'the whole image is marked when grown by 5 pixels', /Grow Area/],
	])(
		'that mark everything are refused (grown by %i)',
		async (growBy, shape, message, description) => {
			await expect(markShapes([shape], { ...order, growBy })).rejects.toMatchObject({
				details: { message: `Areas: ${message}`, description: expect.stringMatching(description) },
			});
		},
	);

	test('are drawn for a preview, as they are meant', async () => {
		const frame = frameOf(head, 'shown');
		const { area, preview } = await markShapes([box(0, 0, 10, 20)], {
			...order,
			frame,
			drawing: 'preview',
		});
		expect(area).toHaveProperty('rectangles');
		expect(await sizeOf(preview)).toEqual({ width: 30, height: 40 });
	});
});

describe('more than rectangles can say', () => {
	const many = Array.from({ length: 51 }, (_, i) => box(i % 8, i % 5, (i % 8) + 1, (i % 5) + 1));
	const frame = frameOf(head, 'shown');

	test('is drawn as it is stored', async () => {
		const { area, identity, preview, coverage } = await markShapes(many, { ...order, frame });
		if (!('mask' in area) || typeof area.mask === 'string') throw new Error('A mask is drawn');
		const parts: Uint8Array[] = [];
		for await (const part of await area.mask.open()) parts.push(part);
		const png = Buffer.concat(parts);
		expect(area.mask).toMatchObject({ mimeType: 'image/png', bytes: png.length });
		expect(await sizeOf(png)).toEqual(stored);
		expect(coverage).toBeCloseTo(40 / 1200, 9);
		expect(preview).toBeUndefined();
		const other = await markShapes([...many, box(20, 20, 21, 21)], { ...order, frame });
		expect(identity).toMatch(/^[0-9a-f]{64}$/);
		expect(other.identity).not.toBe(identity);
	});

	test('is drawn as it is seen for a preview', async () => {
		const { preview } = await markShapes(many, { ...order, frame, drawing: 'preview' });
		expect(await sizeOf(preview)).toEqual({ width: 30, height: 40 });
	});

	test('is not drawn where only the rest is checked', async () => {
		expect(await markShapes(many, { ...order, frame, drawing: 'none' })).toMatchObject({
			area: { rectangles: [] },
			coverage: null,
		});
	});

	test('needs the size of the image', async () => {
		await expect(markShapes(many, { ...order, frame: unknown })).rejects.toMatchObject({
			details: { message: expect.stringMatching(/need the size of the image/) },
		});
	});
});

test('a preview of nothing is all black', async () => {
	const preview = await emptyPreview(stored);
	const { channels } = await sharp(preview).stats();
	expect(channels[0]).toMatchObject({ min: 0, max: 0 });
	expect(await sizeOf(preview)).toEqual(stored);
});
