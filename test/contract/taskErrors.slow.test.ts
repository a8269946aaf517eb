// Errors of tasks that are waited for: each takes a second at least.
import type { LoggedRequest } from '../sandbox/server';
import { smallPng } from './pictures';
import { onlyTask, submitObjects, useBench, withPicture } from './setup';

const bench = useBench();
const oneByOne = { requestMode: 'sync', maxConcurrentTasks: 1 };

test('the task fails: NodeApiError with its reason, and nothing counts as paid', async () => {
	const message = 'too blurry';
	bench.sandbox.addFault({ kind: 'create', act: { type: 'failTask', state: -14, message } });
	const run = await bench.run({ operation: 'removeWatermark' });

	expect(run.error).toMatchObject({
		name: 'NodeApiError',
		message: 'The content of the image does not meet the requirements: too blurry [item 0]',
		description: `Use another image. File: photo.png. Task ID: ${onlyTask(bench.sandbox).taskId}.`,
		itemIndex: 0,
	});
});

test.each([
	[{ operation: 'removeWatermark' }, /^Run this item again/, /mask|rectangle/],
	[{ ...submitObjects, options: oneByOne }, /rectangle/, /mask/],
	[{ ...submitObjects, options: oneByOne, removalArea: 'maskBinary' }, /mask/, /rectangle/],
])('processing fails (-1): what to check is what there is', async (parameters, says, not) => {
	bench.sandbox.addFault({ kind: 'create', act: { type: 'failTask', state: -1 } });
	const picture = { bytes: smallPng, fileName: 'photo.png' };
	const run = await bench.run(parameters, [{ binary: { data: picture, mask: picture } }]);

	expect(run.error?.description).toMatch(says);
	expect(run.error?.description).not.toMatch(not);
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
	expect(run.error?.description?.match(/Get Result/g)).toHaveLength(1);
});

test('a run that stops tells of images that were sent but not answered', async () => {
	const isFirst = ({ files }: LoggedRequest) => files.file?.fileName === '0.png';
	const act = { type: 'failTask', state: -7 } as const;
	bench.sandbox.addFault({ kind: 'create', act, when: isFirst });
	bench.sandbox.addFault({ kind: 'create', act: { type: 'hang' } });
	const options = { maxWait: 3 };
	const { error } = await bench.run({ operation: 'removeWatermark', options }, [
		withPicture(smallPng, '0.png'),
		withPicture(smallPng, '1.png'),
	]);

	expect(error).toMatchObject({ name: 'NodeApiError', itemIndex: 0 });
	expect(error?.description).toMatch(
		/1 more image was sent but got no answer; it may have been charged/,
	);
});
