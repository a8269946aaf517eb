import { samples } from '../sandbox/samples/samples';
import { sha256 } from '../sandbox/sha256';
import { paintJpegWithMetadata, smallPng } from './pictures';
import {
	binaryOf,
	onlyItem,
	onlyTask,
	quickWatermark,
	submitObjects,
	useBench,
	withPicture,
} from './setup';

const bench = useBench();

const HOUR_MS = 3_600_000;
/** The API tells times in whole seconds. */
const isoSecond = (ms: number) => new Date(Math.floor(ms / 1000) * 1000).toISOString();

test.each(['sync', 'async'])('a finished item has exactly these fields (%s)', async (mode) => {
	const run = await bench.run({ operation: 'removeWatermark', options: { requestMode: mode } });

	const { taskId, createdAt, doneAt } = onlyTask(bench.sandbox);
	const created = isoSecond(createdAt);
	const item = onlyItem(run);
	expect(item.json).toEqual({
		operation: 'removeWatermark',
		taskId,
		status: 'completed',
		state: 1,
		progress: 100,
		createdAt: created,
		processedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/),
		completedAt: isoSecond(doneAt),
		resultUrl: expect.stringContaining(`${bench.sandbox.resultsUrl}/results/${taskId}.png?`),
		resultExpiresAt: new Date(Date.parse(created) + HOUR_MS).toISOString(),
		fileName: 'photo.png',
	});
	expect(Object.keys(item).sort()).toEqual(['binary', 'json', 'pairedItem']);
	expect(item.pairedItem).toEqual({ item: 0 });
});

test('the result URL is passed on byte for byte', async () => {
	const run = await bench.run(quickWatermark);

	const [download] = bench.sandbox.requests.filter(({ kind }) => kind === 'download');
	expect(onlyItem(run).json.resultUrl).toBe(`${bench.sandbox.resultsUrl}${download?.url}`);
	expect(download?.url).toContain('%2B');
});

test('without download: the address, no file, no request for it', async () => {
	const options = { requestMode: 'sync', downloadResult: false };
	const run = await bench.run({ ...quickWatermark, options });

	const item = onlyItem(run);
	expect(item.json).toMatchObject({ status: 'completed', resultUrl: expect.any(String) });
	expect(item).not.toHaveProperty('binary');
	expect(bench.sandbox.requests.map(({ kind }) => kind)).toEqual(['create']);
});

test('without waiting: status submitted, the task id, one request', async () => {
	const before = Date.now();
	const item = onlyItem(await bench.run(submitObjects));
	const after = Date.now();

	expect(item).not.toHaveProperty('binary');
	expect(item.json).toEqual({
		operation: 'removeObjects',
		taskId: onlyTask(bench.sandbox).taskId,
		status: 'submitted',
		state: null,
		progress: null,
		createdAt: expect.any(String),
		processedAt: null,
		completedAt: null,
		resultUrl: null,
		resultExpiresAt: expect.any(String),
		fileName: 'photo.png',
		removalArea: { sentAs: 'rectangles', shapes: 1, labels: [], coverage: 0.05 },
	});
	const createdAt = Date.parse(String(item.json.createdAt));
	expect(createdAt).toBeGreaterThanOrEqual(before);
	expect(createdAt).toBeLessThanOrEqual(after);
	expect(Date.parse(String(item.json.resultExpiresAt)) - createdAt).toBe(HOUR_MS);
	expect(bench.sandbox.requests.map(({ kind }) => kind)).toEqual(['create']);
});

test('Wait for Completion does not touch the synchronous mode, which always waits', async () => {
	const options = { requestMode: 'sync', waitForCompletion: false };
	const run = await bench.run({ operation: 'removeWatermark', options });

	expect(onlyItem(run)).toMatchObject({ json: { status: 'completed' }, binary: {} });
});

test('a synchronous create that comes back unfinished is waited for', async () => {
	bench.sandbox.addFault({
		kind: 'create',
		act: {
			type: 'patch',
			change: () => {
				const { taskId } = onlyTask(bench.sandbox);
				return { status: 200, data: { task_id: taskId, state: 4, progress: 10 } };
			},
		},
	});
	const run = await bench.run(quickWatermark);

	expect(onlyItem(run).json).toMatchObject({ status: 'completed', progress: 100 });
	const kinds = bench.sandbox.requests.map(({ kind }) => kind);
	expect(kinds).toEqual(['create', 'query', 'download']);
});

test.each([
	{ wanted: false, expected: {} },
	{ wanted: true, expected: { customer: 7, tags: ['a'] } },
])("the input's fields are copied when wanted ($wanted)", async ({ wanted, expected }) => {
	const json = { customer: 7, tags: ['a'], status: 'from the input' };
	const run = await bench.run(
		{ ...quickWatermark, options: { requestMode: 'sync', includeInputFields: wanted } },
		[{ ...withPicture(smallPng), json }],
	);

	const { customer, tags, status } = onlyItem(run).json;
	expect({ ...(customer !== undefined && { customer, tags }) }).toEqual(expected);
	expect(status).toBe('completed');
});

describe('with Include Input Fields', () => {
	const file = (name: string) => ({ bytes: smallPng, fileName: name, mimeType: 'image/png' });
	const item = {
		json: { customer: 7, error: 'of another node', fileName: 'from the input' },
		binary: { data: file('photo.png'), mask: file('mask.png'), receipt: file('receipt.png') },
	};
	const parameters = (options: Record<string, unknown>) => ({
		...quickWatermark,
		options: { requestMode: 'sync', includeInputFields: true, ...options },
	});

	test('all fields but an error come along, and all files; the result wins', async () => {
		const { json, binary } = onlyItem(await bench.run(parameters({}), [item]));

		expect(json).toMatchObject({ customer: 7, fileName: 'photo.png', status: 'completed' });
		expect(json).not.toHaveProperty('error');
		const names = Object.entries(binary ?? {}).map(([name, { fileName }]) => [name, fileName]);
		expect(Object.fromEntries(names)).toEqual({
			data: 'photo-no-watermark.png',
			mask: 'mask.png',
			receipt: 'receipt.png',
		});
	});

	test('the source stays beside a result that goes elsewhere', async () => {
		const run = await bench.run(parameters({ outputBinaryPropertyName: 'clean' }), [item]);

		const names = Object.keys(onlyItem(run).binary ?? {}).sort();
		expect(names).toEqual(['clean', 'data', 'mask', 'receipt']);
	});

	test('where no result is downloaded, no other file takes its place', async () => {
		const { binary } = onlyItem(await bench.run(parameters({ downloadResult: false }), [item]));

		expect(Object.keys(binary ?? {}).sort()).toEqual(['mask', 'receipt']);
	});
});

test('input items come out of a run as they went in', async () => {
	const json = { nested: { list: [1, 2] } };
	const run = await bench.run(
		{ ...quickWatermark, options: { requestMode: 'sync', includeInputFields: true } },
		[{ ...withPicture(smallPng), json }],
	);

	const [input] = run.input;
	expect(input?.json).toBe(json);
	expect(json).toEqual({ nested: { list: [1, 2] } });
	expect(sha256(await run.bytes(binaryOf(input)))).toBe(sha256(smallPng));
	expect(input?.binary?.data?.fileName).toBe('photo.png');
});

test('the output has the result only, in the field that was asked for', async () => {
	const options = { requestMode: 'sync', outputBinaryPropertyName: 'clean' };
	const run = await bench.run({ ...quickWatermark, options });

	const { binary } = onlyItem(run);
	expect(Object.keys(binary ?? {})).toEqual(['clean']);
});

test('many items come out in the order they came in, each paired with its own', async () => {
	const names = ['a', 'b', 'c', 'd', 'e', 'f'];
	// The first creates are answered last.
	for (const [index] of names.entries()) {
		bench.sandbox.addFault({ kind: 'create', act: { type: 'delay', ms: 120 - 20 * index } });
	}
	const items = names.map((name) => withPicture(smallPng, `${name}.png`));
	const run = await bench.run(quickWatermark, items);

	expect(run.outputs[0]?.map(({ binary }) => binary?.data?.fileName)).toEqual(
		names.map((name) => `${name}-no-watermark.png`),
	);
	expect(run.outputs[0]?.map(({ pairedItem }) => pairedItem)).toEqual(
		names.map((_name, item) => ({ item })),
	);
	for (const [index, item] of (run.outputs[0] ?? []).entries()) {
		const create = bench.creates().find(({ taskId }) => taskId === item.json.taskId);
		expect(create?.files.file?.fileName).toBe(`${names[index]}.png`);
	}
});

test('tasks are created in the order of the items, although one takes longer to be read', async () => {
	const slow = await paintJpegWithMetadata({ width: 40, height: 30 });
	const pictures = [smallPng, slow, smallPng, smallPng, smallPng];
	const items = pictures.map((bytes, index) => withPicture(bytes, `${index}.png`));
	const credential = { ...bench.credential, requestsPerSecond: 5 };
	await bench.run(quickWatermark, items, { credential });

	const created = bench.creates().map(({ files }) => files.file?.fileName);
	// The first to be read found the line empty.
	const waited = created.slice(1);
	expect(created).toHaveLength(5);
	expect(waited).toEqual([...waited].sort());
});

test('parameters may differ from item to item', async () => {
	const imageUrl = `${bench.sandbox.resultsUrl}/samples/${samples.watermarked.file}`;
	const options = { requestMode: 'sync' };
	const run = await bench.run(
		{
			operation: 'removeObjects',
			imageSource: '={{ $json.source }}',
			binaryPropertyName: '={{ $json.field }}',
			imageUrl,
			rectangles: { rectangle: [{ x: '={{ $json.x }}', y: 0, width: 2, height: 2 }] },
			options: { ...options, fileName: '={{ $json.name }}' },
		},
		[
			{
				json: { source: 'binary', field: 'one', x: 1, name: 'first' },
				binary: { one: { bytes: smallPng, fileName: 'one.png' } },
			},
			{
				json: { source: 'binary', field: 'two', x: 5, name: 'second' },
				binary: { two: { bytes: smallPng, fileName: 'two.png' } },
			},
			{ json: { source: 'url', x: 9, name: 'third' } },
		],
	);

	expect(run.error).toBeUndefined();
	const rectangle = (x: number) => JSON.stringify([{ x, y: 0, width: 2, height: 2 }]);
	const byItem = run.outputs[0]?.map(({ json }) =>
		bench.creates().find(({ taskId }) => taskId === json.taskId),
	);
	expect(byItem).toMatchObject([
		{ fields: { rectangles: rectangle(1) }, files: { image_file: { fileName: 'one.png' } } },
		{ fields: { rectangles: rectangle(5) }, files: { image_file: { fileName: 'two.png' } } },
		{ fields: { rectangles: rectangle(9), image_url: imageUrl }, files: {} },
	]);
	expect(run.outputs[0]?.map(({ binary }) => binary?.data?.fileName)).toEqual([
		'first.png',
		'second.png',
		'third.jpg',
	]);
});

test('no items in, no items out, no request', async () => {
	const run = await bench.run(quickWatermark, []);

	expect(run.status).toBe('success');
	expect(run.outputs.flat()).toEqual([]);
	expect(bench.sandbox.requests).toHaveLength(0);
});
