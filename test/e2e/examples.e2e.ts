/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir } from 'node:fs/promises';
import path from 'node:path';

import { samples } from '../sandbox/samples/samples';
import { startSandbox, type Sandbox } from '../sandbox/server';
import { createCredential, sandboxCredential } from './server/credentials';
import { exampleFiles, examplesFolder, importExamples } from './server/examples';
import { startLoopback, type Loopback } from './server/loopback';
import { startScriptedModel, type ScriptedModel } from './server/scriptedModel';
import { startTestServer, type TestServer } from './server/testServer';
import {
	binaryOf,
	findWorkflow,
	runWorkflow,
	type FinishedRun,
	type SavedWorkflow,
} from './server/workflowRuns';

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

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
		sandbox = await startSandbox({ requestsPerSecond: 50, processingMs: 300 });
		storage = await startLoopback((_, response) => response.writeHead(201).end());
		model = await startScriptedModel(
			() => modelCalls.tool,
			() => modelCalls.args,
		);
		server = await startTestServer('examples');
		// Where n8n may write by default.
		folder = path.join(server.userFolder.path, '.n8n-files');
		await mkdir(folder, { recursive: true });
		const { session } = server;
		const picWish = sandboxCredential(sandbox, 50);
		({ id: picWishId } = await createCredential(session, 'picWishApi', 'PicWish account', picWish));
		await createCredential(session, 'openAiApi', 'OpenAI account', {
			apiKey: 'none-needed',
			url: model.url,
		});
		await importExamples(server, {
			'https://example.com/photos': `${sandbox.resultsUrl}/samples`,
			'https://example.com/storage': storage.url,
			'/home/node/.n8n-files': folder,
			// Example 3 waits for longer than a test should; test/e2e/restart.e2e.ts waits as long.
			'"amount": 90': '"amount": 2',
		});
	});

	afterAll(async () => {
		await Promise.all([server?.close(), storage?.close(), model?.close()]);
		await sandbox?.close();
	});

	const run = async (example: string, ...more: [Parameters<typeof runWorkflow>[2]?]) => {
		const { id } = await findWorkflow(server.session, example);
		return await runWorkflow(server.session, id, ...more);
	};

	/** The sandbox's result for a task, which must not be the source. */
	const resultSha256 = (taskId: unknown) => {
		const task = sandbox.tasks.find((one) => one.taskId === taskId);
		expect(task?.resultSha256).toMatch(/^[0-9a-f]{64}$/);
		expect(task?.resultSha256).not.toBe(task?.sourceSha256);
		return task?.resultSha256;
	};

	const picture = async (outcome: FinishedRun, node: string, index = 0) =>
		sha256(await binaryOf(server.session, outcome.outputs(node)[0]?.[index]));

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
		expect(outcome).toMatchObject({ status: 'success' });
		const [item] = outcome.outputs('Remove watermark')[0] ?? [];
		expect(await readdir(folder)).toEqual(['mug-watermarked-no-watermark.jpg']);
		const saved = await readFile(path.join(folder, 'mug-watermarked-no-watermark.jpg'));
		expect(sha256(saved)).toBe(resultSha256(item?.json.taskId));
	});

	test('2: removes detected objects from every row and uploads the photos', async () => {
		const outcome = await run('PicWish example 2');
		expect(outcome).toMatchObject({ status: 'success' });
		const items = outcome.outputs('Remove stickers')[0] ?? [];
		expect(items.map(({ json }) => json.sku)).toEqual(['DESK-01', 'MUG-07']);
		expect(storage.requests.map(({ method, path: to }) => `${method} ${to}`)).toEqual([
			'PUT /DESK-01.jpg',
			'PUT /MUG-07.jpg',
		]);
		for (const [index, { body, contentType }] of storage.requests.entries()) {
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
		expect(outcome).toMatchObject({ status: 'success' });
		expect(sandbox.tasks).toHaveLength(before + 1);
		const [submitted] = outcome.outputs('Submit')[0] ?? [];
		expect(submitted).toMatchObject({ json: { status: 'submitted' } });
		expect(submitted).not.toHaveProperty('binary');
		const [result] = outcome.outputs('Get result')[0] ?? [];
		expect(result?.json).toMatchObject({ status: 'completed', taskId: submitted?.json.taskId });
		expect(await picture(outcome, 'Get result')).toBe(resultSha256(submitted?.json.taskId));
	});

	test('4: delivers the good photos, and reports the bad ones with reason and advice', async () => {
		const outcome = await run('PicWish example 4');
		expect(outcome).toMatchObject({ status: 'success' });
		const clean = outcome.outputs('Clean photos')[0] ?? [];
		expect(clean.map(({ json }) => json.name)).toEqual(['Mug', 'Desk']);
		for (const [index, { json }] of clean.entries()) {
			expect(await picture(outcome, 'Clean photos', index)).toBe(resultSha256(json.taskId));
		}
		const report = outcome.outputs('Report')[0] ?? [];
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
		const download = async (outcome: FinishedRun) => {
			const [item] = outcome.outputs('Photo assistant')[0] ?? [];
			const [url = ''] = /https?:[^"\\\s]+/.exec(String(item?.json.output)) ?? [];
			const answer = await fetch(url);
			return sha256(Buffer.from(await answer.arrayBuffer()));
		};

		test('Remove watermark: the model gives an address and gets one', async () => {
			const outcome = await chat('Remove_watermark', { imageUrl: imageUrl('mug-watermarked.jpg') });
			expect(outcome).toMatchObject({ status: 'success', error: undefined });
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
			expect(outcome).toMatchObject({ status: 'success', error: undefined });
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

		test('The model is offered exactly the fields that are for it', () => {
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
