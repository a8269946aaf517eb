/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';

import { samples } from '../sandbox/samples/samples';
import { startSandbox, type Sandbox } from '../sandbox/server';
import { openEditor, type Editor, type Theme, windowSize } from './editor/editor';
import { addAllOptions, choose, fill, offeredOptions, shownParameters } from './editor/form';
import { addNode, openActions, searchPanel } from './editor/panel';
import { createCredential, sandboxCredential } from './server/credentials';
import { importExamples } from './server/examples';
import { startTestServer, type TestServer } from './server/testServer';
import { findWorkflow } from './server/workflowRuns';

/**
 * Issue 5, "Editor". Leaves a screenshot of every form, light and dark, in
 * `test/e2e/output/screenshots`: what they show is for a person to judge.
 */
describe('n8n’s editor', () => {
	let server: TestServer;
	let sandbox: Sandbox;

	beforeAll(async () => {
		sandbox = await startSandbox({ requestsPerSecond: 0, processingMs: 300 });
		server = await startTestServer('editor');
		const folder = path.join(server.userFolder.path, '.n8n-files');
		await mkdir(folder, { recursive: true });
		const picWish = sandboxCredential(sandbox, 50);
		await createCredential(server.session, 'picWishApi', 'PicWish account', picWish);
		await createCredential(server.session, 'openAiApi', 'OpenAI account', { apiKey: 'made-up' });
		await importExamples(server, {
			'https://example.com/photos': `${sandbox.resultsUrl}/samples`,
			'/home/node/.n8n-files': folder,
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
			expect((await names.allInnerTexts())[0]).toBe('PicWish');
			await editor.screenshot('panel-search');
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
			expect(await shownParameters(editor)).toEqual([
				'operation',
				'imageSource',
				'binaryPropertyName',
			]);
			await editor.screenshot('form-remove-watermark');
			await choose(editor, 'imageSource', 'URL');
			expect(await shownParameters(editor)).toEqual(['operation', 'imageSource', 'imageUrl']);
			await fill(editor, 'imageUrl', 'https://example.com/photo.jpg');
			await editor.screenshot('form-remove-watermark-url');
		});

		test('shows the fields of Get Result', async () => {
			await addNode(editor, 'Remove watermark from image');
			await choose(editor, 'operation', 'Get Result');
			expect(await shownParameters(editor)).toEqual(['operation', 'taskId', 'taskType']);
			await editor.screenshot('form-get-result');
		});

		test('shows the fields of each removal area of Remove Objects', async () => {
			await addNode(editor, 'Remove objects from image');
			const image = ['operation', 'imageSource', 'binaryPropertyName', 'removalArea'];
			expect((await shownParameters(editor)).sort()).toEqual([...image, 'rectangleUnit'].sort());
			await editor.screenshot('form-remove-objects');
			await editor.page.getByRole('button', { name: 'Add Rectangle' }).click();
			expect((await shownParameters(editor)).sort()).toEqual(
				[...image, 'x', 'y', 'width', 'height', 'rectangleUnit'].sort(),
			);
			const [area] = samples.untidy.areas;
			for (const [side, pixels] of Object.entries(area ?? {})) {
				await fill(editor, side, String(pixels));
			}
			await editor.screenshot('form-remove-objects-rectangle');
			const areas: Record<string, string[]> = {
				'Rectangles (JSON)': ['rectanglesJson', 'rectangleUnit'],
				'Mask (Binary Field)': ['maskBinaryPropertyName'],
				'Mask (URL)': ['maskUrl'],
			};
			for (const [area, fields] of Object.entries(areas)) {
				await choose(editor, 'removalArea', area);
				expect((await shownParameters(editor)).sort()).toEqual([...image, ...fields].sort());
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
				expect((await offeredOptions(editor)).sort()).toEqual([...common, ...more].sort());
			}
			await addAllOptions(editor);
			await editor.page.setViewportSize({ width: 1440, height: 1300 });
			await editor.screenshot('options');
			await editor.page.setViewportSize(windowSize);
		});
	});

	describe('at work', () => {
		let editor: Editor;

		beforeAll(async () => {
			editor = await openEditor(server, 'light');
		});

		afterAll(async () => await editor?.close());

		test('tells in the credential dialog that a key is wrong, then that it is right', async () => {
			const { page, part } = editor;
			await addNode(editor, 'Remove watermark from image');
			await part('node-credentials-select').click();
			await part('node-credentials-select-item-new').click();
			const dialog = part('editCredential-modal');
			await fill(editor, 'apiKey', 'made-up-wrong-key', dialog);
			await editor.screenshot('credential-new');
			await choose(editor, 'region', 'Custom', dialog);
			await fill(editor, 'baseUrl', sandbox.apiUrl, dialog);
			await part('credential-save-button').click();
			await page.getByText('Couldn’t connect with these settings').waitFor();
			await page.getByText('More details').click();
			await dialog.getByText(/PicWish did not accept the API key/).waitFor();
			await editor.screenshot('credential-wrong-key');
			await fill(editor, 'apiKey', sandbox.apiKey, dialog);
			await part('credential-save-button').click();
			await dialog.waitFor({ state: 'hidden' });
			await part('credential-edit-button').click();
			await dialog.getByText('Connection tested successfully').waitFor();
			await editor.screenshot('credential-right-key');
		});

		test('shows the picture of an executed workflow', async () => {
			const { page, part } = editor;
			const { id } = await findWorkflow(server.session, 'PicWish example 1');
			await editor.openWorkflow(id);
			await editor.execute();
			await editor.screenshot('workflow-executed');
			await editor.openNode('Remove watermark');
			const shown = page.waitForResponse(/binary-data\?.*action=view/);
			await part('ndv-view-binary-data').click();
			const bytes = await (await shown).body();
			const sha256 = createHash('sha256').update(bytes).digest('hex');
			expect(sha256).toBe(sandbox.tasks.at(-1)?.resultSha256);
			const box = await page
				.locator('[data-test-id="output-panel"] img[src*="action=view"]')
				.boundingBox();
			// The sample is 3 : 2; an image that the browser cannot read has no shape.
			expect((box?.width ?? 0) / (box?.height ?? 1)).toBeCloseTo(1.5, 1);
			await editor.screenshot('workflow-preview');
		});

		test('shows what went wrong and what to do', async () => {
			const { part } = editor;
			const imageUrl = `${sandbox.resultsUrl}/samples/deleted.jpg`;
			await editor.openWorkflow(await saveRemoval(server, imageUrl));
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
			// The query of a failed task is answered with status 200, which says nothing here.
			const details = output.getByText('From PicWish');
			if (await details.isVisible()) await details.click();
			expect(await output.innerText()).not.toMatch(/Error code\W+200/);
		});

		test('draws every example, and finds no fault with its nodes', async () => {
			for (const index of [1, 2, 3, 4, 5]) {
				const { id } = await findWorkflow(server.session, `PicWish example ${index}`);
				await editor.openWorkflow(id);
				expect(await editor.part('node-issues').count()).toBe(0);
				await editor.canvasScreenshot(`example-${index}`);
			}
		});
	});
});

/** Start → Remove watermark. @returns the workflow's id */
async function saveRemoval({ session }: TestServer, imageUrl: string) {
	const { nodes } = await findWorkflow(session, 'PicWish example 1');
	const named = (name: string) => nodes.find((node) => node.name === name);
	const removal = named('Remove watermark');
	const { id } = await session.request<{ id: string }>('/rest/workflows', {
		name: 'Deleted photo',
		nodes: [named('Start'), { ...removal, parameters: { ...removal?.parameters, imageUrl } }],
		connections: { Start: { main: [[{ node: 'Remove watermark', type: 'main', index: 0 }]] } },
		settings: { executionOrder: 'v1' },
	});
	return id;
}
