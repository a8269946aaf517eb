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

const submit = { ...submitObjects, removalArea: 'rectanglesJson' };
/** What the detection model before the node has put into the item. */
const submitFromItem = { ...submit, rectanglesJson: '={{ $json.areas }}' };

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

test.each([
	['a list', [area(1, 2, 3, 4), area(5, 6, 7, 8)], [area(1, 2, 3, 4), area(5, 6, 7, 8)]],
	['one object', area(1, 2, 3, 4), [area(1, 2, 3, 4)]],
	['JSON text of a list', '[{"x":1,"y":2,"width":3,"height":4}]', [area(1, 2, 3, 4)]],
	['JSON text of an object', ' {"x":1,"y":2,"width":3,"height":4}\n', [area(1, 2, 3, 4)]],
	['numbers as text', [{ x: '1', y: ' 2 ', width: '3.0', height: '4' }], [area(1, 2, 3, 4)]],
	['more fields than needed', [{ ...area(1, 2, 3, 4), label: 'cup' }], [area(1, 2, 3, 4)]],
	['the whole image', [area(0, 0, smallSide, smallSide)], [area(0, 0, smallSide, smallSide)]],
	['the last pixel', [area(19, 19, 1, 1)], [area(19, 19, 1, 1)]],
	['fifty', Array(50).fill(area(1, 2, 3, 4)), Array(50).fill(area(1, 2, 3, 4))],
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
	['fifty-one', Array(51).fill(area(1, 2, 3, 4)), /51 rectangles are given, .* at most 50/],
	['none', [], /no rectangle is given/],
	['null', null, /no rectangle is given/],
	['empty text', '', /no rectangle is given/],
	['text that is not JSON', 'x=1', /not valid JSON/],
	['JSON text with NaN', '[{"x":NaN,"y":2,"width":3,"height":4}]', /not valid JSON/],
	['a number', 7, /rectangle 1: is not an object/],
	['a list of lists', [[1, 2, 3, 4]], /rectangle 1: is not an object/],
	['a missing side', [{ x: 1, y: 2, width: 3 }], /rectangle 1: height is missing/],
	['NaN', [area(NaN, 2, 3, 4)], /rectangle 1: x is not a number \(NaN\)/],
	['Infinity', [area(1, 2, Infinity, 4)], /rectangle 1: width is not a number/],
	['a word', [{ ...area(1, 2, 3, 4), y: 'top' }], /rectangle 1: y is not a number \(top\)/],
	['true', [{ ...area(1, 2, 3, 4), x: true }], /rectangle 1: x is not a number/],
	['a negative place', [area(-1, 2, 3, 4)], /rectangle 1: X and Y must not be negative/],
	['a negative place below', [area(1, -1, 3, 4)], /rectangle 1: X and Y must not be negative/],
	['a negative size', [area(1, 2, -3, 4)], /rectangle 1: width and height must be more than 0/],
	['no width', [area(1, 2, 0, 4)], /rectangle 1: width and height must be more than 0/],
	['no height', [area(1, 2, 3, 0)], /rectangle 1: width and height must be more than 0/],
	['a fraction', [area(1.5, 2, 3, 4)], /rectangle 1: x must be a whole number, not 1.5/],
	['a fraction as text', [{ ...area(1, 2, 3, 4), height: '4.5' }], /height must be a whole/],
	['one pixel too far right', [area(17, 0, 4, 1)], /rectangle 1: reaches outside .* 20 × 20/],
	['one pixel too far down', [area(0, 17, 1, 4)], /rectangle 1: reaches outside .* 20 × 20/],
	['the second one wrong', [area(1, 2, 3, 4), area(20, 0, 1, 1)], /rectangle 2: reaches outside/],
];

test.each(refused)('%s is refused before any request', async (_name, areas, message) => {
	const run = await bench.run(submitFromItem, [itemWith(areas)]);

	expect(run.error).toMatchObject({
		name: 'NodeOperationError',
		message: expect.stringMatching(message),
		description: expect.any(String),
		itemIndex: 0,
	});
	expect(run.error?.message).toMatch(/^Rectangles \(JSON\).*\[item 0\]$/);
	expect(bench.sandbox.requests).toHaveLength(0);
});

test.each([
	{ message: /^Rectangles, rectangle 1: reaches outside/, rectangle: [area(0, 0, 21, 1)] },
	{ message: /^Rectangles, rectangle 1: .* more than 0/, rectangle: [{ x: 1, y: 1 }] },
	{ message: /^Rectangles: 51 rectangles/, rectangle: Array(51).fill(area(0, 0, 1, 1)) },
	{ message: /Rectangles/, rectangle: [] },
])('the form is checked as well: $message', async ({ message, rectangle }) => {
	const run = await bench.run({ ...submitObjects, rectangles: { rectangle } });

	expect(run.error?.message).toMatch(message);
	expect(bench.sandbox.requests).toHaveLength(0);
});

test('with an image URL the size is not known here, so the API has the last word', async () => {
	const imageUrl = 'https://example.com/photo.jpg';
	const rectanglesJson = '[{"x":3000,"y":0,"width":900,"height":1}]';
	await bench.run({ ...submit, imageSource: 'url', imageUrl, rectanglesJson }, [{}]);

	expect(bench.creates().map(({ fields }) => fields.rectangles)).toEqual([rectanglesJson]);
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
			{ json: { error: { message: expect.stringContaining('the image is 400 × 300 pixels') } } },
		]);
		expect(bench.creates()).toHaveLength(1);
	});
});
