/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- test code, runs on a developer's machine */
import { readdir, stat, truncate, unlink } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { UNSTORABLE } from '../engine/databaseLikeStore';
import { startEngine, type Engine } from '../engine/engine';
import type { BinaryMode } from '../engine/n8n';
import type { Sandbox } from '../sandbox/server';
import { saysNo } from './answers';
import { checkSection } from './document';
import { errorOf } from './itemError';
import { describeOutcome, describeRequests, expectKeyKept } from './seen';
import {
	picture,
	pictureItem,
	runOptions,
	runTrial,
	startFaultySandbox,
	type Trial,
	type TrialPlan,
} from './trial';

const GO_ON = { onError: 'continueRegularOutput' } as const;
const rows: Array<[fault: string, promise: string, seen: string]> = [];

/** One row of the document, and its test. */
async function expectSeen(trial: Trial, row: (typeof rows)[number]): Promise<void> {
	const text = `${describeRequests(trial)}; ${await describeOutcome(trial)}`;

	expect(text).toBe(row[2]);
	expectKeyKept(trial);
	rows.push(row);
}

const modes: Array<[name: string, mode: BinaryMode]> = [
	['memory', 'default'],
	['filesystem', 'filesystem'],
	['database', 'database'],
];

test.each(modes)('429 and a cut-off download, binary mode %s', async (name, binaryMode) => {
	const engine = await startEngine({ binaryMode });
	try {
		const trial = await runTrial(engine, {
			faults: [
				{ kind: 'create', act: saysNo(429) },
				{ kind: 'download', act: { type: 'cut', afterBytes: 40_000 } },
			],
			node: GO_ON,
		});

		await expectSeen(trial, [
			`429, then a cut-off download, binary mode ${name}`,
			'the second upload and the second download are complete',
			'2 creates, 1 query, 2 downloads; the result',
		]);
	} finally {
		await engine.close();
	}
});

describe('a full binary storage', () => {
	let engine: Engine;

	beforeAll(async () => {
		engine = await startEngine({ binaryMode: 'database' });
	});

	afterAll(async () => await engine.close());

	const full = { fileName: parse(UNSTORABLE).name };

	test('result by URL', async () => {
		const trial = await runTrial(engine, { options: full, node: GO_ON });

		await expectSeen(trial, [
			'n8n’s binary storage is full',
			'fails after three tries instead of retrying until Max Wait; the result can be fetched later',
			'1 create, 1 query, 3 downloads; RESULT_INVALID, with task ID, retryable',
		]);
		expect(trial.run.outputs[0]?.[0]?.json.error).toMatchObject({
			message: expect.stringContaining('n8n could not store it'),
			description: expect.stringContaining('No space left'),
		});
	});

	test('result in the response', async () => {
		const trial = await runTrial(engine, {
			parameters: {
				operation: 'removeObjects',
				rectangles: { rectangle: [{ x: 1, y: 1, width: 9, height: 9 }] },
			},
			options: { ...full, resultTransfer: 'base64' },
			node: GO_ON,
		});

		await expectSeen(trial, [
			'n8n’s binary storage is full, with the result in the response',
			'the error gives the reason and the task ID',
			'1 create, 1 query; RESULT_INVALID, with task ID, retryable',
		]);
	});
});

describe('files that change behind n8n’s back', () => {
	let engine: Engine;

	beforeAll(async () => {
		engine = await startEngine({ binaryMode: 'filesystem' });
	});

	afterAll(async () => await engine.close());

	/**
	 * Two images at one request per second: `spoil` is called when one was sent, and the other must end
	 * with a clear error. Which of the two is sent first depends on which was read first.
	 */
	async function spoilSecond(spoil: (path: string) => Promise<void>): Promise<string> {
		const plan: TrialPlan = {
			items: [pictureItem('first.jpg'), pictureItem('second.jpg')],
			requestsPerSecond: 1,
			sandbox: { processingMs: 800 },
			node: GO_ON,
		};
		const sandbox: Sandbox = await startFaultySandbox(plan);
		try {
			const running = engine.run(runOptions(sandbox, plan));
			while (sandbox.tasks.length === 0) await wait(10);
			await forEachFile(spoil);
			const { outputs } = await running;
			const results = (outputs[0] ?? []).map(({ json }) => json);
			const sent = results.findIndex(({ taskId }) => taskId === sandbox.tasks[0]?.taskId);
			expect(sandbox.tasks).toHaveLength(1);
			expect(results[sent]?.status).toBe('completed');
			const failed = outputs[0]?.[1 - sent];
			const code = failed && errorOf(failed)?.code;
			expect(code).toBe('INVALID_INPUT');
			return `${sandbox.tasks.length} task; ${code}`;
		} finally {
			await sandbox.close();
		}
	}

	test('missing before the node starts', async () => {
		const items = [
			pictureItem('first.jpg'),
			pictureItem('second.jpg', async function* () {
				// The first file is stored by now.
				await forEachFile(unlink);
				yield picture;
			}),
		];
		const trial = await runTrial(engine, { items, node: GO_ON });

		await expectSeen(trial, [
			'the file behind item 0 is missing',
			'a clear error before anything is sent for it',
			'1 create, 1 query, 1 download; INVALID_INPUT, final; the result',
		]);
	});

	test('deleted while the item is queued', async () => {
		const seen = await spoilSecond(unlink);

		rows.push([
			'the file behind an item is deleted while the item is queued',
			'a clear error; no task is created',
			seen,
		]);
	});

	test('truncated while the item is queued', async () => {
		const seen = await spoilSecond(async (path) => await truncate(path, 5000));

		rows.push([
			'the file behind an item is truncated while the item is queued',
			'a clear error; no task is created from a partial image',
			seen,
		]);
	});
});

test('docs/reliability.md matches what was observed', () => {
	expect(rows).toHaveLength(8);
	checkSection('Binary data', rows, 'One run each, with On Error set to continue.');
});

/** All files in n8n's binary storage that have content; a file just being written has none yet. */
async function forEachFile(act: (path: string) => Promise<void>): Promise<void> {
	const folder = join(process.env.N8N_USER_FOLDER ?? '', 'storage');
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	const paths = entries
		.filter((entry) => entry.isFile() && !entry.name.endsWith('.metadata'))
		.map(({ parentPath, name }) => join(parentPath, name));
	const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
	const files = paths.filter((_, index) => sizes[index]);
	expect(files.length).toBeGreaterThan(0);
	for (const path of files) await act(path);
}
