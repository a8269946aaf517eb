/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';

import { samples } from '../sandbox/samples/samples';
import { startSandbox, type Sandbox } from '../sandbox/server';
import { sha256 } from '../sandbox/sha256';
import { exampleFiles, examplesFolder, setUpExamples } from './server/examples';
import { binaryOf, errorOf, type Execution, outputOf } from './server/executions';
import { startLoopback, type Loopback } from './server/loopback';
import { startScriptedModel, type ScriptedModel } from './server/scriptedModel';
import { startTestServer, type TestServer } from './server/testServer';
import { findWorkflow, runWorkflow, type SavedWorkflow } from './server/workflowRuns';

const requestsPerSecond = 50;

/** Issue 5, "Workflows". The examples as they are in the repository, but for their addresses. */
describe('The example workflows, imported by n8n’s command line', () => {
	let server: TestServer;
	let sandbox: Sandbox;
	let storage: Loopback;
	let model: ScriptedModel;
	let folder: string;
	let picWishId: string;
	let modelCalls = { tool: '', args: {} };

	beforeAll(async () => {
		sandbox = await startSandbox({ requestsPerSecond, processingMs: 300 });
		storage = await startLoopback((_, response) => response.writeHead(201).end());
		model = await startScriptedModel(
			() => modelCalls.tool,
			() => modelCalls.args,
		);
		server = await startTestServer('examples');
		const examples = await setUpExamples(server, {
			sandbox,
			requestsPerSecond,
			storageUrl: storage.url,
			modelUrl: model.url,
			// Example 3 waits for longer than a test should; test/e2e/restart.e2e.ts waits as long.
			replacements: { '"amount": 90': '"amount": 2' },
		});
		folder = examples.folder;
		picWishId = examples.picWish.id;
	});

	afterAll(async () => {
		await Promise.all([server?.close(), storage?.close(), model?.close()]);
		await sandbox?.close();
	});

	const run = async (example: string, ...more: [Parameters<typeof runWorkflow>[2]?]) => {
		const { id } = await findWorkflow(server.session, example);
		return await runWorkflow(server.session, id, ...more);
	};

	const expectSuccess = (outcome: Execution) =>
		expect([outcome.status, errorOf(outcome)]).toEqual(['success', '']);

	/** The sandbox's result for a task, which must not be the source. */
	const resultSha256 = (taskId: unknown) => {
		const task = sandbox.tasks.find((one) => one.taskId === taskId);
		expect(task?.resultSha256).toMatch(/^[0-9a-f]{64}$/);
		expect(task?.resultSha256).not.toBe(task?.sourceSha256);
		return task?.resultSha256;
	};

	const picture = async (outcome: Execution, node: string, index = 0) =>
		sha256(await binaryOf(server.session, outputOf(outcome, node)[index]));

	test('are five, and name credentials without anyone’s key or id', async () => {
		const names = await exampleFiles();
		expect(names).toHaveLength(5);
		for (const name of names) {
			const { nodes }: SavedWorkflow = JSON.parse(
				await readFile(path.join(examplesFolder, name), 'utf8'),
			);
			const credentials = nodes.flatMap((node) => Object.values(node.credentials ?? {}));
			expect(credentials.length).toBeGreaterThan(0);
			for (const { id } of credentials) expect(id).toBeNull();
		}
	});

	test('find the credential by its name alone', async () => {
		for (const index of [1, 2, 3, 4, 5]) {
			const { nodes } = await findWorkflow(server.session, `PicWish example ${index}:`);
			const ours = nodes.filter(({ type }) => type.startsWith('n8n-nodes-picwish.'));
			expect(ours.length).toBeGreaterThan(0);
			for (const { credentials } of ours) {
				expect(credentials?.picWishApi).toEqual({ id: picWishId, name: 'PicWish account' });
			}
		}
	});

	test('1: removes a watermark and saves the file', async () => {
		const outcome = await run('PicWish example 1');
		expectSuccess(outcome);
		const [item] = outputOf(outcome, 'Remove watermark');
		expect(await readdir(folder)).toEqual(['mug-watermarked-no-watermark.jpg']);
		const saved = await readFile(path.join(folder, 'mug-watermarked-no-watermark.jpg'));
		expect(sha256(saved)).toBe(resultSha256(item?.json.taskId));
	});

	test('2: removes detected objects from every row and uploads the photos', async () => {
		const outcome = await run('PicWish example 2');
		expectSuccess(outcome);
		const items = outputOf(outcome, 'Remove stickers');
		expect(items.map(({ json }) => json.sku)).toEqual(['DESK-01', 'MUG-07']);
		// The HTTP Request node sends both at once; the smaller one may be there first.
		const uploads = storage.requests.toSorted((a, b) => a.path.localeCompare(b.path));
		expect(uploads.map(({ method, path: to }) => `${method} ${to}`)).toEqual([
			'PUT /DESK-01.jpg',
			'PUT /MUG-07.jpg',
		]);
		for (const [index, { body, contentType }] of uploads.entries()) {
			expect(contentType).toBe('image/jpeg');
			expect(sha256(body)).toBe(resultSha256(items[index]?.json.taskId));
		}
		// The unsure box was left out, the others arrived as the detector gave them.
		const creates = sandbox.requests.filter(({ fields }) => fields.rectangles !== undefined);
		expect(creates.map(({ fields }) => JSON.parse(fields.rectangles ?? ''))).toEqual([
			samples.untidy.areas,
			[{ x: 476, y: 391, width: 256, height: 128 }],
		]);
	});

	test('3: submits without waiting, waits, and gets the result of the one task', async () => {
		const before = sandbox.tasks.length;
		const outcome = await run('PicWish example 3');
		expectSuccess(outcome);
		expect(sandbox.tasks).toHaveLength(before + 1);
		const [submitted] = outputOf(outcome, 'Submit');
		expect(submitted).toMatchObject({ json: { status: 'submitted' } });
		expect(submitted).not.toHaveProperty('binary');
		const [result] = outputOf(outcome, 'Get result');
		expect(result?.json).toMatchObject({ status: 'completed', taskId: submitted?.json.taskId });
		expect(await picture(outcome, 'Get result')).toBe(resultSha256(submitted?.json.taskId));
	});

	test('4: delivers the good photos, and reports the bad ones with reason and advice', async () => {
		const outcome = await run('PicWish example 4');
		expectSuccess(outcome);
		const clean = outputOf(outcome, 'Clean photos');
		expect(clean.map(({ json }) => json.name)).toEqual(['Mug', 'Desk']);
		for (const [index, { json }] of clean.entries()) {
			expect(await picture(outcome, 'Clean photos', index)).toBe(resultSha256(json.taskId));
		}
		const report = outputOf(outcome, 'Report');
		expect(report.map(({ json }) => json)).toEqual([
			{
				name: 'Deleted photo',
				code: 'TASK_FAILED',
				reason: expect.stringMatching(/\w+/),
				advice: expect.stringMatching(/\w+/),
				tryAgain: expect.any(Boolean),
			},
			{
				name: 'Forgotten address',
				code: 'INVALID_INPUT',
				reason: expect.stringContaining('Image URL'),
				advice: expect.stringMatching(/\w+/),
				tryAgain: false,
			},
		]);
	});

	/**
	 * As far as it goes without a model: n8n's real agent, the real tools and the sandbox. Which tool
	 * is called, and with what, is scripted; that a model would choose so is not shown here.
	 */
	describe('5: as tools of an AI agent', () => {
		const chat = async (tool: string, args: Record<string, unknown>) => {
			modelCalls = { tool, args };
			const message = { sessionId: 'one', action: 'sendMessage', chatInput: 'Clean the photo' };
			return await run('PicWish example 5', {
				trigger: 'When chat message received',
				triggerItems: [{ json: message }],
			});
		};
		const imageUrl = (file: string) => `${sandbox.resultsUrl}/samples/${file}`;

		/** What the agent says at the end, which is what the tool answered. */
		const download = async (outcome: Execution) => {
			const [item] = outputOf(outcome, 'Photo assistant');
			const [url = ''] = /https?:[^"\\\s]+/.exec(String(item?.json.output)) ?? [];
			const answer = await fetch(url);
			return sha256(Buffer.from(await answer.arrayBuffer()));
		};

		test('Remove watermark: the model gives an address and gets one', async () => {
			const outcome = await chat('Remove_watermark', { imageUrl: imageUrl('mug-watermarked.jpg') });
			expectSuccess(outcome);
			const task = sandbox.tasks.at(-1);
			expect(task?.taskType).toBe('removeWatermark');
			expect(model.toolAnswers().at(-1)).toContain(task?.taskId);
			expect(await download(outcome)).toBe(resultSha256(task?.taskId));
		});

		test('Remove objects: the model gives the areas as JSON', async () => {
			const outcome = await chat('Remove_objects', {
				imageUrl: imageUrl('desk-with-sticker.png'),
				rectangles: samples.untidy.areas,
			});
			expectSuccess(outcome);
			const task = sandbox.tasks.at(-1);
			expect(task?.taskType).toBe('removeObjects');
			expect(await download(outcome)).toBe(resultSha256(task?.taskId));
		});

		test('A refused call tells the model what is wrong, and costs nothing', async () => {
			const before = sandbox.tasks.length;
			const empty = [{ x: 10, y: 20, width: 0, height: 80 }];
			await chat('Remove_objects', {
				imageUrl: imageUrl('desk-with-sticker.png'),
				rectangles: empty,
			});
			expect(sandbox.tasks).toHaveLength(before);
			expect(model.toolAnswers().at(-1)).toContain(
				'Rectangles (JSON), rectangle 1: width and height must be more than 0',
			);
		});

		test('The model is offered exactly the fields that are for it', async () => {
			await chat('Remove_watermark', { imageUrl: imageUrl('mug-watermarked.jpg') });
			const offered = model
				.offered()
				.map(({ name, parameters }) => [name, Object.keys(parameters.properties).sort()]);
			expect(Object.fromEntries(offered)).toEqual({
				Remove_watermark: ['imageUrl'],
				Remove_objects: ['imageUrl', 'rectangles'],
			});
		});
	});
});
