/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { getEventListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { IExecuteFunctions } from 'n8n-workflow';
import type { Job } from '../../nodes/PicWish/input/job';
import { obtainTask } from '../../nodes/PicWish/itemTask';
import { NodeRun } from '../../nodes/PicWish/run';

const credential = { apiKey: 'a-key', region: 'global', requestsPerSecond: 100 };
const ANSWER = { statusCode: 200, headers: {}, body: { status: 200, data: { task_id: 'task-1' } } };

let executions = 0;

/** What a run sees of n8n: a signal, a log, and a service that answers after so long. */
function inN8n(answersAfterMs: number) {
	executions++;
	const stopButton = new AbortController();
	const lines: string[] = [];
	const context = {
		getExecutionId: () => `${executions}`,
		getNode: () => ({ id: 'node', name: 'PicWish', type: 'picWish', typeVersion: 1 }),
		getInputData: () => [{ json: {} }],
		getWorkflowDataProxy: () => ({ $runIndex: 0 }),
		getNodeParameter: (_name: string, _index: number, fallback: unknown) => fallback,
		getExecutionCancelSignal: () => stopButton.signal,
		continueOnFail: () => false,
		isToolExecution: () => false,
		logger: { info: (line: string) => lines.push(line) },
		helpers: {
			async httpRequestWithAuthentication(this: IExecuteFunctions) {
				const signal = this.getExecutionCancelSignal();
				const isAborted = await wait(answersAfterMs, false, { signal }).catch(() => true);
				// As n8n's HTTP library says it.
				if (isAborted) throw Object.assign(new Error('canceled'), { code: 'ERR_CANCELED' });
				return ANSWER;
			},
		},
	} as unknown as IExecuteFunctions;
	return { context, stopButton, lines };
}

const job: Job = {
	operation: 'removeWatermark',
	taskType: 'removeWatermark',
	fileName: 'a.jpg',
	order: {
		image: 'https://example.com/a.jpg',
		sync: false,
		base64: false,
	},
	inputs: '',
	options: {
		patience: { pollIntervalMs: 1000, maxWaitMs: 300_000 },
		wait: true,
		download: true,
		outputField: 'data',
		fileName: 'a',
		includeInputFields: false,
	},
};

test('a canceled run waits a moment for the answer that names a task, and the log has it', async () => {
	const { context, stopButton, lines } = inN8n(300);
	const run = new NodeRun(context, credential);
	const obtaining = obtainTask(job, 0, run);
	await wait(100);
	stopButton.abort();

	expect(await obtaining).toMatchObject({ taskId: 'task-1' });
	expect(() => run.finish([], 1)).toThrow('The run was stopped');
	run.close();
	expect(lines).toHaveLength(2);
	expect(lines[0]).toMatch(/^PicWish task task-1 /);
	// All in one line at the end, for who looks for what to fetch.
	expect(lines[1]).toMatch(/^PicWish: Tasks already paid for .*: task-1\.$/);
});

test('but not for long', async () => {
	const { context, stopButton } = inN8n(5000);
	const run = new NodeRun(context, credential);
	const obtaining = obtainTask(job, 0, run).catch((error: unknown) => error);
	await wait(100);
	const stoppedAt = performance.now();
	stopButton.abort();

	expect(await obtaining).toMatchObject({ details: { code: 'CANCELED', maybeAccepted: true } });
	expect(performance.now() - stoppedAt).toBeLessThan(1400);
	run.close();
});

test('a run that is over does not slow down others with its limit', () => {
	const { context } = inN8n(0);
	const fast = new NodeRun(context, { ...credential, apiKey: 'another' });
	const slow = new NodeRun(context, { ...credential, apiKey: 'another', requestsPerSecond: 1 });
	const itemsAtOnce = fast.itemsAtOnce();
	slow.close();

	expect(fast.itemsAtOnce()).toBe(100 * itemsAtOnce);
	fast.close();
});

test('a run that is over leaves nothing at n8n’s signal', () => {
	const { context, stopButton } = inN8n(0);
	for (let i = 0; i < 20; i++) {
		const run = new NodeRun(context, credential);
		expect(getEventListeners(stopButton.signal, 'abort')).toHaveLength(1);
		run.close();
	}
	expect(getEventListeners(stopButton.signal, 'abort')).toHaveLength(0);
});
