import type { Locator } from 'playwright-core';

import type { Editor } from './editor';

/** Chooses from a drop-down list of the open form. */
export async function choose(
	{ page, part }: Editor,
	parameter: string,
	option: string,
	within?: Locator,
): Promise<void> {
	const field = `[data-test-id="parameter-input-${parameter}"]`;
	await (within ?? part('ndv')).locator(field).click();
	await listed(page, 'parameter-input-item')
		.filter({ has: page.getByText(option, { exact: true }) })
		.click();
}

/** Types into a field of the open form. */
export async function fill(
	{ part }: Editor,
	parameter: string,
	text: string,
	within?: Locator,
): Promise<void> {
	const field = `[data-test-id="parameter-input-${parameter}"] input`;
	await (within ?? part('ndv')).locator(field).fill(text);
}

/** Names of the parameters that the open node's form shows, options not included. */
export async function shownParameters({ part }: Editor): Promise<string[]> {
	const fields = part('node-parameters').locator('[data-test-id^="parameter-input-"]:visible');
	const ids = await fields.evaluateAll((elements: Array<{ dataset: { testId?: string } }>) =>
		elements.map(({ dataset }) => dataset.testId ?? ''),
	);
	const names = ids.map((id) => id.replace('parameter-input-', ''));
	return names.filter((name) => name !== 'field' && name !== 'hint');
}

/** Display names of the options that the form offers, of those not yet added. */
export async function offeredOptions({ page, part }: Editor): Promise<string[]> {
	await part('collection-parameter-add').click();
	const offered = listed(page, 'collection-parameter-option');
	await offered.first().waitFor();
	const names = await offered.allInnerTexts();
	await page.keyboard.press('Escape');
	return names.map((name) => name.trim());
}

export async function addAllOptions(editor: Editor): Promise<void> {
	const { page, part } = editor;
	const { length } = await offeredOptions(editor);
	for (let added = 0; added < length; added++) {
		await part('collection-parameter-add').click();
		await listed(page, 'collection-parameter-option').first().click();
	}
}

function listed(page: Editor['page'], testId: string): Locator {
	return page.locator(`[data-test-id="${testId}"]:visible`);
}
