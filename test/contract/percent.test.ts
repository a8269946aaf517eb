import { paint } from './pictures';
import { submitObjects, useBench, withPicture } from './setup';

const bench = useBench();

const area = (x: number, y: number, width: number, height: number) => ({ x, y, width, height });
const inPercent = { ...submitObjects, rectangleUnit: 'percent' };

async function runOnPicture(parameters: Record<string, unknown>) {
	// 40 × 30 pixels
	return await bench.run(parameters, [withPicture(await paint('png'))]);
}

test.each([
	['a part', area(10, 10, 50, 50), area(4, 3, 20, 15)],
	['nearly the whole', area(0, 0, 100, 90), area(0, 0, 40, 27)],
	['less than whole pixels, rounded outwards', area(1, 1, 1.5, 1), area(0, 0, 1, 1)],
	['fractions that meet the edge', area(33.3, 33.3, 66.7, 66.7), area(13, 9, 27, 21)],
	['less than a pixel', area(50, 50, 0.001, 0.001), area(20, 15, 1, 1)],
	['what sticks out, clipped', area(60, -5, 40.1, 10), area(24, 0, 16, 2)],
	['the last hair', area(99.999, 99.999, 0.001, 0.001), area(39, 29, 1, 1)],
])('%s', async (_name, given, expected) => {
	await runOnPicture({ ...inPercent, rectangles: { rectangle: [given] } });
	const detections = JSON.stringify([given]);
	const found = { removalArea: 'detections', boxFormat: 'sizes', detections };
	await runOnPicture({ ...inPercent, ...found });

	expect(bench.creates().map(({ fields }) => fields.rectangles)).toEqual(
		Array(2).fill(JSON.stringify([expected])),
	);
});

test.each([
	['beginning outside', area(100.5, 0, 1, 1)],
	['left of the image', area(-10, 0, 10, 10)],
])('%s is refused before any request', async (_name, given) => {
	const run = await runOnPicture({ ...inPercent, rectangles: { rectangle: [given] } });

	expect(run.error?.message).toMatch(/^Rectangles, rectangle 1: lies outside .*\[item 0\]$/);
	expect(bench.sandbox.requests).toHaveLength(0);
});

test('percent of a picture that hides its size is refused', async () => {
	const jpegWithoutSize = Buffer.from('ffd8ffe000104a464946000101', 'hex');
	const run = await bench.run({ ...inPercent, rectangles: { rectangle: [area(1, 1, 5, 5)] } }, [
		withPicture(jpegWithoutSize),
	]);

	expect(run.error?.message).toMatch(/^Rectangles: percent needs the size of the image/);
	expect(bench.sandbox.requests).toHaveLength(0);
});

test('unit and rectangles may differ from item to item', async () => {
	const picture = await paint('png');
	const items = ['percent', 'pixels'].map((unit) => ({ ...withPicture(picture), json: { unit } }));
	const run = await bench.run(
		{
			...submitObjects,
			rectangleUnit: '={{ $json.unit }}',
			rectangles: { rectangle: [area(10, 10, 20, 20)] },
		},
		items,
	);

	const sent = run.outputs[0]?.map(
		({ json }) => bench.creates().find(({ taskId }) => taskId === json.taskId)?.fields.rectangles,
	);
	expect(sent).toEqual(
		[area(4, 3, 8, 6), area(10, 10, 20, 20)].map((one) => JSON.stringify([one])),
	);
});

describe('the hint about large areas', () => {
	test.each([
		['half of the image', [area(0, 0, 50, 100)], []],
		['a pixel more', [area(0, 0, 51, 100)], [/covers 53 %.*50 %/]],
		['two that overlap', [area(0, 0, 40, 100), area(10, 0, 40, 100)], []],
		['two that do not', [area(0, 0, 40, 100), area(60, 0, 40, 100)], [/covers 80 %/]],
	])('%s', async (_name, rectangle, expected) => {
		const run = await runOnPicture({ ...inPercent, rectangles: { rectangle } });

		expect(run.status).toBe('success');
		expect(run.hints.map(({ message }) => message)).toEqual(
			expected.map((text) => expect.stringMatching(text)),
		);
	});

	test('many items make one hint', async () => {
		const picture = withPicture(await paint('png'));
		const rectangle = [area(0, 0, 100, 90)];
		const run = await bench.run({ ...inPercent, rectangles: { rectangle } }, [picture, picture]);

		expect(run.hints).toMatchObject([
			{ message: expect.stringMatching(/^Item 0: .*90 %.*1 more/), location: 'outputPane' },
		]);
	});
});
