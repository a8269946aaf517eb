/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { INode, INodeParameters } from 'n8n-workflow';
import sharp from 'sharp';

import { samplesFolder } from '../sandbox/results';
import { samples, sampleSize } from '../sandbox/samples/samples';
import { sha256 } from '../sandbox/sha256';
import { type Editor, openEditor } from './editor/editor';
import { eventually } from './editor/eventually';
import { choose, fill } from './editor/form';
import { addNode, openActions, searchPanel } from './editor/panel';
import { type ExampleServer, startExampleServer } from './server/exampleServer';
import { binaryOf, type Execution, errorOf, lastExecution, outputOf } from './server/executions';
import { type Loopback, startLoopback } from './server/loopback';
import { waitUntil } from './server/waitUntil';
import { findWorkflow, publishForm } from './server/workflowRuns';
import { logFolder } from './setup/output';
import { startGemini } from './standIns/gemini';

const longMs = 120_000;
const logName = 'newcomer';

/**
 * What somebody does who has the README and the screen: twelve tasks, each without a Code node. Leaves a
 * screenshot of each end in `test/e2e/output/screenshots`, for a person to judge.
 */
describe('Somebody new to the node', () => {
	let server: ExampleServer;
	let photos: Loopback;
	let editor: Editor;
	let files: Record<string, Buffer>;

	beforeAll(async () => {
		files = await makeFiles();
		server = await startExampleServer(logName, async (opened) => {
			photos = opened.add(
				await startLoopback(({ path: at }, response) => {
					const name = at.slice(1);
					const file = files[name] ?? files[name.replace(/-\d+(?=\.)/, '')];
					response.setHeader('content-disposition', `inline; filename="${name}"`);
					response.writeHead(file ? 200 : 404).end(file);
				}),
			);
			return { gemini: opened.add(await startGemini()).url };
		});
		editor = await openEditor(server, 'light');
	});

	afterAll(async () => {
		await editor?.close();
		await server?.close();
	});

	const photo = (name: string) => `${photos.url}/${name}`;

	/** Saves a workflow of nodes one after another, opens it, executes it, and opens its last node. */
	const execute = async (
		nodes: Array<Partial<INode> & { name: string }>,
		screenshot: string,
	): Promise<Execution> => {
		const { id } = await server.session.request<{ id: string }>('/rest/workflows', {
			name: screenshot,
			...inARow([start, ...nodes]),
			settings: { executionOrder: 'v1' },
		});
		await editor.openWorkflow(id);
		await editor.execute();
		await editor.openNode(nodes.at(-1)?.name ?? '');
		await editor.screenshot(screenshot);
		return await lastExecution(server.session, id);
	};

	const picWish = (parameters: INodeParameters, more: Partial<INode> = {}) => ({
		name: 'PicWish',
		type: 'n8n-nodes-picwish.picWish',
		typeVersion: 1,
		credentials: { picWishApi: { id: server.picWishId, name: 'PicWish account' } },
		...more,
		parameters: { resource: 'image', ...parameters },
	});

	/** The items' result pictures are the sandbox's. */
	const expectResults = async (outcome: Execution, node: string, count: number) => {
		const items = outputOf(outcome, node);
		expect([items.length, errorOf(outcome)]).toEqual([count, '']);
		for (const item of items) {
			expect(sha256(await binaryOf(server.session, item))).toBe(
				server.resultSha256(item.json.taskId),
			);
		}
	};

	const sentRectangles = () => {
		const create = server.sandbox.requests.findLast(
			({ fields }) => fields.rectangles !== undefined,
		);
		return JSON.parse(create?.fields.rectangles ?? 'null');
	};

	test('1 finds the node', async () => {
		await searchPanel(editor, 'remove watermark');
		await openActions(editor);
		await editor.screenshot('newcomer-01-find');
		expect(await editor.part('node-creator-item-name').allInnerTexts()).toEqual(
			expect.arrayContaining(['Remove objects from image', 'Remove watermark from image']),
		);
	});

	test('2 cleans a picture on the web', async () => {
		const { page, part } = editor;
		await addNode(editor, 'Remove watermark from image');
		await choose(editor, 'imageSource', 'URL');
		await fill(editor, 'imageUrl', photo('mug.jpg'));
		await part('node-execute-button').click();
		await part('ndv-view-binary-data').waitFor({ timeout: longMs });
		await part('ndv-view-binary-data').click();
		const picture = page.locator('[data-test-id="output-panel"] img[src*="action=view"]');
		await picture.waitFor();
		await editor.screenshot('newcomer-02-url');
		expect(server.sandbox.tasks.at(-1)?.taskType).toBe('removeWatermark');
	});

	test('3 cleans the file of a form, whatever the form calls it', async () => {
		const form = {
			name: 'Form',
			type: 'n8n-nodes-base.formTrigger',
			typeVersion: 2.3,
			webhookId: '6b0f5f0e-0b3c-4b7f-8a52-7c2f1a1d9e30',
			parameters: {
				formTitle: 'Photo',
				formFields: {
					values: [{ fieldLabel: 'Your photo', fieldType: 'file', multipleFiles: false }],
				},
				options: {},
			},
		};
		const end = {
			name: 'End',
			type: 'n8n-nodes-base.form',
			typeVersion: 2.3,
			webhookId: '0f5b8d5c-3f2e-4d5a-9f1a-6d6c1b2a3e40',
			parameters: {
				operation: 'completion',
				respondWith: 'returnBinary',
				completionTitle: 'Here it is',
				options: {},
			},
		};
		const { id } = await server.session.request<{ id: string }>('/rest/workflows', {
			name: 'newcomer-03-form',
			...inARow([form, picWish({ operation: 'removeWatermark' }), end]),
			settings: { executionOrder: 'v1' },
		});
		const { page } = editor;
		await page.goto(await publishForm(server, id));
		await page.locator('input[type=file]').setInputFiles({
			name: 'mug.jpg',
			mimeType: 'image/jpeg',
			buffer: files['mug.jpg'] ?? Buffer.of(),
		});
		const download = page.waitForEvent('download', { timeout: longMs });
		await page.getByRole('button', { name: 'Submit' }).click();
		const saved = await readFile(await (await download).path());
		await editor.screenshot('newcomer-03-form');
		expect(sha256(saved)).toBe(server.resultSha256(server.sandbox.tasks.at(-1)?.taskId));
	});

	test('4 removes what is bottom right, a fifth of the width', async () => {
		const { part, page } = editor;
		await addNode(editor, 'Remove objects from image');
		await choose(editor, 'imageSource', 'URL');
		await fill(editor, 'imageUrl', photo('mug.jpg'));
		await choose(editor, 'rectangleUnit', 'Percent of Image');
		await choose(editor, 'measuredFrom', 'Bottom Right');
		await page.getByRole('button', { name: 'Add Rectangle' }).click();
		await fill(editor, 'width', '20');
		await fill(editor, 'height', '10');
		await part('node-execute-button').click();
		await part('ndv-view-binary-data').waitFor({ timeout: longMs });
		await editor.screenshot('newcomer-04-bottom-right');
		const { width, height } = sampleSize;
		expect(sentRectangles()).toEqual([
			{ x: width * 0.8, y: height * 0.9, width: width * 0.2, height: height * 0.1 },
		]);
		// The same fields, switched over: nothing is sent.
		const before = server.sandbox.requests.length;
		await choose(editor, 'operation', 'Preview Removal Area');
		await part('node-execute-button').click();
		await eventually(async () =>
			expect(await part('output-panel').innerText()).toMatch(/-area\.png/),
		);
		await part('ndv-view-binary-data').click();
		await page.locator('[data-test-id="output-panel"] img[src*="action=view"]').waitFor();
		await editor.screenshot('newcomer-04-preview');
		expect(server.sandbox.requests.filter(({ fields }) => fields.rectangles).length).toBe(
			server.sandbox.requests.slice(0, before).filter(({ fields }) => fields.rectangles).length,
		);
	});

	test('5 removes what Gemini finds', async () => {
		const { id } = await findWorkflow(server.session, 'PicWish example 11');
		await editor.openWorkflow(id);
		await editor.execute();
		await editor.openNode('Remove it');
		await editor.screenshot('newcomer-05-gemini');
		await expectResults(await lastExecution(server.session, id), 'Remove it', 1);
	});

	test('6 uses a mask with a hole, at half the size', async () => {
		const both = [
			download('Photo', photo('desk.png')),
			download('Mask', photo('hole.png'), { outputPropertyName: 'mask' }),
		];
		const image = '={{ $("Photo").item.binary.data }}';
		const mask = {
			operation: 'removeObjects',
			binaryPropertyName: image,
			removalArea: 'maskBinary',
		};
		const refused = await execute([...both, picWish(mask)], 'newcomer-06-mask-refused');
		expect(errorOf(refused)).toMatch(/transparent/);
		const outcome = await execute(
			[...both, picWish({ ...mask, maskMarks: 'transparent' })],
			'newcomer-06-mask',
		);
		await expectResults(outcome, 'PicWish', 1);
	});

	test('7 gives 60 boxes', async () => {
		const boxes = Array.from({ length: 60 }, (_, index) => ({
			x: 20 + (index % 10) * 110,
			y: 20 + Math.floor(index / 10) * 120,
			width: 20,
			height: 20,
		}));
		const list = {
			name: 'Boxes',
			type: 'n8n-nodes-base.set',
			typeVersion: 3.4,
			parameters: { mode: 'raw', jsonOutput: JSON.stringify({ boxes }), options: {} },
		};
		const outcome = await execute(
			[
				download('Photo', photo('mug.jpg')),
				list,
				picWish({
					operation: 'removeObjects',
					binaryPropertyName: '={{ $("Photo").item.binary.data }}',
					removalArea: 'detections',
				}),
			],
			'newcomer-07-boxes',
		);
		await expectResults(outcome, 'PicWish', 1);
		expect(outputOf(outcome, 'PicWish')[0]?.json.removalArea).toMatchObject({
			sentAs: 'mask',
			shapes: 60,
		});
	});

	test.each([
		['WebP', 'mug.webp', /Edit Image/],
		['HEIC', 'phone.heic', /Most Compatible/],
		['6000 × 4000', 'large.jpg', /4096/],
	])('8 is told what to do with %s', async (_, name, advice) => {
		const operation = name === 'large.jpg' ? 'removeObjects' : 'removeWatermark';
		const rectangles = { rectangle: [{ x: 10, y: 10, width: 50, height: 50 }] };
		const before = server.sandbox.tasks.length;
		const outcome = await execute(
			[download('Photo', photo(name)), picWish({ operation, rectangles })],
			`newcomer-08-${name}`,
		);
		expect(errorOf(outcome)).toMatch(advice);
		expect(server.sandbox.tasks).toHaveLength(before);
	});

	describe('9 has two bad photos among twelve', () => {
		const batch = (onError: INode['onError']) => [
			{
				name: 'Photos',
				type: 'n8n-nodes-base.set',
				typeVersion: 3.4,
				parameters: {
					mode: 'raw',
					jsonOutput: JSON.stringify({
						names: Array.from({ length: 12 }, (_, index) =>
							[4, 9].includes(index) ? `broken-${index}.jpg` : `mug-${index}.jpg`,
						),
					}),
					options: {},
				},
			},
			{
				name: 'One each',
				type: 'n8n-nodes-base.splitOut',
				typeVersion: 1,
				parameters: { fieldToSplitOut: 'names', options: {} },
			},
			download('Photo', `=${photos.url}/{{ $json.names }}`),
			picWish({ operation: 'removeWatermark' }, { onError }),
		];

		test('and stops before anything is paid', async () => {
			const before = server.sandbox.tasks.length;
			const outcome = await execute(batch('stopWorkflow'), 'newcomer-09-stop');
			expect(errorOf(outcome)).toMatch(/broken-4\.jpg/);
			expect(errorOf(outcome)).toMatch(/Continue \(using error output\)/);
			expect(server.sandbox.tasks).toHaveLength(before);
		});

		test('and lets the others go on', async () => {
			const outcome = await execute(batch('continueErrorOutput'), 'newcomer-09-continue');
			await expectResults(outcome, 'PicWish', 10);
			const failed = outputOf(outcome, 'PicWish', 1);
			expect(failed.map(({ json }) => json.error)).toMatchObject([
				{ fileName: 'broken-4.jpg' },
				{ fileName: 'broken-9.jpg' },
			]);
		});
	});

	test('10 submits, waits and gets', async () => {
		const outcome = await execute(
			[
				picWish(
					{
						operation: 'removeWatermark',
						imageSource: 'url',
						imageUrl: photo('mug.jpg'),
						options: { waitForCompletion: false },
					},
					{ name: 'Submit' },
				),
				{ name: 'Wait', type: 'n8n-nodes-base.wait', typeVersion: 1.1, parameters: { amount: 1 } },
				picWish(
					{ resource: 'task', operation: 'getResult', taskId: '={{ $json.taskId }}' },
					{ name: 'Get result' },
				),
			],
			'newcomer-10-get',
		);
		await expectResults(outcome, 'Get result', 1);
	});

	test('11 gives it to an agent as a tool', async () => {
		const agent = {
			name: 'Agent',
			type: '@n8n/n8n-nodes-langchain.agent',
			typeVersion: 2,
			parameters: { options: {} },
		};
		const { id } = await server.session.request<{ id: string }>('/rest/workflows', {
			name: 'newcomer-11-tool',
			...inARow([start, agent]),
			settings: { executionOrder: 'v1' },
		});
		await editor.openWorkflow(id);
		const { page, part } = editor;
		await page.locator('[data-test-id="canvas-handle-plus"]').last().click();
		await part('node-creator-search-bar').pressSequentially('remove watermark');
		await page.getByText('PicWish Tool').click();
		await part('ndv').waitFor();
		await editor.screenshot('newcomer-11-tool');
		const tool = part('ndv').locator('[data-test-id="parameter-input-imageSource"] input');
		expect(await tool.inputValue()).toBe('URL');
	});

	test('12 stops half-way, and gets back what is paid', async () => {
		const { part } = editor;
		server.sandbox.addFault({ kind: 'query', times: Infinity, act: { type: 'delay', ms: 3000 } });
		const { id } = await server.session.request<{ id: string }>('/rest/workflows', {
			name: 'newcomer-12-stop',
			...inARow([
				start,
				{
					name: 'Photos',
					type: 'n8n-nodes-base.set',
					typeVersion: 3.4,
					parameters: {
						mode: 'raw',
						jsonOutput: JSON.stringify({
							urls: Array.from({ length: 12 }, (_, index) => photo(`mug-${index}.jpg`)),
						}),
						options: {},
					},
				},
				{
					name: 'One each',
					type: 'n8n-nodes-base.splitOut',
					typeVersion: 1,
					parameters: { fieldToSplitOut: 'urls', options: {} },
				},
				picWish({
					operation: 'removeWatermark',
					imageSource: 'url',
					imageUrl: '={{ $json.urls }}',
				}),
			]),
			settings: { executionOrder: 'v1' },
		});
		const before = server.sandbox.tasks.length;
		await editor.openWorkflow(id);
		await part('execute-workflow-button').click();
		await waitUntil(
			'some tasks',
			async () => (server.sandbox.tasks.length >= before + 6 ? true : undefined),
			{ timeoutMs: longMs },
		);
		await part('stop-execution-button').click();
		await waitUntil(
			'the execution to end',
			async () => {
				const { status } = await lastExecution(server.session, id);
				return status === 'canceled' ? true : undefined;
			},
			{ timeoutMs: longMs },
		);
		await editor.screenshot('newcomer-12-stopped');
		server.sandbox.clearFaults();
		const paid = server.sandbox.tasks.slice(before).map(({ taskId }) => taskId);
		const log = await waitUntil(
			'the log to name the tasks',
			async () => {
				const text = await readFile(path.join(logFolder, `${logName}.log`), 'utf8');
				return paid.every((taskId) => text.includes(taskId)) ? text : undefined;
			},
			{ timeoutMs: longMs },
		);
		const named = [...log.matchAll(/PicWish task (\S+) \(\w+\) created/g)].map(
			([, taskId]) => taskId,
		);
		const ids = {
			name: 'Task IDs',
			type: 'n8n-nodes-base.set',
			typeVersion: 3.4,
			parameters: {
				mode: 'raw',
				jsonOutput: JSON.stringify({ ids: named.slice(-paid.length) }),
				options: {},
			},
		};
		const each = {
			name: 'One each',
			type: 'n8n-nodes-base.splitOut',
			typeVersion: 1,
			parameters: { fieldToSplitOut: 'ids', options: {} },
		};
		const outcome = await execute(
			[
				ids,
				each,
				picWish({ resource: 'task', operation: 'getResult', taskId: '={{ $json.ids }}' }),
			],
			'newcomer-12-fetched',
		);
		await expectResults(outcome, 'PicWish', paid.length);
	});
});

const start = {
	name: 'Start',
	type: 'n8n-nodes-base.manualTrigger',
	typeVersion: 1,
	parameters: {},
};

function download(name: string, url: string, response: INodeParameters = {}) {
	return {
		name,
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.2,
		parameters: {
			url,
			options: { response: { response: { responseFormat: 'file', ...response } } },
		},
	};
}

/** Nodes and connections of a workflow whose nodes follow one another. */
function inARow(nodes: Array<Partial<INode> & { name: string }>) {
	const follow = nodes.slice(1).map(({ name }, index) => {
		const from = nodes[index]?.name ?? '';
		return [from, { main: [[{ node: name, type: 'main', index: 0 }]] }] as const;
	});
	return {
		nodes: nodes.map((node, index) => ({
			id: `node-${index}`,
			position: [index * 240, 0],
			...node,
		})),
		connections: Object.fromEntries(follow),
	};
}

/** What people have on their disks and phones, by file name. */
async function makeFiles(): Promise<Record<string, Buffer>> {
	const read = async (name: string) => await readFile(path.join(samplesFolder, name));
	const mug = await read(samples.watermarked.file);
	const desk = await read(samples.untidy.file);
	const { width, height } = sampleSize;
	const [hole = { x: 0, y: 0, width: 1, height: 1 }] = samples.untidy.areas;
	// The photo at half size, with a hole in it, as an eraser leaves it.
	const erased = await sharp(desk)
		.ensureAlpha()
		.composite([
			{
				input: await sharp({
					create: { width: hole.width, height: hole.height, channels: 4, background: '#000f' },
				})
					.png()
					.toBuffer(),
				left: hole.x,
				top: hole.y,
				blend: 'dest-out',
			},
		])
		.png()
		.toBuffer();
	return {
		'mug.jpg': mug,
		'desk.png': desk,
		'hole.png': await sharp(erased)
			.resize(width / 2, height / 2)
			.png()
			.toBuffer(),
		'mug.webp': await sharp(mug).webp().toBuffer(),
		'large.jpg': await sharp(mug).resize(6000, 4000, { fit: 'fill' }).jpeg().toBuffer(),
		// A phone's file by its first bytes; the rest is never read.
		'phone.heic': Buffer.concat([
			Buffer.from([0, 0, 0, 24]),
			Buffer.from('ftypheic\0\0\0\0mif1heic', 'latin1'),
			Buffer.alloc(4096),
		]),
		'broken.jpg': Buffer.from('<!doctype html><title>Please sign in</title>'),
	};
}
