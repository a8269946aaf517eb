import type { BinaryMode } from '../engine/n8n';
import { sha256 } from '../sandbox/sha256';
import { paint, paintMask } from './pictures';
import { binaryOf, oneRectangle, onlyItem, onlyTask, useBench, type Bench } from './setup';

const parameters = {
	operation: 'removeObjects',
	rectangles: oneRectangle,
	options: { requestMode: 'sync' },
};

async function pictures() {
	const [bytes, mask] = await Promise.all([paint('jpeg'), paintMask()]);
	const binary = {
		data: { bytes, fileName: 'photo.jpg' },
		mask: { bytes: mask, fileName: 'mask.png' },
	};
	return { bytes, mask, items: [{ binary }] };
}

const modes: BinaryMode[] = ['default', 'filesystem', 'database'];

describe.each(modes)('binary data mode %s', (binaryMode) => {
	const bench = useBench({ binaryMode });

	test.each(['url', 'base64'])('is read and written (result by %s)', async (resultTransfer) => {
		const { bytes, mask, items } = await pictures();
		const options = { requestMode: 'sync', resultTransfer };
		const run = await bench.run({ ...parameters, removalArea: 'maskBinary', options }, items);

		expect(bench.creates()[0]?.files).toMatchObject({
			image_file: { sha256: sha256(bytes), bytes: bytes.length },
			mask_file: { sha256: sha256(mask), bytes: mask.length },
		});
		const binary = binaryOf(onlyItem(run));
		expect(binary.id === undefined).toBe(binaryMode === 'default');
		expect(sha256(await run.bytes(binary))).toBe(onlyTask(bench.sandbox).resultSha256);
	});

	test('one file may serve several items', async () => {
		const { bytes, items } = await pictures();
		const run = await bench.run(parameters, [...items, ...items, ...items]);

		expect(run.outputs[0]).toHaveLength(3);
		expect(bench.creates().map(({ files }) => files.image_file?.sha256)).toEqual(
			Array(3).fill(sha256(bytes)),
		);
	});
});

describe('an expression may give the binary data itself', () => {
	const fromExpression = { ...parameters, binaryPropertyName: '={{ $binary.data }}' };

	describe.each(['filesystem', 'database'] as const)('in mode %s', (binaryMode) => {
		const bench = useBench({ binaryMode });

		test('which is read from the store', async () => {
			const { bytes, items } = await pictures();
			await bench.run(fromExpression, items);

			expect(bench.creates()[0]?.files.image_file?.sha256).toBe(sha256(bytes));
		});
	});

	describe('but not in mode default', () => {
		const bench = useBench({ binaryMode: 'default' });

		test('where n8n leaves the bytes out of expressions', async () => {
			const run = await bench.run(fromExpression, (await pictures()).items);

			expect(run.error?.message).toMatch(/^Input Binary Field: .*\[item 0\]$/);
			expect(run.error?.description).toContain('data, mask');
			expect(bench.sandbox.requests).toHaveLength(0);
		});
	});
});

/** Files live inside the item's JSON, under `_files`, where n8n keeps them outside of items. */
describe.each(['filesystem', 'database'] as const)('combined with JSON, %s', (binaryMode) => {
	const bench = useBench({ binaryMode });
	const more = { workflowSettings: { binaryMode: 'combined' } } as const;

	async function expectResult(run: Awaited<ReturnType<Bench['run']>>) {
		const item = onlyItem(run);
		expect(item.json).toMatchObject({ status: 'completed', _files: { data: {} } });
		const files = Object(item.json._files);
		const result = binaryOf({ json: {}, binary: files });
		expect(result.fileName).toBe('photo-no-objects.jpg');
		expect(sha256(await run.bytes(result))).toBe(onlyTask(bench.sandbox).resultSha256);
	}

	test('image and mask are found by their path', async () => {
		const { bytes, mask, items } = await pictures();
		const fields = { binaryPropertyName: '_files.data', maskBinaryPropertyName: '_files.mask' };
		const run = await bench.run(
			{ ...parameters, removalArea: 'maskBinary', ...fields },
			items,
			more,
		);

		await expectResult(run);
		expect(bench.creates()[0]?.files).toMatchObject({
			image_file: { sha256: sha256(bytes) },
			mask_file: { sha256: sha256(mask) },
		});
	});

	test('an expression may give the binary data itself', async () => {
		const { bytes, items } = await pictures();
		const binaryPropertyName = '={{ $json._files.data }}';
		await expectResult(await bench.run({ ...parameters, binaryPropertyName }, items, more));

		expect(bench.creates()[0]?.files.image_file?.sha256).toBe(sha256(bytes));
	});

	test('the only file is taken, whatever it is called', async () => {
		const { bytes } = await pictures();
		const binary = { photo: { bytes, fileName: 'photo.jpg' } };
		const run = await bench.run(parameters, [{ binary }], more);

		const { json } = onlyItem(run);
		expect(json).toMatchObject({ status: 'completed', fileName: 'photo.jpg' });
		expect(json._files).toMatchObject({ data: { fileName: 'photo-no-objects.jpg' } });
		expect(bench.creates()[0]?.files.image_file?.sha256).toBe(sha256(bytes));
	});

	test('the item’s other files come along where wanted, and the result wins', async () => {
		const { items } = await pictures();
		const options = { requestMode: 'sync', includeInputFields: true };
		const binaryPropertyName = '_files.data';
		const run = await bench.run({ ...parameters, binaryPropertyName, options }, items, more);

		await expectResult(run);
		expect(onlyItem(run).json._files).toMatchObject({ mask: { fileName: 'mask.png' } });
	});

	test('a wrong path is refused, and the message tells where files are', async () => {
		const { items } = await pictures();
		const run = await bench.run({ ...parameters, binaryPropertyName: 'data' }, items, more);

		expect(run.error?.message).toBe(
			'Input Binary Field: the item has no binary field "data" [item 0]',
		);
		expect(run.error?.description).toContain('_files.data, _files.mask');
		expect(bench.sandbox.requests).toHaveLength(0);
	});
});
