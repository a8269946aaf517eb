import sharp from 'sharp';
import { paint, paintMask, smallPng } from './pictures';
import { binaryOf, onlyItem, submitObjects, useBench, withPicture, type Bench } from './setup';
import { startWebHost, whole, type WebHost } from './webHost';

const bench = useBench({ binaryMode: 'filesystem' });

const area = (x: number, y: number, width: number, height: number) => ({ x, y, width, height });
const detections = {
	...submitObjects,
	removalArea: 'detections',
	detections: '={{ $json.answer }}',
};
const photo = async (width = 200, height = 100) => await paint('png', { width, height });

type Answer = Record<string, unknown> | unknown[] | string | null;

async function runWith(answer: Answer, more: Record<string, unknown> = {}) {
	const item = {
		...withPicture(await photo()),
		json: { answer: JSON.parse(JSON.stringify(answer)) },
	};
	return await bench.run({ ...detections, ...more }, [item]);
}

const sentRectangles = ({ creates }: Bench): unknown =>
	creates().map(({ fields }) => JSON.parse(fields.rectangles ?? 'null'));

/** Which pixels of a PNG are white, row by row. */
async function whiteOf(png: Buffer) {
	const { data, info } = await sharp(png).greyscale().raw().toBuffer({ resolveWithObject: true });
	return {
		size: [info.width, info.height],
		isWhite: (x: number, y: number) => data[y * info.width + x] === 255,
		share: data.filter((value) => value === 255).length / data.length,
		values: new Set(data),
	};
}

const gemini =
	'Here they are:\n```json\n[{"box_2d":[100,250,300,500],"label":"logo"},{"box_2d":[500,0,700,100],"label":"text"}]\n```';

describe('detections', () => {
	test('of Gemini, in the text of its answer', async () => {
		const run = await runWith({ content: { parts: [{ text: gemini }], role: 'model' } });

		expect(sentRectangles(bench)).toEqual([[area(50, 10, 50, 20), area(0, 50, 20, 20)]]);
		expect(onlyItem(run).json.removalArea).toEqual({
			sentAs: 'rectangles',
			shapes: 2,
			labels: ['logo', 'text'],
			coverage: 0.07,
		});
	});

	test('of Amazon Rekognition, only some labels and only sure ones', async () => {
		const box = (Left: number) => ({ Left, Top: 0.1, Width: 0.1, Height: 0.2 });
		const answer = {
			Labels: [
				{ Name: 'Sky', Confidence: 99, Instances: [] },
				{
					Name: 'Person',
					Confidence: 98,
					Instances: [
						{ BoundingBox: box(0.5), Confidence: 97 },
						{ BoundingBox: box(0.8), Confidence: 40 },
					],
				},
				{ Name: 'Dog', Confidence: 90, Instances: [{ BoundingBox: box(0), Confidence: 90 }] },
			],
		};
		const options = { ...submitObjects.options, minConfidence: 60 };
		await runWith(answer, { onlyLabels: 'person, cat', options });

		expect(sentRectangles(bench)).toEqual([[area(100, 10, 20, 20)]]);
	});

	test.each<[string, unknown]>([
		['a list', ['Cat', 'bird']],
		['a list as text', '["cat", "bird"]'],
		['quoted', '"cat"'],
	])('labels given as %s', async (_name, onlyLabels) => {
		const boxes = [
			{ ...area(0, 0, 5, 5), label: 'dog' },
			{ ...area(9, 9, 5, 5), label: 'cat' },
		];
		await runWith(boxes, { onlyLabels: `={{ ${JSON.stringify(onlyLabels)} }}` });

		expect(sentRectangles(bench)).toEqual([[area(9, 9, 5, 5)]]);
	});

	test.each(['({ label: "cat" })', '[{ label: "cat" }]', 'true'])(
		'labels that no text gives are refused: %s',
		async (expression) => {
			const boxes = [{ ...area(0, 0, 5, 5), label: 'dog' }];
			const run = await runWith(boxes, { onlyLabels: `={{ ${expression} }}` });

			expect(run.error?.message).toMatch(/^Only Labels: must be text, not /);
			expect(bench.sandbox.requests).toHaveLength(0);
		},
	);

	test('as plain numbers, by the format that was chosen', async () => {
		const boxes = { boxes: [[0.1, 0.2, 0.3, 0.4]] };
		const refused = await runWith(boxes);
		expect(refused.error?.message).toMatch(/^Detections \(JSON\): /);
		expect(bench.creates()).toHaveLength(0);

		await runWith(boxes, { boxFormat: 'corners', rectangleUnit: 'fraction' });
		await runWith(boxes, { boxFormat: 'centers', rectangleUnit: 'Fraction' });
		expect(sentRectangles(bench)).toEqual([[area(20, 20, 40, 20)], [area(0, 0, 50, 40)]]);
	});

	test('an outline becomes a mask of the image’s size', async () => {
		const points = [
			{ x: 10, y: 10 },
			{ x: 60, y: 10 },
			{ x: 10, y: 60 },
		];
		const run = await runWith([{ points, class: 'kite', confidence: 0.9 }]);

		expect(bench.creates()[0]?.files.mask_file?.fileName).toBe('mask.png');
		expect(onlyItem(run).json.removalArea).toMatchObject({ sentAs: 'mask', shapes: 1 });
	});

	test('grown and clipped', async () => {
		const options = { ...submitObjects.options, growArea: 5 };
		await runWith([area(190, -5, 40, 20)], { options });

		expect(sentRectangles(bench)).toEqual([[area(185, 0, 15, 20)]]);
	});
});

describe('nothing found', () => {
	test('the image goes through unchanged, without a request', async () => {
		const run = await runWith('```json\n[]\n```', { options: {} });

		const item = onlyItem(run);
		expect(item.json).toEqual({
			operation: 'removeObjects',
			taskId: null,
			status: 'unchanged',
			state: null,
			progress: null,
			createdAt: null,
			processedAt: null,
			completedAt: null,
			resultUrl: null,
			resultExpiresAt: null,
			fileName: 'photo.png',
			removalArea: { sentAs: null, shapes: 0, labels: [], coverage: 0 },
		});
		expect((await run.bytes(binaryOf(item))).equals(await photo())).toBe(true);
		expect(bench.sandbox.requests).toHaveLength(0);
	});

	test('a hint tells where no label could be told', async () => {
		const run = await runWith([area(1, 2, 3, 4)], { onlyLabels: 'logo', options: {} });

		expect(onlyItem(run).json.status).toBe('unchanged');
		expect(run.hints.map(({ message }) => message)).toEqual([
			'Item 0: 1 found, but nothing is removed: Only Labels is set, and none has a label',
		]);
		const labelled = [{ ...area(1, 2, 3, 4), label: 'cup' }];
		expect((await runWith(labelled, { onlyLabels: 'logo', options: {} })).hints).toEqual([]);
	});

	test('is not the outcome of a confidence that is no percentage', async () => {
		const run = await runWith([area(1, 2, 3, 4)], { options: { minConfidence: 0.5 } });

		expect(run.error?.message).toMatch(/^Min Confidence: 0\.5 would be less than 1 percent/);
		expect(run.error?.description).toMatch(/^Give it in percent: 50 for 0\.5\./);
	});

	test('or is an error, where that is chosen', async () => {
		const run = await runWith([], { options: { nothingFound: 'error' } });

		expect(run.error?.message).toMatch(/^Detections \(JSON\): nothing was found/);
		expect(bench.sandbox.requests).toHaveLength(0);
	});

	test.each([
		['nothing at all', null, /the expression gave nothing/],
		['prose', 'I am sorry, I cannot see anything.', /the answer has no/],
	])('is told apart from %s', async (_name, answer, message) => {
		const run = await runWith(answer);

		expect(run.error?.message).toMatch(message);
		expect(bench.sandbox.requests).toHaveLength(0);
	});

	describe('with an image behind a URL', () => {
		let host: WebHost;
		let imageUrl: string;
		beforeAll(async () => {
			host = await startWebHost();
			imageUrl = host.serve('/a.png', whole(await photo()));
		});
		afterAll(async () => await host.close());

		test.each([
			[true, null],
			[false, 'its address'],
		])('Download Result %p: the output has the image, or %p', async (downloadResult, resultUrl) => {
			const parameters = { ...detections, imageSource: 'url', imageUrl, detections: '[]' };
			const run = await bench.run({ ...parameters, options: { downloadResult } }, [{}]);

			const item = onlyItem(run);
			expect(item.json.status).toBe('unchanged');
			expect(item.json.resultUrl).toBe(resultUrl === null ? null : imageUrl);
			expect(item.binary?.data !== undefined).toBe(downloadResult);
			expect(bench.sandbox.requests).toHaveLength(0);
		});
	});
});

describe('rectangles', () => {
	const typed = async (parameters: Record<string, unknown>, rectangle: unknown[]) =>
		await bench.run({ ...submitObjects, rectangles: { rectangle }, ...parameters }, [
			withPicture(await photo()),
		]);

	test.each([
		['topLeft', area(10, 5, 30, 20)],
		['topRight', area(160, 5, 30, 20)],
		['bottomLeft', area(10, 75, 30, 20)],
		['bottomRight', area(160, 75, 30, 20)],
	])('measured from %s', async (measuredFrom, expected) => {
		await typed({ measuredFrom }, [area(10, 5, 30, 20)]);

		expect(sentRectangles(bench)).toEqual([[expected]]);
	});

	test.each([
		['fraction', area(0.1, 0.2, 0.5, 0.25)],
		['thousandths', area(100, 200, 500, 250)],
		['percent', area(10, 20, 50, 25)],
	])('as %s', async (rectangleUnit, given) => {
		await typed({ rectangleUnit }, [given]);

		expect(sentRectangles(bench)).toEqual([[area(20, 20, 100, 25)]]);
	});

	test('percentages that are fractions are refused', async () => {
		const run = await typed({ rectangleUnit: 'percent' }, [area(0.245, 0.16, 0.16, 0.147)]);

		expect(run.error?.message).toMatch(/look like fractions/);
		expect(run.error?.description).toContain('Set Unit to Fraction');
		expect(bench.sandbox.requests).toHaveLength(0);
	});
});

describe('masks', () => {
	/** 200 × 100: a hole, or a block, at 20…59 × 10…29. */
	const block = async (outer: string | sharp.RGBA, inner: string | sharp.RGBA, scale = 1) => {
		const channels = 4 as const;
		const part = { width: 40 * scale, height: 20 * scale, channels, background: inner };
		const whole = { width: 200 * scale, height: 100 * scale, channels, background: outer };
		const input = await sharp({ create: part }).png().toBuffer();
		const at = { input, left: 20 * scale, top: 10 * scale, blend: 'source' as const };
		// The block replaces what is under it, its transparency included.
		const { data } = await sharp({ create: whole }).raw().toBuffer({ resolveWithObject: true });
		const { data: inside } = await sharp(input)
			.ensureAlpha()
			.raw()
			.toBuffer({ resolveWithObject: true });
		for (let y = 0; y < part.height; y++) {
			inside.copy(
				data,
				((at.top + y) * whole.width + at.left) * channels,
				y * part.width * channels,
				(y + 1) * part.width * channels,
			);
		}
		const raw = { width: whole.width, height: whole.height, channels };
		return await sharp(data, { raw }).png().toBuffer();
	};
	const clear = { r: 0, g: 0, b: 0, alpha: 0 };
	const preview = { operation: 'previewArea', removalArea: 'maskBinary' };

	async function previewed(mask: Buffer, parameters: Record<string, unknown>) {
		const item = {
			binary: { ...withPicture(await photo()).binary, mask: { bytes: mask, fileName: 'm.png' } },
		};
		return await bench.run({ ...preview, ...parameters }, [item]);
	}

	test.each([
		['white', async () => await block('#000', '#fff')],
		['black', async () => await block('#fff', '#000')],
		['transparent', async () => await block('#8ac', clear)],
		['painted', async () => await block(clear, '#f00')],
	])('that mark in %s, at half and full size', async (maskMarks, make) => {
		const run = await previewed(await make(), { maskMarks });

		const mask = await whiteOf(await run.bytes(binaryOf(onlyItem(run))));
		expect(mask.size).toEqual([200, 100]);
		expect(mask.share).toBeCloseTo((40 * 20) / (200 * 100));
		expect([mask.isWhite(20, 10), mask.isWhite(59, 29)]).toEqual([true, true]);
		expect([mask.isWhite(19, 10), mask.isWhite(60, 29)]).toEqual([false, false]);
		expect(bench.sandbox.requests).toHaveLength(0);
	});

	test('of half the size are scaled, and grown', async () => {
		const half = await sharp(await block('#8ac', clear, 2))
			.resize(100, 50, { kernel: 'nearest' })
			.png()
			.toBuffer();
		const options = { growArea: 3 };
		const run = await previewed(half, { maskMarks: 'transparent', options });

		const mask = await whiteOf(await run.bytes(binaryOf(onlyItem(run))));
		expect(mask.values).toEqual(new Set([0, 255]));
		expect([mask.isWhite(17, 7), mask.isWhite(62, 32)]).toEqual([true, true]);
		expect([mask.isWhite(16, 7), mask.isWhite(63, 32)]).toEqual([false, false]);
	});

	test('whose marks are elsewhere are refused, with where they are', async () => {
		const run = await previewed(await block('#8ac', clear), { operation: 'removeObjects' });

		expect(run.error?.message).toMatch(/4 % of it is transparent/);
		expect(run.error?.description).toContain('Set Mask Marks to Transparent');
		expect(bench.sandbox.requests).toHaveLength(0);
	});

	test('that are no PNG are sent as they are, or refused naming Edit Image', async () => {
		const mask = sharp(await paintMask({ width: 200, height: 100 }));
		const jpeg = await mask.jpeg().toBuffer();
		const submit = { ...submitObjects, removalArea: 'maskBinary' };
		await previewed(jpeg, submit);
		const refused = [
			await previewed(jpeg, { ...submit, maskMarks: 'black' }),
			await previewed(jpeg, { ...submit, maskMarks: 'transparent' }),
			await previewed(await mask.resize(200, 101).jpeg().toBuffer(), submit),
		];

		expect(bench.creates()).toHaveLength(1);
		for (const { error } of refused) expect(error?.description).toContain('Edit Image');
	});
});

describe('the preview', () => {
	test('shows rectangles in white, and says what they are', async () => {
		const rectangles = { rectangle: [area(0, 0, 50, 100)] };
		const run = await bench.run({ operation: 'previewArea', rectangles }, [
			withPicture(await photo(), 'desk.jpg'),
		]);

		const item = onlyItem(run);
		expect(item.json).toEqual({
			operation: 'previewArea',
			status: 'preview',
			fileName: 'desk.jpg',
			removalArea: { sentAs: 'rectangles', shapes: 1, labels: [], coverage: 0.25 },
		});
		expect(binaryOf(item)).toMatchObject({ fileName: 'desk-area.png', mimeType: 'image/png' });
		const mask = await whiteOf(await run.bytes(binaryOf(item)));
		expect([mask.size, mask.share]).toEqual([[200, 100], 0.25]);
		expect(bench.sandbox.requests).toHaveLength(0);
	});

	test('needs no credential', async () => {
		const parameters = { operation: 'previewArea', rectangles: { rectangle: [area(1, 1, 5, 5)] } };
		const node = { hasCredential: false };
		const run = await bench.run(parameters, [withPicture(smallPng)], { node });

		expect(onlyItem(run).json.status).toBe('preview');
	});

	test('is all black where nothing was found', async () => {
		const item = { ...withPicture(await photo()), json: { answer: [] } };
		const run = await bench.run({ ...detections, operation: 'previewArea' }, [item]);

		expect(onlyItem(run).json).toMatchObject({ status: 'preview', removalArea: { shapes: 0 } });
		expect((await whiteOf(await run.bytes(binaryOf(onlyItem(run))))).share).toBe(0);
	});

	test('takes what fails as an error of its item', async () => {
		const run = await bench.run(
			{ operation: 'previewArea', rectangles: { rectangle: [area(500, 0, 5, 5)] } },
			[withPicture(smallPng), withPicture(smallPng)],
			{ node: { onError: 'continueRegularOutput' } },
		);

		expect(run.outputs[0]).toHaveLength(2);
		expect(run.outputs[0]?.[1]?.json.error).toMatchObject({ code: 'INVALID_INPUT' });
	});
});
