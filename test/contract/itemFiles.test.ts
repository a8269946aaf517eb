import type { InputBinary, InputItem } from '../engine/nodes/start';
import { sha256 } from '../sandbox/sha256';
import { paint, smallPng } from './pictures';
import { errorOf, oneRectangle, onlyItem, submitObjects, useBench, withPicture } from './setup';

const picture: InputBinary = { bytes: smallPng, fileName: 'photo.png', mimeType: 'image/png' };
const withFiles = (...names: string[]): InputItem => ({
	binary: Object.fromEntries(names.map((name) => [name, picture])),
});

describe('the only file of an item', () => {
	const bench = useBench();

	test('is taken, whatever it is called, where the field is left at data', async () => {
		const run = await bench.run(submitObjects, [withFiles('Your_photo')]);

		expect(onlyItem(run).json).toMatchObject({ status: 'submitted', fileName: 'photo.png' });
		expect(bench.creates()[0]?.files.image_file?.sha256).toBe(sha256(smallPng));
	});

	test('is not taken where another name was given', async () => {
		const run = await bench.run({ ...submitObjects, binaryPropertyName: 'photo' }, [
			withFiles('Your_photo'),
		]);

		expect(run.error).toMatchObject({
			message: 'Input Binary Field: the item has no binary field "photo" [item 0]',
			description: expect.stringContaining('Its only binary field is Your_photo'),
		});
	});

	test.each(['maskBinary', '={{ "Mask Binary" }}'])(
		'is not taken where it is the mask (%s)',
		async (removalArea) => {
			// Where an expression decides what is shown, n8n wants all that may be shown to be filled.
			const parameters = { ...submitObjects, removalArea, maskUrl: 'https://example.com/a.png' };
			const run = await bench.run({ ...parameters, maskBinaryPropertyName: 'white_parts' }, [
				withFiles('white_parts'),
			]);

			expect(run.error).toMatchObject({
				message: 'Input Binary Field: the item has no binary field "data" [item 0]',
				description: expect.stringContaining('white_parts, which is the mask'),
			});
			expect(bench.sandbox.requests).toHaveLength(0);
		},
	);

	test('may be called as a mask would be, where no mask is used', async () => {
		const run = await bench.run(submitObjects, [withFiles('mask')]);

		expect(onlyItem(run).json.status).toBe('submitted');
	});

	test('of several, none is guessed: they are named, and how to say it', async () => {
		const run = await bench.run(submitObjects, [withFiles('Photos_0', 'Photos_1')]);

		expect(run.error?.description).toContain('Photos_0, Photos_1');
		expect(run.error?.description).toContain('Split Out');
		expect(run.error?.description).toContain('{{ Object.keys($binary)[0] }}');
		expect(bench.sandbox.requests).toHaveLength(0);
	});

	test('the recipe for several works', async () => {
		const binaryPropertyName = '={{ Object.keys($binary)[0] }}';
		const run = await bench.run({ ...submitObjects, binaryPropertyName }, [
			withFiles('Photos_0'),
			withFiles('Photos_1'),
		]);

		expect(run.outputs[0]).toHaveLength(2);
	});

	test('without any, the message says how to fetch the file back', async () => {
		const run = await bench.run(submitObjects, [{ json: { boxes: [] } }]);

		expect(run.error?.description).toContain('no binary fields at all');
		expect(run.error?.description).toContain(
			"{{ $('Name of the node with the image').item.binary.data }}",
		);
	});
});

describe('what stands in the field', () => {
	const bench = useBench();

	const runWith = async (value: unknown, parameters: Record<string, unknown> = submitObjects) =>
		await bench.run({ ...parameters, binaryPropertyName: '={{ $json.value }}' }, [
			{ ...withFiles('data', 'other'), json: { value: value as string } },
		]);

	test.each<[string, unknown, RegExp, RegExp]>([
		['base64 text', smallPng.toString('base64'), /base64 text, not the name/, /Convert to File/],
		[
			'a data URI',
			`data:image/png;base64,${smallPng.toString('base64')}`,
			/base64 text, not the name/,
			/without the part up to the comma/,
		],
		['an address', 'https://example.com/a.png', /a web address, not the name/, /to URL/],
		['null', null, /the expression gave nothing \(null\)/, /names of the node and the field/],
		['nothing', undefined, /the expression gave nothing/, /data, other/],
		['an empty text', '', /no name is given/, /data, other/],
		['a list', ['data'], /gave a list, not one file/, /data, other/],
		[
			'an object',
			{ a: 1, b: 2 },
			/an object that is not a file \(its fields: a, b\)/,
			/data, other/,
		],
		['a number', 7, /no binary field "7"/, /data, other/],
		['another name', 'photo', /no binary field "photo"/, /data, other/],
		['a name that objects have', 'constructor', /no binary field "constructor"/, /data, other/],
		['a file without its bytes', { mimeType: 'image/png' }, /without its bytes/, /filesystem/],
	])('%s is called by its name', async (_name, value, message, description) => {
		const run = await runWith(value);

		expect(run.error).toMatchObject({
			name: 'NodeOperationError',
			message: expect.stringMatching(message),
			description: expect.stringMatching(description),
			itemIndex: 0,
		});
		expect(run.error?.message).toMatch(/^Input Binary Field: .{1,120} \[item 0\]$/);
		expect(bench.sandbox.requests).toHaveLength(0);
	});
});

describe('a file of another node, by expression', () => {
	const bench = useBench({ binaryMode: 'filesystem' });
	const nodes = (expression: string) => ({
		credential: bench.credential,
		items: [withPicture(smallPng, 'kept.png')],
		nodes: [
			{ name: 'Photo', type: 'noOp' as const },
			{
				name: 'PicWish',
				type: 'package' as const,
				parameters: { ...submitObjects, rectangles: oneRectangle, binaryPropertyName: expression },
			},
		],
		connections: {
			Start: { main: [[{ node: 'Photo', type: 'main' as const, index: 0 }]] },
			Photo: { main: [[{ node: 'PicWish', type: 'main' as const, index: 0 }]] },
		},
	});

	test('is taken', async () => {
		const run = await bench.engine.runWorkflow(nodes("={{ $('Photo').item.binary.data }}"));

		expect(run.error).toBeUndefined();
		expect(bench.creates()[0]?.files.image_file?.sha256).toBe(sha256(smallPng));
		expect(run.nodes.PicWish?.[0]?.outputs[0]?.[0]?.json.fileName).toBe('kept.png');
	});

	test('that it does not have: the message says what to check', async () => {
		const run = await bench.engine.runWorkflow(nodes("={{ $('Photo').item.binary.photo }}"));

		expect(run.error).toMatchObject({
			message: expect.stringContaining('Input Binary Field: the expression gave nothing'),
			description: expect.stringContaining('names of the node and the field'),
		});
	});
});

describe('errors name the file', () => {
	const bench = useBench();
	const goOn = { node: { onError: 'continueRegularOutput' } } as const;

	test('that the check refuses, that the area does not fit, and that the task fails with', async () => {
		const webp = withPicture(await paint('webp'), 'folder/mug.webp');
		const png = withPicture(smallPng, 'desk.png');
		const refused = await bench.run({ operation: 'removeWatermark' }, [webp], goOn);
		const outside = { rectangle: [{ x: 900, y: 0, width: 5, height: 5 }] };
		const misfit = await bench.run({ ...submitObjects, rectangles: outside }, [png], goOn);
		const badOption = await bench.run({ ...submitObjects, options: { maxWait: -1 } }, [png], goOn);
		const noMask = await bench.run({ ...submitObjects, removalArea: 'maskBinary' }, [png], goOn);
		bench.sandbox.addFault({ kind: 'create', act: { type: 'failTask', state: -9 } });
		const failed = await bench.run({ operation: 'removeWatermark' }, [png], goOn);

		const named = [refused, misfit, badOption, noMask, failed].map(
			(run) => errorOf(onlyItem(run)).fileName,
		);
		expect(named).toEqual(['mug.webp', ...Array<string>(4).fill('desk.png')]);
	});

	test('in the hint too, with the item', async () => {
		const good = withPicture(smallPng, 'good.png');
		const bad = withPicture(Buffer.alloc(0), 'broken.jpg', 'image/jpeg');
		const run = await bench.run({ operation: 'removeWatermark' }, [good, bad], goOn);

		expect(run.hints[0]?.message).toMatch(/^1 of 2 images failed: broken\.jpg \(item 1\): /);
	});

	test('where the run stops, in the description', async () => {
		bench.sandbox.addFault({ kind: 'create', act: { type: 'failTask', state: -9 } });
		const run = await bench.run({ operation: 'removeWatermark' }, [
			withPicture(smallPng, 'desk.png'),
		]);

		expect(run.error?.description).toContain('File: desk.png.');
	});
});
