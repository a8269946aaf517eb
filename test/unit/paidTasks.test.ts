import type { IExecuteFunctions } from 'n8n-workflow';
import { PicWishError } from '../../nodes/PicWish/errors';
import { PaidTasks } from '../../nodes/PicWish/paidTasks';

interface Call {
	executionId?: string;
	runIndex?: number;
	json?: Record<string, unknown>;
	/** Undefined = as in n8n versions that do not say. */
	isTool?: boolean;
}

let executions = 0;

/** What the node sees of n8n in one try, and the lines it writes. */
function inTry({ executionId = '1', runIndex = 0, json = {}, isTool = false }: Call) {
	const lines: string[] = [];
	const context = {
		getExecutionId: () => `${executions} ${executionId}`,
		getNode: () => ({ id: 'node', name: 'PicWish' }),
		getInputData: () => [{ json }],
		getWorkflowDataProxy: () => ({ $runIndex: runIndex }),
		isToolExecution: isTool === undefined ? undefined : () => isTool,
		logger: { info: (line: string) => lines.push(line) },
	} as unknown as IExecuteFunctions;
	return { context, lines };
}

const task = {
	taskId: 'task-1',
	taskType: 'removeWatermark',
	createdAt: 0,
	submittedAt: 0,
} as const;
const HOUR_MS = 3_600_000;
let now = 0;
const paidIn = (call: Call) => new PaidTasks(inTry(call).context, () => now);

beforeEach(() => {
	executions++;
	now = 0;
});

test('the next try finds what an earlier one has paid for, whatever its expressions give', () => {
	paidIn({}).remember(3, 'at 10:01', task);

	const next = paidIn({});
	expect(next.cost().taskIds).toEqual([]);
	expect(next.find(3, 'at 10:02')).toEqual(task);
	expect(next.cost().taskIds).toEqual(['task-1']);
	expect(next.find(4, 'at 10:02')).toBeUndefined();
});

test.each<[string, Call]>([
	['execution', { executionId: '2' }],
	['run of the node, in a loop', { runIndex: 1 }],
	['call of an agent from version 3 on', { json: { toolCallId: 'call-2' } }],
])('another %s pays anew', (_name, other) => {
	paidIn({ json: { toolCallId: 'call-1' } }).remember(0, '', task);

	expect(paidIn({ json: { toolCallId: 'call-1' }, ...other }).find(0, '')).toBeUndefined();
});

test('a tool call is known by its input, though each try has a run index of its own', () => {
	const json = { query: 'a' };
	paidIn({ isTool: true, runIndex: 0, json }).remember(0, '', task);

	expect(paidIn({ isTool: true, runIndex: 1, json }).find(0, '')).toEqual(task);
	expect(paidIn({ isTool: true, runIndex: 1, json: { query: 'a' } }).find(0, '')).toBeUndefined();
});

test('where n8n does not say whether it is a tool, the inputs must be the same, too', () => {
	const old = { isTool: undefined };
	paidIn({ ...old }).remember(0, 'one', task);
	const next = new PaidTasks(
		{ ...inTry({}).context, isToolExecution: undefined } as unknown as IExecuteFunctions,
		() => now,
	);
	expect(next.find(0, 'another')).toBeUndefined();
});

test('a task that failed is made anew, one whose answer was lost is not', () => {
	const lost = new PicWishError({
		code: 'NETWORK_ERROR',
		message: 'lost',
		description: '',
		retryable: false,
		maybeAccepted: true,
	});
	const first = paidIn({});
	first.remember(0, '', task);
	first.noteFailed(1, '', lost);
	first.forget(0, '');
	expect(first.cost()).toEqual({ taskIds: [], uncertain: 1 });
	// Its own error says it already.
	expect(first.cost(1).uncertain).toBe(0);

	expect(paidIn({}).find(0, '')).toBeUndefined();
	expect(paidIn({}).find(1, '')).toEqual({ lost });
});

test('the first error is the one to read, where a later try only meets what it left behind', () => {
	const error = (message: string, maybeAccepted: boolean) =>
		new PicWishError({
			code: 'INVALID_INPUT',
			message,
			description: '',
			retryable: false,
			maybeAccepted,
		});
	const first = { error: error('refused', false), itemIndex: 20 };
	expect(paidIn({}).firstEnd(first)).toBe(first);
	expect(paidIn({}).firstEnd({ error: error('lost', true), itemIndex: 11 })).toBe(first);
	const lostAtFirst = { error: error('lost', true), itemIndex: 1 };
	expect(paidIn({ executionId: '2' }).firstEnd(lostAtFirst)).toBe(lostAtFirst);
	const other = { error: error('something new', false), itemIndex: 3 };
	expect(paidIn({}).firstEnd(other)).toBe(other);
});

test('is kept as long as PicWish keeps results', () => {
	paidIn({}).remember(0, '', task);
	now = HOUR_MS - 1;
	expect(paidIn({}).find(0, '')).toEqual(task);
	now = 3 * HOUR_MS;
	paidIn({ executionId: '2' });
	expect(paidIn({}).find(0, '')).toBeUndefined();
});

test('is forgotten soon after a run that ended well', () => {
	const first = paidIn({});
	first.remember(0, '', task);
	first.forgetRun();
	now = 59_000;
	const next = paidIn({});
	expect(next.find(0, '')).toEqual(task);
	next.forgetRun();
	now += 61_000;
	expect(paidIn({}).find(0, '')).toBeUndefined();
});

test('each created task stands in n8n’s log', () => {
	const { context, lines } = inTry({});
	new PaidTasks(context).remember(7, '', task);

	expect(lines).toEqual([
		`PicWish task task-1 (removeWatermark) created for item 7 of execution ${executions} 1 (node "PicWish")`,
	]);
});
