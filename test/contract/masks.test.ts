import { sha256 } from '../sandbox/sha256';
import { paint, paintMask, paintTurnedJpeg } from './pictures';
import { onlyTask, submitObjects, useBench, withPicture } from './setup';

const bench = useBench();

const submit = { ...submitObjects, removalArea: 'maskBinary' };

/** An item with a picture of 40 × 30 pixels and a mask. */
async function masked(mask: Buffer, image?: Buffer) {
	return {
		binary: {
			data: { bytes: image ?? (await paint('png')), fileName: 'photo.png' },
			mask: { bytes: mask, fileName: 'mask.png' },
		},
	};
}

test('a mask in a binary field is uploaded beside the image', async () => {
	const [image, mask] = await Promise.all([paint('jpeg'), paintMask()]);
	await bench.run(submit, [await masked(mask, image)]);

	const [create] = bench.creates();
	expect(create?.partOrder).toEqual(['sync', 'image_file', 'mask_file']);
	expect(create?.fields).toEqual({ sync: '0' });
	expect(create?.files).toMatchObject({
		image_file: { sha256: sha256(image), bytes: image.length, fileName: 'photo.png' },
		mask_file: { sha256: sha256(mask), bytes: mask.length, fileName: 'mask.png' },
	});
});

test('the mask may be in any field, and another one for each item', async () => {
	const mask = await paintMask();
	const image = { bytes: await paint('png'), fileName: 'photo.png' };
	const run = await bench.run({ ...submit, maskBinaryPropertyName: '={{ $json.field }}' }, [
		{ json: { field: 'one' }, binary: { data: image, one: { bytes: mask, fileName: '1.png' } } },
		{ json: { field: 'two' }, binary: { data: image, two: { bytes: mask, fileName: '2.png' } } },
	]);

	const names = run.outputs[0]?.map(({ json }) => {
		const create = bench.creates().find(({ taskId }) => taskId === json.taskId);
		return create?.files.mask_file?.fileName;
	});
	expect(names).toEqual(['1.png', '2.png']);
});

test('a mask URL is sent as a field, before the file', async () => {
	const maskUrl = 'https://example.com/mask.png?a=1';
	await bench.run({ ...submitObjects, removalArea: 'maskUrl', maskUrl });

	const [create] = bench.creates();
	expect(create?.fields).toEqual({ sync: '0', mask_url: maskUrl });
	expect(create?.partOrder).toEqual(['sync', 'mask_url', 'image_file']);
});

test('image and mask by URL: nothing is uploaded', async () => {
	const imageUrl = 'https://example.com/photo.png';
	const maskUrl = 'https://example.com/mask.png';
	const parameters = { ...submitObjects, imageSource: 'url', imageUrl };
	await bench.run({ ...parameters, removalArea: 'maskUrl', maskUrl }, [{}]);

	const [create] = bench.creates();
	expect(create?.fields).toEqual({ sync: '0', image_url: imageUrl, mask_url: maskUrl });
	expect(create?.files).toEqual({});
});

test.each([
	[42, 30],
	[40, 29],
	[30, 40],
	[80, 50],
])('a mask of %i × %i for an image of 40 × 30 is refused', async (width, height) => {
	const run = await bench.run(submit, [await masked(await paintMask({ width, height }))]);

	expect(run.error).toMatchObject({
		name: 'NodeOperationError',
		message: `Mask Binary Field: mask.png: the mask has ${width} × ${height} pixels, the image has 40 × 30 [item 0]`,
		description: expect.any(String),
		itemIndex: 0,
	});
	expect(bench.sandbox.requests).toHaveLength(0);
});

test.each([
	[40, 30],
	[30, 40],
])('for a photo that is shown turned, a mask of %i × %i may be meant', async (width, height) => {
	const mask = await paintMask({ width, height });
	await bench.run(submit, [await masked(mask, await paintTurnedJpeg())]);

	expect(onlyTask(bench.sandbox).taskType).toBe('removeObjects');
});

test('for a photo that is shown turned, a mask of neither shape is refused', async () => {
	const mask = await paintMask({ width: 40, height: 40 });
	const run = await bench.run(submit, [await masked(mask, await paintTurnedJpeg())]);

	expect(run.error?.message).toMatch(/^Mask Binary Field: mask.png: the mask has 40 × 40 pixels/);
	expect(bench.sandbox.requests).toHaveLength(0);
});

test.each([
	['of a wrong format', async () => await paint('gif'), /does not accept GIF files \(mask.png\)/],
	['that is empty', async () => await Promise.resolve(Buffer.alloc(0)), /"mask.png" is empty/],
])('a mask %s is refused', async (_name, make, message) => {
	const run = await bench.run(submit, [await masked(await make())]);

	expect(run.error?.message).toMatch(/^Mask Binary Field: .*\[item 0\]$/);
	expect(run.error?.message).toMatch(message);
	expect(bench.sandbox.requests).toHaveLength(0);
});

test('a missing mask is named, with what is there instead', async () => {
	const run = await bench.run(submit, [withPicture(await paint('png'))]);

	expect(run.error).toMatchObject({
		message: 'Mask Binary Field: the item has no binary field "mask" [item 0]',
		description: expect.stringContaining('data'),
	});
	expect(bench.sandbox.requests).toHaveLength(0);
});
