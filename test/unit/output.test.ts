import { NodeApiError, NodeOperationError, type INode } from 'n8n-workflow';
import { PicWishError, invalidInput } from '../../nodes/PicWish/errors';
import { shorten, toErrorItem, toNodeError, failedHint } from '../../nodes/PicWish/errorOutput';
import { nameAndType } from '../../nodes/PicWish/output';
import { paidText } from '../../nodes/PicWish/paidTasks';

const jpeg = { name: 'JPEG', format: 'jpeg' } as const;

test.each([
	['photo', 'photo.jpg'],
	['photo.jpg', 'photo.jpg'],
	['photo.png', 'photo.jpg'],
	['photo.TIFF', 'photo.jpg'],
	['photo.jfif', 'photo.jpg'],
	['photo.txt', 'photo.txt.jpg'],
	['photo.', 'photo..jpg'],
	['version 1.2', 'version 1.2.jpg'],
	['', 'image.jpg'],
	['.png', 'image.jpg'],
	['///', 'image.jpg'],
	['\u0000\u001f\u007f\u0080\u009f', 'image.jpg'],
	['../../up', 'up.jpg'],
	['C:\\down\\name', 'name.jpg'],
	['日本', '日本.jpg'],
])('the name %j becomes %j', (given, fileName) => {
	expect(nameAndType(given, jpeg)).toEqual({ fileName, mimeType: 'image/jpeg' });
});

const node: INode = {
	id: '1',
	name: 'PicWish',
	type: 'picWish',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

const refused = new PicWishError({
	code: 'UNAUTHORIZED',
	message: 'No',
	description: 'Do this.',
	httpStatus: 401,
	retryable: false,
});
const failed = new PicWishError({
	code: 'TASK_FAILED',
	message: 'Failed',
	description: 'Do that.',
	httpStatus: 200,
	state: -1,
	taskId: 'task-1',
	retryable: true,
});
const broken = new PicWishError({
	code: 'NETWORK_ERROR',
	message: 'Broken',
	description: '',
	retryable: true,
});
const late = new PicWishError({
	code: 'TIMEOUT',
	message: 'Late',
	description: '',
	taskId: 'task-1',
	retryable: true,
});

test.each([
	['what the API said', refused, NodeApiError],
	['what became of a task', failed, NodeApiError],
	['what the network did', broken, NodeApiError],
	['a check of ours', invalidInput('Bad', 'Mend it.'), NodeOperationError],
	['the waiting time', late, NodeOperationError],
])('%s becomes the right kind of error', (_name, error, kind) => {
	const nodeError = toNodeError(node, error, 3);

	expect(nodeError).toBeInstanceOf(kind);
	expect(nodeError.message).toBe(`${error.message} [item 3]`);
	expect(nodeError.context.itemIndex).toBe(3);
});

test('the tasks of the run are listed after what to do', () => {
	const { description } = toNodeError(node, refused, 0, {
		taskIds: ['task-1', 'task-2'],
		uncertain: 0,
	});
	expect(description).toMatch(/^Do this\. .*Get Result.*: task-1, task-2\.$/);
	expect(toNodeError(node, refused, 0).description).toBe('Do this.');
});

test('so is that more images may have been accepted', () => {
	const { description } = toNodeError(node, refused, 0, { taskIds: ['task-1'], uncertain: 2 });
	expect(description).toMatch(/: task-1\. 2 more images were sent but got no answer; they may/);
});

test('names at most 500 paid tasks, and counts the others', () => {
	const taskIds = Array.from({ length: 5000 }, (_, index) => `task-${index + 1}-`);
	const named = (text: string) => text.match(/task-\d+-/g) ?? [];
	const { description } = toNodeError(node, refused, 0, { taskIds, uncertain: 0 });

	expect(named(paidText({ taskIds: taskIds.slice(0, 500), uncertain: 0 }))).toHaveLength(500);
	expect(named(description ?? '')).toHaveLength(500);
	expect(description).toMatch(/4,?500/);
	expect(description?.length).toBeLessThan(10_000);
});

test('a message is one line, and not a page', () => {
	expect(shorten('first\n\t<p>second</p>')).toBe('first <p>second</p>');
	expect(shorten('long '.repeat(1000))).toMatch(/^long long .*…$/);
	expect(shorten('long '.repeat(1000)).length).toBe(300);
});

test('an error item has all details, and null where there is none', () => {
	expect(toErrorItem(failed, 2)).toEqual({
		json: {
			error: {
				message: 'Failed [item 2]',
				code: 'TASK_FAILED',
				description: 'Do that.',
				httpStatus: 200,
				state: -1,
				taskId: 'task-1',
				retryable: true,
				fileName: null,
			},
		},
		pairedItem: { item: 2 },
	});
	expect(toErrorItem(broken, 0).json.error).toMatchObject({
		httpStatus: null,
		state: null,
		taskId: null,
	});
});

test.each([
	[[refused], '1 of 9 images failed: item 0: No'],
	[
		[refused, failed.with({ fileName: 'mug.jpg' }), refused],
		'3 of 9 images failed: item 0 and 1 more: No; mug.jpg (item 1): Failed',
	],
	[
		[refused, failed, failed, broken, late, invalidInput('Bad', '')],
		'6 of 9 images failed: item 1 and 1 more: Failed; item 0: No; item 3: Broken; and 2 more reasons',
	],
	[
		[refused, failed, broken, late],
		'4 of 9 images failed: item 0: No; item 1: Failed; item 2: Broken; and 1 more reason',
	],
	[
		['a.jpg', 'b.jpg'].map((fileName) =>
			invalidInput(`Data: no HTML files (${fileName})`, '').with({ fileName }),
		),
		'2 of 9 images failed: a.jpg (item 0) and 1 more: Data: no HTML files',
	],
	[
		[invalidInput('Data: the file "a.jpg" is empty', '').with({ fileName: 'a.jpg' })],
		'1 of 9 images failed: a.jpg (item 0): Data: the file is empty',
	],
])('the hint for the output pane is one line', (errors, expected) => {
	const items = errors.map((error, itemIndex) => ({ error, itemIndex }));
	expect(failedHint(items, 9)).toBe(expected);
});
