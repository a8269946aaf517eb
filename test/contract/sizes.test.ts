import { bmpHeader, padded, smallPng } from './pictures';
import { oneRectangle, submitObjects, useBench, withPicture } from './setup';

// Files are streamed here, as on a server; in memory n8n itself would hold each of them.
const bench = useBench({ binaryMode: 'filesystem' });

const MEGABYTE = 1024 * 1024;
const submitWatermark = { operation: 'removeWatermark', options: { waitForCompletion: false } };

const limits = [
	{ parameters: submitObjects, field: 'image_file', megabytes: 20 },
	{ parameters: submitWatermark, field: 'file', megabytes: 50 },
] as const;

test.each(limits)(
	'$parameters.operation takes $megabytes MB',
	async ({ parameters, field, megabytes }) => {
		const bytes = megabytes * MEGABYTE;
		const run = await bench.run(parameters, [withPicture(padded(smallPng, bytes))]);

		expect(run.error).toBeUndefined();
		expect(bench.creates()).toMatchObject([{ status: 200, files: { [field]: { bytes } } }]);
	},
);

test.each(limits)(
	'$parameters.operation refuses a byte more than $megabytes MB before any request',
	async ({ parameters, megabytes }) => {
		const bytes = megabytes * MEGABYTE + 1;
		const run = await bench.run(parameters, [withPicture(padded(smallPng, bytes))]);

		expect(run.error).toMatchObject({
			name: 'NodeOperationError',
			message: expect.stringMatching(
				`^Input Binary Field: the file "photo.png" is larger than ${megabytes} MB.*\\[item 0\\]$`,
			),
			description: expect.any(String),
			itemIndex: 0,
		});
		expect(bench.sandbox.requests).toHaveLength(0);
	},
);

test('a mask of a byte more than 20 MB is refused as well', async () => {
	const mask = { bytes: padded(smallPng, 20 * MEGABYTE + 1), fileName: 'mask.png' };
	const item = { binary: { data: { bytes: smallPng, fileName: 'photo.png' }, mask } };
	const run = await bench.run({ ...submitObjects, removalArea: 'maskBinary' }, [item]);

	expect(run.error?.message).toMatch(
		/^Mask Binary Field: the file "mask.png" is larger than 20 MB/,
	);
	expect(bench.sandbox.requests).toHaveLength(0);
});

test('an empty file is refused', async () => {
	const run = await bench.run(submitWatermark, [withPicture(Buffer.alloc(0))]);

	expect(run.error?.message).toBe('Input Binary Field: the file "photo.png" is empty [item 0]');
	expect(bench.sandbox.requests).toHaveLength(0);
});

test.each([
	{ operation: 'removeObjects', width: 1, height: 1 },
	{ operation: 'removeObjects', width: 4096, height: 4096 },
	{ operation: 'removeObjects', width: 4096, height: 1 },
	{ operation: 'removeWatermark', width: 20, height: 20 },
	{ operation: 'removeWatermark', width: 10000, height: 10000 },
])('$operation takes $width × $height pixels', async ({ operation, width, height }) => {
	// An image of one pixel has no part that could be marked here.
	const area = { removalArea: 'maskUrl', maskUrl: 'https://example.com/mask.png' };
	const parameters = { ...submitObjects, operation, ...area };
	const run = await bench.run(parameters, [withPicture(bmpHeader(width, height), 'a.bmp')]);

	expect(run.error).toBeUndefined();
	expect(bench.creates().map(({ status }) => status)).toEqual([200]);
});

test.each([
	{ operation: 'removeObjects', width: 4097, height: 100 },
	{ operation: 'removeObjects', width: 100, height: 4097 },
	{ operation: 'removeWatermark', width: 19, height: 20 },
	{ operation: 'removeWatermark', width: 20, height: 19 },
	{ operation: 'removeWatermark', width: 10001, height: 20 },
	{ operation: 'removeWatermark', width: 20, height: 10001 },
])('$operation refuses $width × $height pixels', async ({ operation, width, height }) => {
	const parameters = { ...submitObjects, operation, rectangles: oneRectangle };
	const run = await bench.run(parameters, [withPicture(bmpHeader(width, height), 'a.bmp')]);

	expect(run.error?.message).toMatch(/^Input Binary Field: the image "a.bmp" has .*\[item 0\]$/);
	expect(run.error?.message).toContain(`has ${width} × ${height} pixels, `);
	expect(run.error?.description).toContain('Resize');
	expect(bench.sandbox.requests).toHaveLength(0);
});
