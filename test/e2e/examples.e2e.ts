/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { INodeTypeDescription } from 'n8n-workflow';

import { samples } from '../sandbox/samples/samples';
import { sha256 } from '../sandbox/sha256';
import { exampleFiles, examplesFolder } from './server/examples';
import {
	type ExampleServer,
	expectSuccess,
	jsonOf,
	startExampleServer,
} from './server/exampleServer';
import { type Execution, outputOf } from './server/executions';
import { type Loopback, startLoopback } from './server/loopback';
import { startScriptedModel, type ScriptedModel } from './server/scriptedModel';
import { copyWorkflow, findWorkflow, runWorkflow, type SavedWorkflow } from './server/workflowRuns';
import { startDetector } from './standIns/detector';

/** The examples as they are in the repository, but for their addresses. */
describe('The example workflows, imported by n8n’s command line', () => {
	let server: ExampleServer;
	let storage: Loopback;
	let model: ScriptedModel;
	let modelCalls = { tool: '', args: {} };

	beforeAll(async () => {
		server = await startExampleServer(
			'examples',
			async (opened) => {
				storage = opened.add(
					await startLoopback((_, response) => void response.writeHead(201).end()),
				);
				model = opened.add(
					await startScriptedModel(
						() => modelCalls.tool,
						() => modelCalls.args,
					),
				);
				const detector = opened.add(await startDetector());
				return { storage: storage.url, model: model.url, detector: detector.url };
			},
			// Example 3 waits for longer than a test should; test/e2e/restart.e2e.ts waits as long.
			{ '"amount": 90': '"amount": 2' },
		);
	});

	afterAll(async () => await server?.close());

	test('are twelve, and name credentials without anyone’s key or id', async () => {
		const names = await exampleFiles();
		expect(names).toHaveLength(12);
		for (const name of names) {
			const { nodes }: SavedWorkflow = JSON.parse(
				await readFile(path.join(examplesFolder, name), 'utf8'),
			);
			const credentials = nodes.flatMap((node) => Object.values(node.credentials ?? {}));
			expect(credentials.length).toBeGreaterThan(0);
			for (const { id } of credentials) expect(id).toBeNull();
		}
	});

	test('set only parameters and options that the node has', async () => {
		const types: INodeTypeDescription[] = await server.session.json('/types/nodes.json');
		for (const file of await exampleFiles()) {
			const { nodes } = await findWorkflow(server.session, `PicWish example ${parseInt(file, 10)}`);
			for (const { type, parameters } of nodes) {
				if (!type.startsWith('n8n-nodes-picwish.')) continue;
				const properties = types.find(({ name }) => name === type)?.properties ?? [];
				const collection = properties.find(({ name }) => name === 'options');
				const known = properties.map(({ name }) => name);
				const options = collection?.options?.map(({ name }) => name);
				expect(known).toEqual(expect.arrayContaining(Object.keys(parameters)));
				expect(options).toEqual(expect.arrayContaining(Object.keys(parameters.options ?? {})));
			}
		}
	});

	test('find the credential by its name alone', async () => {
		for (const file of await exampleFiles()) {
			const index = parseInt(file, 10);
			const { nodes } = await findWorkflow(server.session, `PicWish example ${index}`);
			const ours = nodes.filter(({ type }) => type.startsWith('n8n-nodes-picwish.'));
			expect(ours.length).toBeGreaterThan(0);
			for (const { credentials } of ours) {
				expect(credentials?.picWishApi).toEqual({ id: server.picWishId, name: 'PicWish account' });
			}
		}
	});

	describe('1: removes a watermark', () => {
		test('right after the import, with a picture that the repository serves', async () => {
			const outcome = await server.run(1);
			expectSuccess(outcome);
			const [item] = outputOf(outcome, 'Remove watermark');
			expect(await server.pictureSha256(outcome, 'Remove watermark')).toBe(
				server.resultSha256(item?.json.taskId),
			);
			expect(await readdir(server.folder)).toEqual([]);
		});

		test('and saves the file, when Save to disk is activated', async () => {
			const imported = await findWorkflow(server.session, 'PicWish example 1');
			const id = await copyWorkflow(server.session, imported, (node) => ({
				...node,
				disabled: false,
			}));
			const outcome = await runWorkflow(server.session, id);
			expectSuccess(outcome);
			const [item] = outputOf(outcome, 'Remove watermark');
			const name = 'mug-watermarked-no-watermark.jpg';
			expect(await readdir(server.folder)).toEqual([name]);
			const saved = await readFile(path.join(server.folder, name));
			expect(sha256(saved)).toBe(server.resultSha256(item?.json.taskId));
		});
	});

	test('2: removes what a detector found in every row, and uploads the photos', async () => {
		const before = server.sandbox.tasks.length;
		const outcome = await server.run(2);
		expectSuccess(outcome);
		const items = outputOf(outcome, 'Remove stickers');
		expect(items.map(({ json }) => json.status)).toEqual(['completed', 'completed', 'unchanged']);
		// Nothing was found in the last photo: no task, and the photo as it was.
		expect(server.sandbox.tasks).toHaveLength(before + 2);
		// The HTTP Request node sends all at once; the smallest one may be there first.
		const uploads = storage.requests.toSorted((a, b) => a.path.localeCompare(b.path));
		expect(uploads.map(({ method, path: to }) => `${method} ${to}`)).toEqual([
			'PUT /DESK-01.jpg',
			'PUT /MUG-07.jpg',
			'PUT /MUG-08.jpg',
		]);
		expect(uploads.map(({ contentType }) => contentType)).toEqual(Array(3).fill('image/jpeg'));
		expect(uploads.map(({ body }) => sha256(body))).toEqual([
			server.resultSha256(items[0]?.json.taskId),
			server.resultSha256(items[1]?.json.taskId),
			await server.pictureSha256(outcome, 'Download photo', 2),
		]);
		// The unsure box was left out, the others arrived as the detector gave them.
		const creates = server.sandbox.requests.filter(({ fields }) => fields.rectangles !== undefined);
		expect(creates.map(({ fields }) => JSON.parse(fields.rectangles ?? ''))).toEqual([
			samples.untidy.areas,
			[{ x: 476, y: 391, width: 256, height: 128 }],
		]);
	});

	test('3: submits without waiting, waits, and gets the result of the one task', async () => {
		const before = server.sandbox.tasks.length;
		const outcome = await server.run(3);
		expectSuccess(outcome);
		expect(server.sandbox.tasks).toHaveLength(before + 1);
		const [submitted] = outputOf(outcome, 'Submit');
		expect(submitted).toMatchObject({ json: { status: 'submitted' } });
		expect(submitted).not.toHaveProperty('binary');
		const [result] = outputOf(outcome, 'Get result');
		expect(result?.json).toMatchObject({ status: 'completed', taskId: submitted?.json.taskId });
		expect(await server.pictureSha256(outcome, 'Get result')).toBe(
			server.resultSha256(submitted?.json.taskId),
		);
	});

	test('4: delivers the good photos, and reports the bad ones with reason and advice', async () => {
		const outcome = await server.run(4);
		expectSuccess(outcome);
		const clean = outputOf(outcome, 'Clean photos');
		expect(clean.map(({ json }) => json.name)).toEqual(['Mug', 'Desk']);
		for (const [index, { json }] of clean.entries()) {
			expect(await server.pictureSha256(outcome, 'Clean photos', index)).toBe(
				server.resultSha256(json.taskId),
			);
		}
		const report = outputOf(outcome, 'Report');
		expect(jsonOf(report)).toEqual([
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
		const message = { sessionId: 'one', action: 'sendMessage', chatInput: 'Clean the photo' };
		const chatting = { trigger: 'When chat message received', triggerItems: [{ json: message }] };
		const chat = async (tool: string, args: Record<string, unknown>) => {
			modelCalls = { tool, args };
			return await server.run(5, chatting);
		};
		const imageUrl = (file: string) => `${server.sandbox.resultsUrl}/samples/${file}`;

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
			const task = server.sandbox.tasks.at(-1);
			expect(task?.taskType).toBe('removeWatermark');
			expect(model.toolAnswers().at(-1)).toContain(task?.taskId);
			expect(await download(outcome)).toBe(server.resultSha256(task?.taskId));
		});

		test('Remove objects: the model gives the areas as a JSON list', async () => {
			const outcome = await chat('Remove_objects', {
				imageUrl: imageUrl('desk-with-sticker.png'),
				detections: JSON.stringify(samples.untidy.areas),
			});
			expectSuccess(outcome);
			const task = server.sandbox.tasks.at(-1);
			expect(task?.taskType).toBe('removeObjects');
			expect(await download(outcome)).toBe(server.resultSha256(task?.taskId));
		});

		test('A refused call tells the model what is wrong, and costs nothing', async () => {
			const before = server.sandbox.tasks.length;
			await chat('Remove_objects', {
				imageUrl: imageUrl('desk-with-sticker.png'),
				detections: 'The sticker is on the right.',
			});
			expect(server.sandbox.tasks).toHaveLength(before);
			expect(model.toolAnswers().at(-1)).toContain('INVALID_INPUT');
			expect(model.toolAnswers().at(-1)).toContain('Detections (JSON)');
		});

		test('The model tells both tools apart, by what n8n offers it', async () => {
			await chat('Remove_watermark', { imageUrl: imageUrl('mug-watermarked.jpg') });
			const offered = new Map(model.offered().map((tool) => [tool.name, tool]));
			expect([...offered.keys()].sort()).toEqual(['Remove_objects', 'Remove_watermark']);
			const watermark = offered.get('Remove_watermark');
			const objects = offered.get('Remove_objects');
			expect(watermark?.description).toContain('watermarks');
			expect(objects?.description).toContain('position of each area');
			const text = { type: 'string', description: expect.stringMatching(/\w+/) };
			expect(watermark?.parameters.properties).toEqual({ imageUrl: text });
			expect(objects?.parameters.properties).toEqual({ imageUrl: text, detections: text });
			expect(objects?.parameters.properties.detections).toHaveProperty(
				'description',
				expect.stringContaining('[{"x": 10, "y": 20, "width": 300, "height": 80}]'),
			);
		});

		test('So do the descriptions that n8n writes by itself', async () => {
			const example = await findWorkflow(server.session, 'PicWish example 5');
			const id = await copyWorkflow(server.session, example, (node) => ({
				...node,
				parameters: { ...node.parameters, descriptionType: 'auto' },
			}));
			modelCalls = {
				tool: 'Remove_watermark',
				args: { imageUrl: imageUrl('mug-watermarked.jpg') },
			};
			await runWorkflow(server.session, id, chatting);
			const offered = model.offered().map(({ name, description }) => [name, description]);
			expect(Object.fromEntries(offered)).toEqual({
				Remove_watermark: 'Remove watermark from image in PicWish',
				Remove_objects: 'Remove objects from image in PicWish',
			});
		});
	});
});
