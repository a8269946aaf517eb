import { startSandbox, type Sandbox } from '../sandbox/server';
import { areaDownTo } from './editor/areas';
import { type Editor, openEditor } from './editor/editor';
import { choose, fill } from './editor/form';
import { expectLoopbackOnly } from './editor/outside';
import { addNode } from './editor/panel';
import { startTestServer, type TestServer } from './server/testServer';

/** The first thing a new user does. The server has no credential yet. */
describe('The credential dialog in n8n’s editor', () => {
	let server: TestServer;
	let sandbox: Sandbox;
	let editor: Editor;

	beforeAll(async () => {
		sandbox = await startSandbox({ requestsPerSecond: 0 });
		server = await startTestServer('editor-credential');
		editor = await openEditor(server, 'light');
	});

	afterAll(async () => {
		await editor?.close();
		await server?.close();
		await sandbox?.close();
	});

	test('tells that a key is wrong, then that it is right', async () => {
		const { page, part } = editor;
		await addNode(editor, 'Remove watermark from image');
		await editor.screenshot('credential-none');
		await page.getByRole('button', { name: 'Connect to PicWish' }).click();
		const dialog = part('editCredential-modal');
		const field = (name: string) => dialog.locator(`[data-test-id="parameter-input-${name}"]`);
		const keyPage = dialog.getByRole('link', { name: 'API Key' });
		expect(await keyPage.getAttribute('href')).toBe(
			'https://picwish.com/my-account?subRoute=api-key',
		);
		await fill(editor, 'apiKey', 'made-up-wrong-key', dialog);
		await editor.screenshot('credential-new');
		// With the region that most users leave as it is; only the sandbox needs another one.
		const newForm = await areaDownTo(dialog, field('requestsPerSecond'));
		await editor.docsPicture('editor-credential-new', newForm);
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

	test('is loaded from this machine alone', async () => {
		await expectLoopbackOnly(editor);
	});
});
