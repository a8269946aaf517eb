import type { INode } from 'n8n-workflow';

import { samples } from '../sandbox/samples/samples';
import { startSandbox, type Sandbox } from '../sandbox/server';
import { sha256 } from '../sandbox/sha256';
import { formAndOutputArea, formArea } from './editor/areas';
import { openEditor, type Editor, type Theme, windowSize } from './editor/editor';
import { eventually } from './editor/eventually';
import { addAllOptions, choose, fill, offeredOptions, shownParameters } from './editor/form';
import { expectLoopbackOnly } from './editor/outside';
import { addNode, openActions, searchPanel } from './editor/panel';
import { setUpExamples } from './server/examples';
import { startTestServer, type TestServer } from './server/testServer';
import { findWorkflow } from './server/workflowRuns';

/** Shows long forms without scrolling. */
const highWindow = { ...windowSize, height: 1400 };

/**
 * Issue 5, "Editor". Leaves a screenshot of every form, light and dark, in
 * `test/e2e/output/screenshots`: what they show is for a person to judge. The pictures of README.md
 * and examples/README.md are made here too, see `setup/report.ts`.
 */
describe('n8n’s editor', () => {
	let server: TestServer;
	let sandbox: Sandbox;

	beforeAll(async () => {
		sandbox = await startSandbox({ requestsPerSecond: 0, processingMs: 300 });
		server = await startTestServer('editor');
		await setUpExamples(server, {
			sandbox,
			requestsPerSecond: 50,
			// Shown on the canvas, never called here.
			storageUrl: 'https://example.com/storage',
			modelUrl: 'https://example.com/model',
		});
	});

	afterAll(async () => {
		await server?.close();
		await sandbox?.close();
	});

	describe.each<Theme>(['light', 'dark'])('the form, %s', (theme) => {
		let editor: Editor;

		beforeAll(async () => {
			editor = await openEditor(server, theme);
		});

		afterAll(async () => await editor?.close());

		test('finds the node by the word "watermark", with its three actions', async () => {
			const names = editor.part('node-creator-item-name');
			await searchPanel(editor, 'watermark');
			await editor.screenshot('panel-search');
			expect((await names.allInnerTexts())[0]).toBe('PicWish');
			await editor.docsPicture('editor-search', { x: 600, y: 0, width: 840, height: 580 });
			await openActions(editor);
			await editor.screenshot('panel-actions');
			expect(await names.allInnerTexts()).toEqual([
				'Remove objects from image',
				'Remove watermark from image',
				'Get result of task',
			]);
		});

		test('shows the fields of Remove Watermark, and the credential there is', async () => {
			await addNode(editor, 'Remove watermark from image');
			expect(await editor.part('node-credentials-select').locator('input').inputValue()).toBe(
				'PicWish account',
			);
			await expectParameters('operation', 'imageSource', 'binaryPropertyName');
			await editor.screenshot('form-remove-watermark');
			await choose(editor, 'imageSource', 'URL');
			await expectParameters('operation', 'imageSource', 'imageUrl');
			await fill(editor, 'imageUrl', 'https://example.com/photo.jpg');
			await editor.screenshot('form-remove-watermark-url');
			await editor.docsPicture('editor-remove-watermark', await formArea(editor));
		});

		test('shows the fields of Get Result', async () => {
			await addNode(editor, 'Remove watermark from image');
			await choose(editor, 'operation', 'Get Result');
			await expectParameters('operation', 'taskId', 'taskType');
			await editor.screenshot('form-get-result');
		});

		test('shows the fields of each removal area of Remove Objects', async () => {
			await addNode(editor, 'Remove objects from image');
			const image = ['operation', 'imageSource', 'binaryPropertyName', 'removalArea'];
			await expectParameters(...image, 'rectangleUnit');
			await editor.screenshot('form-remove-objects');
			const add = editor.page.getByRole('button', { name: 'Add Rectangle' });
			await add.click();
			await expectParameters(...image, 'rectangleUnit', 'x', 'y', 'width', 'height');
			const [area] = samples.untidy.areas;
			for (const [side, pixels] of Object.entries(area ?? {})) {
				await fill(editor, side, String(pixels));
			}
			await editor.page.setViewportSize(highWindow);
			await editor.screenshot('form-remove-objects-rectangle');
			await editor.docsPicture('editor-remove-objects', await formArea(editor, add));
			await editor.page.setViewportSize(windowSize);
			const areas: Record<string, string[]> = {
				'Rectangles (JSON)': ['rectanglesJson', 'rectangleUnit'],
				'Mask (Binary Field)': ['maskBinaryPropertyName'],
				'Mask (URL)': ['maskUrl'],
			};
			for (const [area, fields] of Object.entries(areas)) {
				await choose(editor, 'removalArea', area);
				await expectParameters(...image, ...fields);
				const [name = area] = fields;
				await editor.screenshot(`form-remove-objects-${name}`);
			}
		});

		test('offers each operation the options that it has', async () => {
			const common = [
				'Download Result',
				'File Name',
				'Include Input Fields',
				'Max Concurrent Tasks',
				'Max Wait (Seconds)',
				'Output Binary Field',
				'Poll Interval (Seconds)',
				'Wait for Completion',
			];
			const own: Record<string, string[]> = {
				'Get Result': [],
				'Remove Watermark': ['Request Mode'],
				'Remove Objects': ['Request Mode', 'Result Transfer'],
			};
			await addNode(editor, 'Remove objects from image');
			for (const [operation, more] of Object.entries(own)) {
				await choose(editor, 'operation', operation);
				await eventually(async () => {
					expect((await offeredOptions(editor)).sort()).toEqual([...common, ...more].sort());
				});
			}
			await addAllOptions(editor);
			await editor.page.setViewportSize(highWindow);
			await editor.screenshot('options');
			await editor.page.setViewportSize(windowSize);
		});

		test('is loaded from this machine alone', async () => {
			await expectLoopbackOnly(editor);
		});

		const expectParameters = async (...names: string[]) =>
			await eventually(async () => {
				expect((await shownParameters(editor)).sort()).toEqual(names.sort());
			});
	});

	describe('at work', () => {
		let editor: Editor;

		beforeAll(async () => {
			editor = await openEditor(server, 'light');
		});

		afterAll(async () => await editor?.close());

		test('shows the picture of an executed workflow', async () => {
			const { page, part } = editor;
			const { id } = await findWorkflow(server.session, 'PicWish example 1');
			await editor.openWorkflow(id);
			await editor.execute();
			await editor.screenshot('workflow-executed');
			await editor.canvasPicture('editor-executed');
			await editor.openNode('Remove watermark');
			const shown = page.waitForResponse(/binary-data\?.*action=view/);
			await part('ndv-view-binary-data').click();
			const bytes = await (await shown).body();
			expect(sha256(bytes)).toBe(sandbox.tasks.at(-1)?.resultSha256);
			const picture = page.locator('[data-test-id="output-panel"] img[src*="action=view"]');
			await eventually(async () => {
				const box = await picture.boundingBox();
				// The sample is 3 : 2; an image that the browser cannot read has no shape.
				expect((box?.width ?? 0) / (box?.height ?? 1)).toBeCloseTo(1.5, 1);
			});
			await editor.screenshot('workflow-preview');
			await editor.docsPicture('editor-preview', await formAndOutputArea(editor));
		});

		test('shows what went wrong and what to do', async () => {
			const { part } = editor;
			const imageUrl = `${sandbox.resultsUrl}/samples/deleted.jpg`;
			const parameters = { operation: 'removeWatermark', imageSource: 'url', imageUrl };
			await editor.openWorkflow(await saveRemoval(server, { parameters }));
			await editor.execute();
			await editor.openNode('Remove watermark');
			const output = part('output-panel');
			const message = part('node-error-message');
			await message.waitFor();
			expect(await message.innerText()).toMatch(
				/^PicWish could not download the file from the URL/,
			);
			expect(await output.innerText()).toContain('open without a login from anywhere');
			// For PicWish's support.
			expect(await output.innerText()).toContain(sandbox.tasks.at(-1)?.taskId);
			await editor.screenshot('error');
			await editor.docsPicture('editor-error', await formAndOutputArea(editor));
			await output.getByText('From PicWish').click();
			// Not 200, the status of the answer that tells of a failed task.
			await output.getByText('TASK_FAILED').waitFor();
			await editor.screenshot('error-details');
		});

		test('draws every example, and finds no fault with its nodes', async () => {
			const issues = editor.part('node-issues');
			// So n8n marks a node with a fault: here the PicWish node lacks its credential.
			await editor.openWorkflow(await saveRemoval(server, { credentials: {} }));
			await issues.first().waitFor();
			for (const index of [1, 2, 3, 4, 5]) {
				const { id } = await findWorkflow(server.session, `PicWish example ${index}`);
				await editor.openWorkflow(id);
				await editor.canvasPicture(`example-${index}`);
				expect(await issues.count()).toBe(0);
			}
		});

		test('is loaded from this machine alone', async () => {
			await expectLoopbackOnly(editor);
		});
	});
});

/**
 * Start → Remove watermark.
 *
 * @param change of the PicWish node
 * @returns the workflow's id
 */
async function saveRemoval({ session }: TestServer, change: Partial<INode>) {
	const { nodes } = await findWorkflow(session, 'PicWish example 1');
	const named = (name: string) => nodes.find((node) => node.name === name);
	const { id } = await session.request<{ id: string }>('/rest/workflows', {
		name: 'Removal',
		nodes: [named('Start'), { ...named('Remove watermark'), ...change }],
		connections: { Start: { main: [[{ node: 'Remove watermark', type: 'main', index: 0 }]] } },
		settings: { executionOrder: 'v1' },
	});
	return id;
}
