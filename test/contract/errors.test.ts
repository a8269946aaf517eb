import type { LoggedRequest } from '../sandbox/server';
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
		const parameters = { ...quickWatermark, options: oneByOne };
		const run = await bench.run(parameters, [good, good, without, good]);

		const paid = bench.sandbox.tasks.map(({ taskId }) => taskId);
		expect(paid).toHaveLength(2);
		expect(run.error).toMatchObject({ name: 'NodeOperationError', itemIndex: 2 });
		expect(run.error?.message).toContain('[item 2]');
		for (const taskId of paid) expect(run.error?.description).toContain(taskId);
		expect(run.error?.description).toContain('Get Result');
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

	test('the task fails: NodeApiError with its reason, and nothing counts as paid', async () => {
		const message = 'too blurry';
		bench.sandbox.addFault({ kind: 'create', act: { type: 'failTask', state: -14, message } });
		const run = await bench.run({ operation: 'removeWatermark' });

		expect(run.error).toMatchObject({
			name: 'NodeApiError',
			message: 'The content of the image does not meet the requirements: too blurry [item 0]',
			description: `Use another image. Task ID: ${onlyTask(bench.sandbox).taskId}.`,
			itemIndex: 0,
		});
	});

	test('the waiting time is over: NodeOperationError that tells how to get the result', async () => {
		bench.sandbox.addFault({
			kind: 'query',
			times: Infinity,
			act: { type: 'patch', change: () => ({ status: 200, data: { state: 4 } }) },
		});
		const run = await bench.run({ operation: 'removeWatermark', options: { maxWait: 1 } });

		expect(run.error).toMatchObject({
			name: 'NodeOperationError',
			message: 'PicWish has not finished this image within 1 s [item 0]',
			itemIndex: 0,
		});
		expect(run.error?.description).toContain(onlyTask(bench.sandbox).taskId);
	});
});

const details = ['code', 'description', 'httpStatus', 'message', 'retryable', 'state', 'taskId'];

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
					'Unsuccessful: 2 of 3 images. Input Binary Field: the item has no binary field "data" (2×)',
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

	test('a run that stops tells of images that were sent but not answered', async () => {
		const isFirst = ({ files }: LoggedRequest) => files.file?.fileName === '0.png';
		const act = { type: 'failTask', state: -7 } as const;
		bench.sandbox.addFault({ kind: 'create', act, when: isFirst });
		bench.sandbox.addFault({ kind: 'create', act: { type: 'hang' } });
		const { error } = await bench.run({ operation: 'removeWatermark' }, [
			withPicture(smallPng, '0.png'),
			withPicture(smallPng, '1.png'),
		]);

		expect(error).toMatchObject({ name: 'NodeApiError', itemIndex: 0 });
		expect(error?.description).toMatch(/Sent, but not answered any more: 1 image, which may have/);
	});

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
