import type { IConnections } from 'n8n-workflow';
import { startEngine, type Engine } from '../engine/engine';
import type { Fault } from '../sandbox/server';
import { testRows } from './rowTests';
import { pictureItem, runOptions, startFaultySandbox } from './trial';

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

interface LoopRow {
	fault: string;
	promise: string;
	batchSize: number;
	faults?: Fault[];
	seen: string;
}

const rows: LoopRow[] = [
	{
		fault: 'none; the same image in every round',
		promise: 'each round creates its own task; no earlier result is reused',
		batchSize: 1,
		seen: '4 creates, 4 tasks, 4 different results',
	},
	{
		fault: 'the task of the second round fails at PicWish, Retry On Fail',
		promise: 'only that task is created again',
		batchSize: 1,
		faults: [{ kind: 'create', skip: 1, act: { type: 'failTask', state: -9 } }],
		seen: '5 creates, 5 tasks, 4 different results',
	},
	{
		fault: 'two images per round; a task of the second round fails at PicWish, Retry On Fail',
		promise: 'only that task is created again',
		batchSize: 2,
		faults: [{ kind: 'create', skip: 3, act: { type: 'failTask', state: -9 } }],
		seen: '5 creates, 5 tasks, 4 different results',
	},
];

let engine: Engine;

beforeAll(async () => {
	engine = await startEngine();
});

afterAll(async () => await engine.close());

async function runLoop({ batchSize, faults }: LoopRow): Promise<string> {
	const sandbox = await startFaultySandbox({ faults });
	try {
		const items = Array.from({ length: 4 }, () => pictureItem());
		const { credential, parameters } = runOptions(sandbox, { items });
		const run = await engine.runWorkflow({
			items,
			nodes: [
				{ name: 'Loop', type: 'loopOverItems', parameters: { batchSize } },
				{
					name: 'PicWish',
					type: 'package',
					parameters,
					retryOnFail: true,
					maxTries: 3,
					waitBetweenTries: 50,
				},
				{ name: 'Done', type: 'noOp' },
			],
			connections,
			credential,
		});
		expect(run.status).toBe('success');
		const results = run.nodes.Done?.[0]?.outputs[0] ?? [];
		expect(results.every(({ binary }) => binary?.data)).toBe(true);
		const taskIds = new Set(results.map(({ json }) => json.taskId));
		const creates = sandbox.requests.filter(({ kind }) => kind === 'create');
		return `${creates.length} creates, ${sandbox.tasks.length} tasks, ${taskIds.size} different results`;
	} finally {
		await sandbox.close();
	}
}

testRows('fault', {
	title: 'Loop Over Items',
	rows,
	observe: runLoop,
	note: 'One run each, of four images, with On Error set to stop and Retry On Fail at three tries.',
	timeoutMs: 60_000,
	concurrent: true,
});
