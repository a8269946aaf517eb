import type { IConnections } from 'n8n-workflow';
import { startEngine, type Engine } from '../engine/engine';
import { samples } from '../sandbox/samples/samples';
import type { Fault, Sandbox } from '../sandbox/server';
import { saysNo } from './answers';
import { testRows } from './rowTests';
import { MAYBE_ACCEPTED } from './itemError';
import { runOptions, SHORT_WAIT, startFaultySandbox, type TrialPlan } from './trial';

/** The model gives the image URL; n8n makes up to three tries per call. */
const parameters = { imageSource: 'url', imageUrl: '={{ $fromAI("image") }}' };
const node = { retryOnFail: true, maxTries: 3, waitBetweenTries: 50 };
const HOUR_MS = 3_600_000;

interface Answer {
	text: string;
	failed: boolean;
}
type Call = () => Promise<Answer>;

interface ToolRow extends TrialPlan {
	fault: string;
	promise: string;
	/** Calls of the model, all with the same arguments; default: one. */
	calls?: (call: Call, inAnotherExecution: Call) => Promise<Answer[]>;
	seen: string;
}

const loseFirst: Fault[] = [{ kind: 'create', act: { type: 'loseAnswer' } }];
const once = async (call: Call) => [await call()];
const oneAfterAnother = async (first: Call, second: Call) => [await first(), await second()];
const twice = async (call: Call) => await oneAfterAnother(call, call);
/** Failed calls come last, as either call may arrive first. */
const atOnce = async (call: Call) => {
	const answers = await Promise.all([call(), call()]);
	return answers.sort((one, other) => Number(one.failed) - Number(other.failed));
};

const readResult = (answer: unknown): Answer => ({ text: JSON.stringify(answer), failed: false });
const readError = (error: unknown): Answer => ({
	text: error instanceof Error ? error.message : String(error),
	failed: true,
});

/** Start → Loop Over Items, whose batches go through PicWish and back. */
const connections: IConnections = {
	Start: { main: [[{ node: 'Loop', type: 'main', index: 0 }]] },
	Loop: {
		main: [
			[{ node: 'Done', type: 'main', index: 0 }],
			[{ node: 'PicWish', type: 'main', index: 0 }],
		],
	},
	PicWish: { main: [[{ node: 'Loop', type: 'main', index: 0 }]] },
};

const rows: ToolRow[] = [
	{
		fault: 'every try reaches Max Wait before the task finishes',
		promise: 'one task for all tries; the error names it',
		sandbox: { processingMs: HOUR_MS },
		options: SHORT_WAIT,
		seen: '1 create, 1 task; an error that names the task',
	},
	{
		fault: 'the first try reaches Max Wait before the task finishes',
		promise: 'the next try fetches it',
		sandbox: { processingMs: 4500 },
		options: SHORT_WAIT,
		seen: '1 create, 1 task; the result',
	},
	{
		fault: 'the response to the create is lost',
		promise: 'reported by every try; the create is never repeated',
		faults: loseFirst,
		seen: '1 create, 1 task; “may have been accepted”',
	},
	{
		fault: 'the task fails at PicWish',
		promise: 'created again, as only finished tasks are charged',
		faults: [{ kind: 'create', act: { type: 'failTask', state: -9 } }],
		seen: '2 creates, 2 tasks; the result',
	},
	{
		fault: 'the task fails at PicWish every time',
		promise: 'created again by each try',
		faults: [{ kind: 'create', act: { type: 'failTask', state: -9 }, times: Infinity }],
		seen: '3 creates, 3 tasks; an error that names the task',
	},
	{
		fault: '429 for the first two creates',
		promise: 'no task was created, so the create is repeated',
		faults: [{ kind: 'create', act: saysNo(429), times: 2 }],
		seen: '3 creates, 1 task; the result',
	},
	{
		fault: 'the queries are refused in the first try',
		promise: 'the next try polls the same task',
		faults: [{ kind: 'query', act: saysNo(404) }],
		seen: '1 create, 1 task; the result',
	},
	{
		fault: 'the result is unusable three times',
		promise: 'the next try fetches it again',
		faults: [{ kind: 'download', act: { type: 'serve', body: Buffer.alloc(0) }, times: 3 }],
		options: { downloadResult: true },
		seen: '1 create, 1 task; the result',
	},
	{
		fault: 'none; two identical calls in sequence',
		promise: 'a later call creates its own task',
		calls: twice,
		seen: '2 creates, 2 tasks; the result; another result',
	},
	{
		fault: 'none; two identical calls at once',
		promise: 'each call has its own task',
		calls: atOnce,
		seen: '2 creates, 2 tasks; the result; another result',
	},
	{
		fault: 'the response to the create is lost; then the model repeats the call',
		promise: 'the second call creates its own task',
		calls: twice,
		faults: loseFirst,
		seen: '2 creates, 2 tasks; “may have been accepted”; the result',
	},
	{
		fault: 'of two identical calls at once, one loses the response to its create',
		promise: 'that call reports it; the other has its own task',
		calls: atOnce,
		faults: loseFirst,
		seen: '2 creates, 2 tasks; the result; “may have been accepted”',
	},
	{
		fault: 'every try reaches Max Wait; then the model repeats the call',
		promise: 'one task per call',
		calls: twice,
		sandbox: { processingMs: HOUR_MS },
		options: SHORT_WAIT,
		node: { ...node, maxTries: 2 },
		seen: '2 creates, 2 tasks; an error that names the task; an error that names another task',
	},
	{
		fault:
			'the response to the create is lost; then the same call in another execution, such as a sub-workflow',
		promise: 'an execution does not know the creates of another',
		calls: oneAfterAnother,
		faults: loseFirst,
		seen: '2 creates, 2 tasks; “may have been accepted”; the result',
	},
];

let engine: Engine;
const trials = new Map<ToolRow, Promise<string>>();

beforeAll(async () => {
	engine = await startEngine({ binaryMode: 'filesystem' });
	for (const row of rows) {
		const trial = callTool(row);
		// Its own test reports a failure; until then, nothing would handle it.
		trial.catch(() => {});
		trials.set(row, trial);
	}
});

afterAll(async () => await engine.close());

async function callTool(row: ToolRow): Promise<string> {
	const sandbox = await startFaultySandbox(row);
	try {
		const plan = { ...row, parameters, node: row.node ?? node };
		const callOf = (): Call => {
			const tool = engine.createTool(runOptions(sandbox, plan));
			const image = `${sandbox.resultsUrl}/samples/${samples.watermarked.file}`;
			// Each call has its own arguments object.
			return async () => await tool.call({ image }).then(readResult, readError);
		};
		const answers = await (row.calls ?? once)(callOf(), callOf());
		return [describeCost(sandbox), ...describeAnswers(answers, sandbox)].join('; ');
	} finally {
		await sandbox.close();
	}
}

function describeCost({ requests, tasks }: Sandbox): string {
	const creates = requests.filter(({ kind }) => kind === 'create').length;
	const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;
	return `${counted(creates, 'create')}, ${counted(tasks.length, 'task')}`;
}

/** What the model reads, in phrases. */
function describeAnswers(answers: Answer[], { tasks }: Sandbox): string[] {
	const named = new Set<string>();
	return answers.map(({ text, failed }) => {
		const taskId = tasks.find((task) => text.includes(task.taskId))?.taskId;
		const isNew = taskId !== undefined && !named.has(taskId);
		const article = (what: string) => (named.size === 0 ? `the ${what}` : `another ${what}`);
		if (text.includes(MAYBE_ACCEPTED)) return `“${MAYBE_ACCEPTED}”`;
		if (!isNew) return failed ? 'an error that names no task of its own' : 'an earlier result';
		const phrase = failed ? `an error that names ${article('task')}` : article('result');
		named.add(taskId);
		return phrase;
	});
}

testRows('fault', {
	title: 'Tool calls of an agent',
	rows,
	observe: async (row) => await trials.get(row),
	note: 'Through n8n’s own tool-call code, with Retry On Fail at three tries. The last column shows what the model reads.',
	timeoutMs: 60_000,
});

/** Agents from version 3 on run the node itself and distinguish calls by an ID in its input. */
describe('a call with an ID, as made by agents from version 3 on', () => {
	const url = ({ resultsUrl }: Sandbox) => `${resultsUrl}/samples/${samples.watermarked.file}`;
	const plan: TrialPlan = {
		parameters: { imageSource: 'url', imageUrl: '={{ $json.image }}' },
		options: SHORT_WAIT,
	};

	test('has one task for all tries', async () => {
		const sandbox = await startFaultySandbox({ sandbox: { processingMs: HOUR_MS } });
		try {
			const items = [{ json: { image: url(sandbox), toolCallId: 'call-1' } }];
			const run = await engine.run(runOptions(sandbox, { ...plan, items, node }));

			expect(run.status).toBe('error');
			expect(describeCost(sandbox)).toBe('1 create, 1 task');
			expect(run.error?.description).toContain(sandbox.tasks[0]?.taskId);
		} finally {
			await sandbox.close();
		}
	}, 30_000);

	test('has its own task, even with the same arguments', async () => {
		const sandbox = await startFaultySandbox({});
		try {
			const calls = ['call-1', 'call-2', 'call-3'];
			const items = calls.map((toolCallId) => ({ json: { image: url(sandbox), toolCallId } }));
			const { credential, parameters: withOptions } = runOptions(sandbox, plan);
			const run = await engine.runWorkflow({
				items,
				nodes: [
					{ name: 'Loop', type: 'loopOverItems', parameters: { batchSize: 1 } },
					{ name: 'PicWish', type: 'package', parameters: withOptions, ...node },
					{ name: 'Done', type: 'noOp' },
				],
				connections,
				credential,
			});

			expect(run.status).toBe('success');
			expect(describeCost(sandbox)).toBe('3 creates, 3 tasks');
		} finally {
			await sandbox.close();
		}
	}, 30_000);
});
