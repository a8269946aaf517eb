/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { setTimeout as sleep } from 'node:timers/promises';
import { sha256 } from '../sandbox/sha256';
import { paint } from './pictures';
import {
	binaryOf,
	errorOf,
	onlyItem,
	onlyTask,
	submitObjects,
	useBench,
	withPicture,
} from './setup';

const bench = useBench();

const submitWatermark = {
	operation: 'removeWatermark',
	options: { waitForCompletion: false },
};
const paths = {
	removeObjects: '/api/tasks/visual/inpaint',
	removeWatermark: '/api/tasks/visual/external/watermark-remove',
};
const cases = [
	{ taskType: 'removeObjects', submit: submitObjects, suffix: '-no-objects' },
	{ taskType: 'removeWatermark', submit: submitWatermark, suffix: '-no-watermark' },
] as const;

test.each(cases)('fetches what $taskType has made', async ({ taskType, submit, suffix }) => {
	const picture = await paint('jpeg');
	const item = withPicture(picture, 'photo.jpg', 'image/jpeg');
	const { taskId } = onlyItem(await bench.run(submit, [item])).json;
	bench.sandbox.requests.length = 0;

	const run = await bench.run({ operation: 'getResult', taskType, taskId }, [{}]);

	const fetched = onlyItem(run);
	expect(fetched.json).toMatchObject({
		operation: 'getResult',
		taskId,
		status: 'completed',
		state: 1,
		progress: 100,
		resultUrl: expect.stringContaining(String(taskId)),
	});
	const { createdAt, resultSha256 } = onlyTask(bench.sandbox);
	expect(Date.parse(String(fetched.json.createdAt))).toBe(Math.floor(createdAt / 1000) * 1000);
	expect(fetched.pairedItem).toEqual({ item: 0 });
	expect(binaryOf(fetched)).toMatchObject({
		fileName: `${String(taskId)}${suffix}.jpg`,
		mimeType: 'image/jpeg',
	});
	expect(sha256(await run.bytes(binaryOf(fetched)))).toBe(resultSha256);

	const [query, ...others] = bench.sandbox.requests;
	expect(query).toMatchObject({ method: 'GET', url: `${paths[taskType]}/${String(taskId)}` });
	expect(others.map(({ kind }) => kind)).not.toContain('create');
});

test('fetches a result that was ordered as base64', async () => {
	const options = { ...submitObjects.options, resultTransfer: 'base64' };
	const { taskId } = onlyItem(await bench.run({ ...submitObjects, options })).json;
	const parameters = { operation: 'getResult', taskType: 'removeObjects', taskId };
	const run = await bench.run(parameters, [{}]);

	const item = onlyItem(run);
	expect(item.json).toMatchObject({ status: 'completed', resultUrl: null });
	expect(sha256(await run.bytes(binaryOf(item)))).toBe(onlyTask(bench.sandbox).resultSha256);
	expect(bench.sandbox.requests.map(({ kind }) => kind)).not.toContain('download');
});

describe('without waiting', () => {
	const look = (taskId: unknown) => ({
		operation: 'getResult',
		taskType: 'removeObjects',
		taskId,
		options: { waitForCompletion: false },
	});

	test('an unfinished task is looked at once and reported as processing', async () => {
		const { taskId } = onlyItem(await bench.run(submitObjects)).json;
		const data = { task_id: taskId, state: 4, progress: 40, created_at: 1_700_000_000 };
		bench.sandbox.addFault({
			kind: 'query',
			times: Infinity,
			act: { type: 'patch', change: () => ({ status: 200, data }) },
		});
		bench.sandbox.requests.length = 0;
		const item = onlyItem(await bench.run(look(taskId), [{}]));

		expect(item.json).toEqual({
			operation: 'getResult',
			taskId,
			status: 'processing',
			state: 4,
			progress: 40,
			createdAt: '2023-11-14T22:13:20.000Z',
			processedAt: null,
			completedAt: null,
			resultUrl: null,
			resultExpiresAt: '2023-11-14T23:13:20.000Z',
			fileName: null,
		});
		expect(item).not.toHaveProperty('binary');
		expect(bench.sandbox.requests.map(({ kind }) => kind)).toEqual(['query']);
	});

	test('a finished task gives its result', async () => {
		const { taskId } = onlyItem(await bench.run(submitObjects)).json;
		while (onlyTask(bench.sandbox).state !== 1) await sleep(10);
		const item = onlyItem(await bench.run(look(taskId), [{}]));

		expect(item).toMatchObject({ json: { status: 'completed' }, binary: { data: {} } });
	});
});

test('without download: only the address', async () => {
	const { taskId } = onlyItem(await bench.run(submitWatermark)).json;
	const options = { downloadResult: false };
	const parameters = { operation: 'getResult', taskType: 'removeWatermark', taskId, options };
	const item = onlyItem(await bench.run(parameters, [{}]));

	expect(item.json.resultUrl).toContain('/results/');
	expect(item).not.toHaveProperty('binary');
	expect(bench.sandbox.requests.map(({ kind }) => kind)).not.toContain('download');
});

test('task, type, names and fields may differ from item to item', async () => {
	const objects = onlyItem(await bench.run(submitObjects)).json;
	const watermark = onlyItem(await bench.run(submitWatermark)).json;
	const items = [objects, watermark].map(({ operation, taskId }, index) => ({
		json: { kind: operation, id: ` ${String(taskId)} `, name: `name${index}`, field: `f${index}` },
	}));
	const run = await bench.run(
		{
			operation: 'getResult',
			taskType: '={{ $json.kind }}',
			taskId: '={{ $json.id }}',
			options: {
				fileName: '={{ $json.name }}',
				outputBinaryPropertyName: '={{ $json.field }}',
				includeInputFields: true,
			},
		},
		items,
	);

	expect(run.outputs[0]).toMatchObject([
		{ json: { kind: 'removeObjects', taskId: objects.taskId }, pairedItem: { item: 0 } },
		{ json: { kind: 'removeWatermark', taskId: watermark.taskId }, pairedItem: { item: 1 } },
	]);
	expect(binaryOf(run.outputs[0]?.[0], 'f0').fileName).toBe('name0.png');
	expect(binaryOf(run.outputs[0]?.[1], 'f1').fileName).toBe('name1.png');
});

test.each([
	['an id nobody has', 'removeObjects', '3f2b8c1e-5d47-4a0b-9c6e-1a2b3c4d5e6f'],
	['the id of a task of the other type', 'removeWatermark', undefined],
])('%s is not found', async (_name, taskType, unknownId) => {
	const submitted = onlyItem(await bench.run(submitObjects)).json;
	const taskId = unknownId ?? submitted.taskId;
	const run = await bench.run({ operation: 'getResult', taskType, taskId }, [{}], {
		node: { onError: 'continueRegularOutput' },
	});

	expect(errorOf(onlyItem(run))).toMatchObject({ code: 'NOT_FOUND', httpStatus: 404, taskId });
});

test.each([
	['no id', ''],
	['spaces only', '   '],
	['a path', '../../other'],
	['a query', 'id?x=1'],
	['a line break', 'a\nb'],
	['two ids', '3f2b8c1e 5d474a0b'],
	['null', null],
])('%s is refused before any request', async (_name, id) => {
	const run = await bench.run(
		{ operation: 'getResult', taskType: 'removeObjects', taskId: '={{ $json.id }}' },
		[{ json: { id } }],
	);

	expect(run.error).toMatchObject({
		name: 'NodeOperationError',
		message: expect.stringMatching(/^Task ID: .*\[item 0\]$/),
		itemIndex: 0,
	});
	expect(bench.sandbox.requests).toHaveLength(0);
});

describe('with the type left to the node', () => {
	const queries = () =>
		bench.sandbox.requests
			.filter(({ kind }) => kind === 'query')
			.map(({ url }) => url.slice(0, url.lastIndexOf('/')));

	test.each([
		[cases[0], ['removeObjects']],
		[cases[1], ['removeObjects', 'removeWatermark']],
	] as const)('what $taskType has made is found', async ({ submit, suffix }, asked) => {
		const { taskId } = onlyItem(await bench.run(submit)).json;
		while (onlyTask(bench.sandbox).state !== 1) await sleep(10);
		const run = await bench.run({ operation: 'getResult', taskId }, [{}]);

		expect(onlyItem(run).json).toMatchObject({ taskId, status: 'completed' });
		expect(binaryOf(onlyItem(run)).fileName).toBe(`${String(taskId)}${suffix}.png`);
		expect(queries()).toEqual(asked.map((type) => paths[type]));
	});

	test('once known it is kept for the later polls', async () => {
		const { taskId } = onlyItem(await bench.run(submitWatermark)).json;
		const unfinished = { status: 200, data: { task_id: taskId, state: 4, progress: 40 } };
		bench.sandbox.addFault({
			kind: 'query',
			when: ({ url }) => url.startsWith(paths.removeWatermark),
			act: { type: 'patch', change: () => unfinished },
		});
		const run = await bench.run({ operation: 'getResult', taskId }, [{}]);

		expect(onlyItem(run).json.status).toBe('completed');
		const { removeObjects, removeWatermark } = paths;
		expect(queries()).toEqual([removeObjects, removeWatermark, removeWatermark]);
	});

	test('a task that neither type knows is not found', async () => {
		const taskId = '3f2b8c1e-5d47-4a0b-9c6e-1a2b3c4d5e6f';
		const run = await bench.run({ operation: 'getResult', taskId }, [{}], {
			node: { onError: 'continueRegularOutput' },
		});

		expect(errorOf(onlyItem(run))).toMatchObject({ code: 'NOT_FOUND', httpStatus: 404, taskId });
		expect(queries()).toEqual([paths.removeObjects, paths.removeWatermark]);
	});

	test('a refusal that is not about the task is not asked twice', async () => {
		const status = 401;
		const body = JSON.stringify({ status, message: 'no' });
		bench.sandbox.addFault({ kind: 'query', act: { type: 'respond', status, body } });
		const run = await bench.run({ operation: 'getResult', taskId: 'some-id' }, [{}]);

		expect(run.error?.message).toContain('[item 0]');
		expect(queries()).toEqual([paths.removeObjects]);
	});
});

test('a task ID that is null says that the image came out unchanged', async () => {
	const run = await bench.run({ operation: 'getResult', taskId: '={{ $json.taskId }}' }, [
		{ json: { taskId: null } },
	]);

	expect(run.error?.message).toContain('the image came out unchanged');
	expect(run.error?.description).toContain('status unchanged');
	expect(bench.sandbox.requests).toHaveLength(0);
});
