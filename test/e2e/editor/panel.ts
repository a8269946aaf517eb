import type { Editor } from './editor';

/** Starts a new workflow with a manual trigger and opens the node panel. */
export async function openPanel(editor: Editor): Promise<void> {
	const { page, part } = editor;
	await editor.openNewWorkflow();
	await part('canvas-plus-button').click();
	await page.getByText('Trigger manually').click();
	await part('node-creator-plus-button').click();
	await part('node-creator-search-bar').waitFor();
}

/** Types into the search of the open node panel, in place of what stands there. */
export async function search({ part }: Editor, text: string): Promise<void> {
	const bar = part('node-creator-search-bar');
	await bar.fill('');
	await bar.pressSequentially(text);
}

/** Starts a new workflow with a manual trigger and types into the node panel's search. */
export async function searchPanel(editor: Editor, text: string): Promise<void> {
	await openPanel(editor);
	await search(editor, text);
	await foundNode(editor).waitFor();
}

/** Shows the actions of the node that the search has found. */
export async function openActions(editor: Editor): Promise<void> {
	await foundNode(editor).click();
	await editor.page.getByText(/^Actions \(\d+\)$/).waitFor();
}

/** Adds the node to a new workflow and opens its form. */
export async function addNode(editor: Editor, action: string): Promise<void> {
	await searchPanel(editor, 'watermark');
	await openActions(editor);
	await editor.page.getByText(action).click();
	await editor.part('ndv').waitFor();
}

/** The PicWish node in the list of the node panel. */
export function foundNode({ part }: Editor) {
	return part('node-creator-item-name').filter({ hasText: /^\s*PicWish\s*$/ });
}
