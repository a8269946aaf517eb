import { type Editor, openEditor } from './editor/editor';
import { eventually } from './editor/eventually';
import { expectLoopbackOnly } from './editor/outside';
import { foundNode, openPanel, search } from './editor/panel';
import { startTestServer, type TestServer } from './server/testServer';

/** What people type who do not know the node's name, by what they have in mind. */
const phrases: Record<string, string[]> = {
	'a watermark': [
		'watermark',
		'remove watermark',
		'remove watermarks',
		'watermark remover',
		'watermark removal',
		'delete watermark',
		'erase watermark',
		'remove watermark from image',
		'Remove Watermarks From Photos',
	],
	'an object': [
		'remove object',
		'remove objects',
		'object removal',
		'object remover',
		'delete object',
		'erase object',
		'remove object from photo',
		'unwanted',
		'remove unwanted object',
		'remove person',
		'remove people from photo',
	],
	'a mark': [
		'remove logo',
		'logo remover',
		'delete logo',
		'remove text',
		'remove text from image',
		'text remover',
		'remove date stamp',
		'remove sticker',
		'sticker',
		'blemish',
		'remove blemish',
	],
	'a job': [
		'clean image',
		'clean up photo',
		'cleanup picture',
		'erase',
		'eraser',
		'magic eraser',
		'retouch',
		'photo retouch',
		'inpaint',
		'inpainting',
		'content-aware fill',
	],
	'an editor': [
		'photo editor',
		'image editor',
		'image edit',
		'edit photo',
		'edit image',
		'photo editing',
		'product photo',
	],
	'the node': ['picwish', 'PicWish'],
};

/** What people type who want another node; it must not be pushed aside. */
const others: Record<string, string> = {
	'http request': 'HTTP Request',
	merge: 'Merge',
	'edit image': 'Edit Image',
	'remove duplicates': 'Remove Duplicates',
	form: 'n8n Form',
};

describe('The search of n8n’s node panel', () => {
	let server: TestServer;
	let editor: Editor;

	beforeAll(async () => {
		server = await startTestServer('search');
		editor = await openEditor(server, 'light');
		await openPanel(editor);
	});

	afterAll(async () => {
		await editor?.close();
		await server?.close();
	});

	describe.each(Object.entries(phrases))('finds the node for %s', (_, typed) => {
		test.each(typed)('%s', async (text) => {
			await search(editor, text);
			await eventually(async () => expect(await foundNode(editor).count()).toBe(1));
		});
	});

	test.each(Object.entries(others))('leaves the first place for “%s” to %s', async (text, name) => {
		const names = editor.part('node-creator-item-name');
		await search(editor, text);
		await eventually(async () => expect((await names.allInnerTexts())[0]?.trim()).toBe(name));
	});

	test('shows nothing for what the node does not do', async () => {
		for (const text of ['remove background', 'upscale image', 'resize photo']) {
			await search(editor, text);
			// The list is drawn anew when this one has appeared or the panel says that it has nothing.
			await editor.page.waitForTimeout(500);
			expect([text, await foundNode(editor).count()]).toEqual([text, 0]);
		}
	});

	test('is shown by a picture', async () => {
		await search(editor, 'remove watermark');
		await foundNode(editor).waitFor();
		await editor.screenshot('search-phrase');
	});

	test('is loaded from this machine alone', async () => {
		await expectLoopbackOnly(editor);
	});
});
