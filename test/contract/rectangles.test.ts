import type { GenericValue } from 'n8n-workflow';
import {
	paint,
	paintJpegWithMetadata,
	smallPng,
	smallSide,
	tiffWithDirectoryAtEnd,
} from './pictures';
import { submitObjects, useBench, withPicture } from './setup';

const bench = useBench();

const submit = { ...submitObjects, removalArea: 'detections' };
/** What the detection model before the node has put into the item. */
const submitFromItem = { ...submit, detections: '={{ $json.areas }}' };

function itemWith(areas: GenericValue) {
	return { ...withPicture(smallPng), json: { areas } };
}

async function sentFor(areas: GenericValue): Promise<unknown> {
	const run = await bench.run(submitFromItem, [itemWith(areas)]);
	expect(run.error).toBeUndefined();
	expect(bench.creates()).toHaveLength(1);
	return JSON.parse(bench.creates()[0]?.fields.rectangles ?? '');
}

const area = (x: number, y: number, width: number, height: number) => ({ x, y, width, height });

const fifty = Array.from({ length: 50 }, () => area(1, 2, 3, 4));

test.each([
	['a list', [area(1, 2, 3, 4), area(5, 6, 7, 8)], [area(1, 2, 3, 4), area(5, 6, 7, 8)]],
	['one object', area(1, 2, 3, 4), [area(1, 2, 3, 4)]],
	['JSON text of a list', '[{"x":1,"y":2,"width":3,"height":4}]', [area(1, 2, 3, 4)]],
	['JSON text of an object', ' {"x":1,"y":2,"width":3,"height":4}\n', [area(1, 2, 3, 4)]],
	['numbers as text', [{ x: '1', y: ' 2 ', width: '3.0', height: '4' }], [area(1, 2, 3, 4)]],
	['more fields than needed', [{ ...area(1, 2, 3, 4), label: 'cup' }], [area(1, 2, 3, 4)]],
	['all but a line', [area(0, 0, smallSide, 19)], [area(0, 0, smallSide, 19)]],
	['the last pixel', [area(19, 19, 1, 1)], [area(19, 19, 1, 1)]],
	['fractions, rounded outwards', [area(1.5, 2, 3, 4.25)], [area(1, 2, 4, 5)]],
	['one that sticks out at the left and above', [area(-1, -1, 3, 4)], [area(0, 0, 2, 3)]],
	['one that sticks out to the right', [area(17, 0, 4, 1)], [area(17, 0, 3, 1)]],
	['fifty', fifty, fifty],
])('rectangles as %s are sent', async (_name, areas, expected) => {
	expect(await sentFor(areas)).toEqual(expected);
});

test('rectangles typed into the form are sent in their order', async () => {
	const rectangle = [area(9, 8, 2, 2), area(1, 2, 3, 4)];
	await bench.run({ ...submitObjects, rectangles: { rectangle } });

	expect(bench.creates().map(({ fields }) => fields.rectangles)).toEqual([
		JSON.stringify(rectangle),
	]);
});

const refused: Array<[name: string, areas: GenericValue, message: RegExp]> = [
	['null', null, /the expression gave nothing/],
	['empty text', '', /the expression gave nothing/],
	['an empty object', {}, /no x, y, width, height/],
	['text that is not JSON', 'x=1', /the answer has no x, y, width, height/],
	['a number', 7, /no x, y, width, height/],
	['a list of lists', [[1, 2, 3, 4]], /four numbers/],
	['a missing side', [{ x: 1, y: 2, width: 3 }], /x, y, width/],
	['the whole image', [area(0, 0, smallSide, smallSide)], /the whole image is marked/],
	['left of the image', [area(-3, 2, 3, 4)], /all boxes lie outside/],
	['no width', [area(1, 2, 0, 4)], /all boxes lie outside the image|no area/],
];

test.each(refused)('%s is refused before any request', async (_name, areas, message) => {
	const run = await bench.run(submitFromItem, [itemWith(areas)]);

	expect(run.error).toMatchObject({
		name: 'NodeOperationError',
		message: expect.stringMatching(message),
		description: expect.any(String),
		itemIndex: 0,
	});
	expect(run.error?.message).toMatch(/^Detections \(JSON\).*\[item 0\]$/);
	expect(bench.sandbox.requests).toHaveLength(0);
});

test('fractions in keys of pixels are read as fractions', async () => {
	expect(await sentFor([area(0.1, 0.2, 0.5, 0.5)])).toEqual([area(2, 4, 10, 10)]);
});

test('more than fifty become a mask of the image’s size', async () => {
	const areas = Array.from({ length: 51 }, (_, index) => area(index % 17, index % 11, 2, 3));
	const run = await bench.run(submitFromItem, [itemWith(areas)]);

	expect(run.error).toBeUndefined();
	expect(bench.creates()[0]?.partOrder).toEqual(['sync', 'image_file', 'mask_file']);
	expect(run.outputs[0]?.[0]?.json.removalArea).toMatchObject({ sentAs: 'mask', shapes: 51 });
});

test.each([
	{ message: /^Rectangles, rectangle 1: lies outside/, rectangle: [area(0, 20, 21, 1)] },
	{ message: /^Rectangles, rectangle 1: .* more than 0/, rectangle: [{ x: 1, y: 1 }] },
	{ message: /look like fractions/, rectangle: [area(0.1, 0.2, 0.5, 0.5)] },
	{ message: /Rectangles/, rectangle: [] },
])('the form is checked as well: $message', async ({ message, rectangle }) => {
	const run = await bench.run({ ...submitObjects, rectangles: { rectangle } });

	expect(run.error?.message).toMatch(message);
	expect(bench.sandbox.requests).toHaveLength(0);
});

test('a rectangle is clipped, and a hint tells of it', async () => {
	const rectangle = [area(1, 2, 3, 4), area(15, 15, 9, 9)];
	const run = await bench.run({ ...submitObjects, rectangles: { rectangle } });

	expect(bench.creates().map(({ fields }) => fields.rectangles)).toEqual([
		JSON.stringify([area(1, 2, 3, 4), area(15, 15, 5, 5)]),
	]);
	expect(run.hints).toMatchObject([
		{
			message: expect.stringMatching(/^Item 0: Rectangles, rectangle 2 reaches outside .* clipped/),
		},
	]);
});

test('with an image URL pixels from the top left need no size, so the API has the last word', async () => {
	const imageUrl = 'https://example.com/photo.jpg';
	const rectangle = [area(3000, 0, 900, 1)];
	const parameters = { ...submitObjects, imageSource: 'url', imageUrl, rectangles: { rectangle } };
	const run = await bench.run(parameters, [{}]);

	expect(bench.creates().map(({ fields }) => fields.rectangles)).toEqual([
		JSON.stringify(rectangle),
	]);
	expect(run.outputs[0]?.[0]?.json.removalArea).toEqual({
		sentAs: 'rectangles',
		shapes: 1,
		labels: [],
		coverage: null,
	});
});

describe('the size is found in', () => {
	// More than 64 kB of pixels where they are not compressed.
	const size = { width: 400, height: 300 };
	test.each([
		['JPEG', async () => await paint('jpeg', size)],
		['JPEG with 200 kB of metadata in front', async () => await paintJpegWithMetadata(size)],
		['PNG', async () => await paint('png', size)],
		['BMP', async () => await paint('bmp', size)],
		['WebP', async () => await paint('webp', size)],
		['TIFF', async () => await paint('tiff', size)],
		['TIFF with its directory at the end', () => tiffWithDirectoryAtEnd(size, 'LE')],
		['TIFF of the other byte order', () => tiffWithDirectoryAtEnd(size, 'BE')],
	])('%s', async (_name, make) => {
		const bytes = await make();
		const at = (x: number) => ({ ...withPicture(bytes), json: { areas: [area(x, 299, 1, 1)] } });
		const run = await bench.run(submitFromItem, [at(399), at(400)], {
			node: { onError: 'continueRegularOutput' },
		});

		expect(run.outputs[0]).toMatchObject([
			{ json: { status: 'submitted' } },
			{ json: { error: { message: expect.stringContaining('which has 400 × 300 pixels') } } },
		]);
		expect(bench.creates()).toHaveLength(1);
	});
});
