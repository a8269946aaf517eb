/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { setTimeout as wait } from 'node:timers/promises';
import { smallPng } from './pictures';
import {
	errorOf,
	onlyItem,
	onlyTask,
	quickWatermark,
	submitObjects,
	useBench,
	withPicture,
} from './setup';

const bench = useBench();

const good = withPicture(smallPng);
const without = { json: { note: 'no picture' } };
const oneByOne = { requestMode: 'sync', maxConcurrentTasks: 1 };

describe('stopping at errors', () => {
	test('a check of ours: NodeOperationError with field, item and what to do', async () => {
		const run = await bench.run(quickWatermark, [without]);

		expect(run.status).toBe('error');
		expect(run.error).toEqual({
			name: 'NodeOperationError',
			message: 'Input Binary Field: the item has no binary field "data" [item 0]',
			description: expect.stringContaining('no binary fields at all'),
			itemIndex: 0,
		});
		expect(bench.sandbox.requests).toHaveLength(0);
	});

	test('the description names every task that is already paid for', async () => {
		const act = { type: 'failTask', state: -7 } as const;
		bench.sandbox.addFault({ kind: 'create', skip: 2, act });
		const parameters = { ...quickWatermark, options: oneByOne };
		const run = await bench.run(parameters, [good, good, good, good]);

		const paid = bench.sandbox.tasks.map(({ taskId }) => taskId).slice(0, 2);
		expect(paid).toHaveLength(2);
		expect(run.error).toMatchObject({ name: 'NodeApiError', itemIndex: 2 });
		expect(run.error?.message).toContain('[item 2]');
		for (const taskId of paid) expect(run.error?.description).toContain(taskId);
		expect(run.error?.description).toContain('Get Result');
		expect(run.error?.description).toContain('Continue (using error output)');
		// Each sentence ends before the next begins.
		expect(run.error?.description).toMatch(new RegExp(`${paid[1]}\\. To process`));
	});

	test('what can be checked of all items is checked before the first is paid for', async () => {
		const items = Array.from({ length: 12 }, () => good);
		items[4] = withPicture(Buffer.from('<!doctype html><html></html>'), 'broken.jpg');
		const run = await bench.run(quickWatermark, items);

		expect(run.error).toMatchObject({ itemIndex: 4 });
		expect(`${run.error?.message} ${run.error?.description}`).toContain('broken.jpg');
		expect(run.error?.description).toContain('Continue (using error output)');
		expect(bench.sandbox.requests).toHaveLength(0);
	});

	test('of several items that cannot be used, the first is named', async () => {
		const page = withPicture(Buffer.from('<!doctype html><html></html>'), 'broken.jpg');
		// A file is read before it is refused; an item without one is refused at once.
		const run = await bench.run(quickWatermark, [good, page, without, without]);

		expect(run.error).toMatchObject({
			itemIndex: 1,
			message: expect.stringContaining('broken.jpg'),
		});
		expect(bench.sandbox.requests).toHaveLength(0);
	});

	test('the API says no: NodeApiError with its words and the HTTP status', async () => {
		const body = JSON.stringify({ status: 413, message: 'the vendor’s own words' });
		bench.sandbox.addFault({ kind: 'create', act: { type: 'respond', status: 413, body } });
		const run = await bench.run(quickWatermark);

		expect(run.error).toEqual({
			name: 'NodeApiError',
			message: 'The file is too large for PicWish: the vendor’s own words [item 0]',
			description: expect.stringContaining('20 MB'),
			httpCode: '413',
			itemIndex: 0,
		});
	});

	test('a cancelled run names no item that it does not have', async () => {
		bench.sandbox.addFault({
			kind: 'query',
			times: Infinity,
			act: { type: 'patch', change: () => ({ status: 200, data: { state: 4 } }) },
		});
		const { engine, sandbox, credential } = bench;
		const items = [good, good, good];
		const parameters = { operation: 'removeWatermark' };
		const running = engine.start({ items, parameters, credential });
		while (sandbox.tasks.length < items.length) await wait(10);
		running.cancel();
		const { error } = await running.finished;

		expect(error?.message).toContain('stopped');
		expect(error?.message).not.toContain(`[item ${items.length}]`);
		expect(error?.itemIndex ?? 0).toBeLessThan(items.length);
	});
});

const details = [
	'code',
	'description',
	'fileName',
	'httpStatus',
	'message',
	'retryable',
	'state',
	'taskId',
];

describe('going on after errors', () => {
	test('an unsuccessful item carries the whole story; its neighbours are done', async () => {
		const run = await bench.run(quickWatermark, [good, without, good], {
			node: { onError: 'continueRegularOutput' },
		});

		expect(run.status).toBe('success');
		const [first, second, third] = run.outputs[0] ?? [];
		expect(first).toMatchObject({ json: { status: 'completed' }, pairedItem: { item: 0 } });
		expect(third).toMatchObject({ json: { status: 'completed' }, pairedItem: { item: 2 } });
		expect(second).toEqual({
			json: {
				error: {
					message: 'Input Binary Field: the item has no binary field "data" [item 1]',
					code: 'INVALID_INPUT',
					description: expect.any(String),
					httpStatus: null,
					state: null,
					taskId: null,
					retryable: false,
					fileName: null,
				},
			},
			pairedItem: { item: 1 },
		});
		expect(bench.creates()).toHaveLength(2);
	});

	test('a hint tells how many of how many, and why', async () => {
		const run = await bench.run(quickWatermark, [without, good, without], {
			node: { onError: 'continueRegularOutput' },
		});

		expect(run.hints).toEqual([
			{
				message:
					'2 of 3 images failed: item 0 and 1 more: Input Binary Field: the item has no binary field "data"',
				type: 'warning',
				location: 'outputPane',
			},
		]);
	});

	test('with an error output, each item takes its own way', async () => {
		const run = await bench.run(quickWatermark, [good, without, good], {
			node: { onError: 'continueErrorOutput' },
		});

		expect(run.status).toBe('success');
		const [main, errors] = run.outputs;
		expect(main).toMatchObject([
			{ json: { status: 'completed' }, pairedItem: { item: 0 } },
			{ json: { status: 'completed' }, pairedItem: { item: 2 } },
		]);
		expect(errors).toHaveLength(1);
		expect(Object.keys(errorOf(errors?.[0])).sort()).toEqual(details);
		expect(errorOf(errors?.[0])).toMatchObject({ code: 'INVALID_INPUT', retryable: false });
		// n8n itself puts the input's fields beside the error on this output.
		expect(errors?.[0]?.json.note).toBe('no picture');
	});

	test.each([
		[400, 'INVALID_INPUT', false],
		[401, 'UNAUTHORIZED', false],
		[404, 'NOT_FOUND', false],
		[413, 'FILE_TOO_LARGE', false],
		[500, 'SERVER_ERROR', true],
		[302, 'INVALID_RESPONSE', false],
	])('status %i of a create is %s, and sent once', async (status, code, retryable) => {
		const body = JSON.stringify({ status, message: 'no' });
		bench.sandbox.addFault({ kind: 'create', act: { type: 'respond', status, body } });
		const run = await bench.run(quickWatermark, [good], {
			node: { onError: 'continueRegularOutput' },
		});

		const error = errorOf(onlyItem(run));
		expect(Object.keys(error).sort()).toEqual(details);
		expect(error).toMatchObject({ code, httpStatus: status, state: null, taskId: null, retryable });
		expect(bench.creates()).toHaveLength(1);
	});

	test.each([
		[404, /does not know it.*Get Result.*credits/],
		[401, /API key.*Get Result/],
		[400, /Get Result/],
	])('status %i of a query says how to get what is paid for', async (status, says) => {
		const body = JSON.stringify({ status, message: 'no' });
		bench.sandbox.addFault({ kind: 'query', act: { type: 'respond', status, body } });
		const run = await bench.run({ operation: 'removeWatermark' }, [good], {
			node: { onError: 'continueRegularOutput' },
		});

		const { taskId } = onlyTask(bench.sandbox);
		const description = expect.stringMatching(says);
		expect(errorOf(onlyItem(run))).toMatchObject({ taskId, httpStatus: status, description });
	});

	test('status 404 of a create says nothing of a task ID', async () => {
		const body = JSON.stringify({ status: 404, message: 'no' });
		bench.sandbox.addFault({ kind: 'create', act: { type: 'respond', status: 404, body } });
		const { error } = await bench.run(quickWatermark);

		expect(error?.description).toMatch(/base URL/);
		expect(error?.description).not.toMatch(/task/i);
	});

	test('a failed task is named with its state', async () => {
		bench.sandbox.addFault({ kind: 'create', act: { type: 'failTask', state: -7 } });
		const run = await bench.run(quickWatermark, [good], {
			node: { onError: 'continueRegularOutput' },
		});

		expect(errorOf(onlyItem(run))).toMatchObject({
			code: 'TASK_FAILED',
			httpStatus: 200,
			state: -7,
			taskId: onlyTask(bench.sandbox).taskId,
			retryable: false,
		});
	});

	test.each([
		['imageUrl', { imageSource: 'url' }, /^Image URL: .*invalid syntax/],
		['binaryPropertyName', {}, /^Input Binary Field: .*invalid syntax/],
		['rectangleUnit', {}, /^Unit: .*invalid syntax/],
		['onlyLabels', { removalArea: 'detections', detections: '[]' }, /^Only Labels: /],
		['rectangles', { rectangles: { rectangle: [{ x: '={{ ( }}' }] } }, /^Rectangles: /],
		['maxWait', { options: { fileName: 'a', maxWait: '={{ ( }}' } }, /^Max Wait: /],
		[
			'maxConcurrentTasks',
			{ options: { maxConcurrentTasks: '={{ ( }}' } },
			/^Max Concurrent Tasks: /,
		],
	])(
		'an expression with a mistake, in %s, is an error that names the field',
		async (name, more, says) => {
			const run = await bench.run({ ...submitObjects, [name]: '={{ ( }}', ...more }, [good], {
				node: { onError: 'continueRegularOutput' },
			});

			const error = errorOf(onlyItem(run));
			expect(error).toMatchObject({ code: 'INVALID_INPUT', message: expect.stringMatching(says) });
			expect(bench.sandbox.requests).toHaveLength(0);
		},
	);

	test('an expression that cannot be resolved is an error of its item', async () => {
		const parameters = {
			...submitObjects,
			binaryPropertyName: '={{ $json.deep.er }}',
		};
		const run = await bench.run(parameters, [{ ...good, json: { deep: { er: 'data' } } }, good], {
			node: { onError: 'continueRegularOutput' },
		});

		expect(run.outputs[0]?.[0]?.json.status).toBe('submitted');
		expect(errorOf(run.outputs[0]?.[1])).toMatchObject({
			code: 'INVALID_INPUT',
			message: expect.stringContaining('[item 1]'),
		});
		expect(bench.creates()).toHaveLength(1);
	});
});
