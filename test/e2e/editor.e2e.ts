import type { INode, INodeTypeDescription } from 'n8n-workflow';

import { samples } from '../sandbox/samples/samples';
import { startSandbox, type Sandbox } from '../sandbox/server';
import { sha256 } from '../sandbox/sha256';
import { formAndOutputArea, formArea } from './editor/areas';
import { openEditor, type Editor, type Theme, windowSize } from './editor/editor';
import { eventually } from './editor/eventually';
import { addAllOptions, choose, fill, offeredOptions, shownParameters } from './editor/form';
import { expectLoopbackOnly } from './editor/outside';
import { addNode, openActions, searchPanel } from './editor/panel';
import { exampleFiles, setUpExamples } from './server/examples';
import { startTestServer, type TestServer } from './server/testServer';
import { findWorkflow } from './server/workflowRuns';

/** The fields that say which image, but for the field of the image itself. */
const image = ['resource', 'operation', 'imageSource'];
/** The fields of each removal area that is not made of rectangles, by its name in the form. */
const areaFields: Record<string, string[]> = {
	'Detections (JSON)': ['detections', 'onlyLabels', 'boxFormat'],
	'Mask (Binary Field)': ['maskBinaryPropertyName', 'maskMarks'],
	'Mask (URL)': ['maskUrl'],
};
/** The options of every operation that asks PicWish. */
const forAll = [
	'downloadResult',
	'fileName',
	'includeInputFields',
	'maxConcurrentTasks',
	'maxWait',
	'outputBinaryPropertyName',
	'pollInterval',
	'waitForCompletion',
];

/** Shows long forms without scrolling. */
const highWindow = { ...windowSize, height: 1400 };

/**
 * Leaves a screenshot of every form, light and dark, in
 * `test/e2e/output/screenshots`: what they show is for a person to judge. The pictures of README.md
 * and examples/README.md are made here too, see `setup/report.ts`.
 */
describe('n8n’s editor', () => {
	let server: TestServer;
	let sandbox: Sandbox;
	/** What the form calls the options, by name. */
	let optionLabels: Map<string, string>;

	beforeAll(async () => {
		sandbox = await startSandbox({ requestsPerSecond: 0, processingMs: 300 });
		server = await startTestServer('editor');
		await setUpExamples(server, {
			sandbox,
			requestsPerSecond: 50,
		});
		const types: INodeTypeDescription[] = await server.session.json('/types/nodes.json');
		const node = types.find(({ name }) => name === 'n8n-nodes-picwish.picWish');
		const options = node?.properties.find(({ name }) => name === 'options')?.options ?? [];
		optionLabels = new Map(
			options.map((option) => [option.name, 'displayName' in option ? option.displayName : '']),
		);
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

		test('finds the node by "remove watermark", with its actions', async () => {
			const names = editor.part('node-creator-item-name');
			await searchPanel(editor, 'remove watermark');
			await editor.screenshot('panel-search');
			expect((await names.allInnerTexts())[0]).toBe('PicWish');
			await editor.docsPicture('editor-search', { x: 600, y: 0, width: 840, height: 580 });
			await openActions(editor);
			await editor.screenshot('panel-actions');
			expect((await names.allInnerTexts()).sort()).toEqual([
				'Get result of task',
				'Preview removal area',
				'Remove objects from image',
				'Remove watermark from image',
			]);
		});

		test('shows the fields of Remove Watermark, and the credential there is', async () => {
			await addNode(editor, 'Remove watermark from image');
			expect(await editor.part('node-credentials-select').locator('input').inputValue()).toBe(
				'PicWish account',
			);
			await expectParameters(...image, 'binaryPropertyName');
			await editor.screenshot('form-remove-watermark');
			await choose(editor, 'imageSource', 'URL');
			await expectParameters(...image, 'imageUrl');
			await fill(editor, 'imageUrl', 'https://example.com/photo.jpg');
			await editor.screenshot('form-remove-watermark-url');
		});

		test('shows the fields of Get Result', async () => {
			await addNode(editor, 'Get result of task');
			await expectParameters('resource', 'operation', 'taskId', 'taskType');
			await editor.screenshot('form-get-result');
		});

		test('shows the fields of each removal area of Remove Objects', async () => {
			await addNode(editor, 'Remove objects from image');
			const objects = [...image, 'binaryPropertyName', 'removalArea'];
			const corner = ['rectangleUnit', 'measuredFrom'];
			await expectParameters(...objects, ...corner);
			await editor.screenshot('form-remove-objects');
			const add = editor.page.getByRole('button', { name: 'Add Rectangle' });
			await add.click();
			await expectParameters(...objects, ...corner, 'x', 'y', 'width', 'height');
			const [area] = samples.untidy.areas;
			for (const [side, pixels] of Object.entries(area ?? {})) {
				await fill(editor, side, String(pixels));
			}
			await editor.page.setViewportSize(highWindow);
			await editor.screenshot('form-remove-objects-rectangle');
			await editor.docsPicture('editor-remove-objects', await formArea(editor, add));
			for (const [area, fields] of Object.entries(areaFields)) {
				await choose(editor, 'removalArea', area);
				await expectParameters(...objects, ...fields);
				const [name = area] = fields;
				await editor.screenshot(`form-remove-objects-${name}`);
			}
			await editor.page.setViewportSize(windowSize);
		});

		test('shows the same areas in Preview Removal Area', async () => {
			await addNode(editor, 'Preview removal area');
			for (const [area, fields] of Object.entries(areaFields)) {
				if (area === 'Mask (URL)') continue;
				await choose(editor, 'removalArea', area);
				await expectParameters(...image, 'binaryPropertyName', 'removalArea', ...fields);
			}
			expect(await editor.part('node-credentials-select').count()).toBe(0);
			await editor.screenshot('form-preview-area');
		});

		test('offers each operation the options that it has', async () => {
			await addNode(editor, 'Remove watermark from image');
			await expectOptions(...forAll, 'requestMode');
			await choose(editor, 'imageSource', 'URL');
			await expectOptions(...forAll, 'requestMode', 'urlFetchedBy');

			await addNode(editor, 'Get result of task');
			await expectOptions(...forAll);

			await addNode(editor, 'Preview removal area');
			const preview = ['outputBinaryPropertyName', 'fileName', 'includeInputFields'];
			await expectOptions(...preview, 'growArea', 'coordinates');

			await addNode(editor, 'Remove objects from image');
			const objects = [...forAll, 'requestMode', 'resultTransfer'];
			await expectOptions(...objects, 'growArea', 'coordinates');
			await choose(editor, 'removalArea', 'Mask (URL)');
			await expectOptions(...objects);
			await choose(editor, 'removalArea', 'Detections (JSON)');
			const found = ['minConfidence', 'nothingFound'];
			await expectOptions(...objects, ...found, 'growArea', 'coordinates');
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

		const expectOptions = async (...names: string[]) =>
			await eventually(async () => {
				const labels = names.map((name) => optionLabels.get(name) ?? name);
				expect((await offeredOptions(editor)).sort()).toEqual(labels.sort());
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
			const parameters = {
				resource: 'image',
				operation: 'removeWatermark',
				imageSource: 'url',
				imageUrl,
			};
			await editor.openWorkflow(await saveRemoval(server, { parameters }));
			await editor.execute();
			await editor.openNode('Remove watermark');
			const output = part('output-panel');
			const message = part('node-error-message');
			await message.waitFor();
			expect(await message.innerText()).toMatch(
				/^PicWish could not download the file from the URL/,
			);
			expect(await output.innerText()).toContain('it must show the image without a login');
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
			for (const file of await exampleFiles()) {
				const index = parseInt(file, 10);
				const { id } = await findWorkflow(server.session, `PicWish example ${index}`);
				await editor.openWorkflow(id);
				await editor.canvasPicture(`example-${index}`);
				expect([index, await issues.count()]).toEqual([index, 0]);
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
