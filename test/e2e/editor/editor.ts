/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { chromium, type Locator, type Page } from 'playwright-core';

import { screenshotFolder } from '../setup/output';
import { ensureSystemPrograms } from '../setup/systemPrograms';
import type { TestServer } from '../server/testServer';

export type Theme = 'light' | 'dark';

/** n8n's editor in a browser, signed in. */
export interface Editor {
	page: Page;
	/** A part of the page by n8n's own name for it, which its styles do not change. */
	part(testId: string): Locator;
	/** Opens a saved workflow and waits for its nodes. */
	openWorkflow(workflowId: string): Promise<void>;
	/** Opens an empty workflow. */
	openNewWorkflow(): Promise<void>;
	/** Runs the open workflow and waits until it is done. */
	execute(): Promise<void>;
	openNode(name: string): Promise<void>;
	/**
	 * Into the folder for screenshots, named after theme and name.
	 *
	 * @param part default: the whole window
	 */
	screenshot(name: string, part?: Locator): Promise<void>;
	/** What is drawn on the canvas and nothing else. */
	canvasScreenshot(name: string): Promise<void>;
	close(): Promise<void>;
}

/** For a browser without a screen that talks to nobody but the server under test. */
const browserArguments = [
	'--no-sandbox',
	'--disable-gpu',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

export const windowSize = { width: 1440, height: 900 };
const margin = 24;

/** What lies over the canvas. */
const overCanvas = ['canvas-controls', 'execute-workflow-button', 'workflow-chat-button'].map(
	(id) => `[data-test-id="${id}"]`,
);

const hidden = (selectors: string[]) => `${selectors.join(', ')} { visibility: hidden }`;

/** n8n follows the theme that the browser asks for. */
export async function openEditor({ n8n, session }: TestServer, theme: Theme): Promise<Editor> {
	const { chromium: executablePath } = await ensureSystemPrograms(() => undefined);
	const browser = await chromium.launch({ executablePath, args: browserArguments });
	const context = await browser.newContext({ viewport: windowSize, colorScheme: theme });
	await context.addCookies([{ ...session.cookie, url: n8n.url }]);
	const page = await context.newPage();
	page.setDefaultTimeout(15_000);
	// Leaving a workflow that is not saved.
	page.on('dialog', (dialog) => void dialog.accept());
	await mkdir(screenshotFolder, { recursive: true });

	const part = (testId: string) => page.locator(`[data-test-id="${testId}"]`);
	const fileOf = (name: string) => path.join(screenshotFolder, `${theme}-${name}.png`);
	const still = async () => {
		await page.mouse.move(2, 2);
		await page.evaluate('document.activeElement?.blur()');
		// n8n's longest transition.
		await page.waitForTimeout(500);
	};

	return {
		page,
		part,
		async openWorkflow(workflowId) {
			await page.goto(`${n8n.url}/workflow/${workflowId}`);
			await part('canvas-node').first().waitFor();
		},
		async openNewWorkflow() {
			await page.goto(`${n8n.url}/workflow/new`);
			await part('canvas-plus-button').waitFor();
		},
		async execute() {
			const done = page.getByText(/Workflow executed successfully|Problem in node/).first();
			await part('execute-workflow-button').click();
			await done.waitFor();
		},
		async openNode(name) {
			await part('canvas-node').filter({ hasText: name }).last().dblclick();
			await part('ndv').waitFor();
		},
		async screenshot(name, of) {
			await still();
			await (of ?? page).screenshot({ path: fileOf(name), style: hidden(['.el-notification']) });
		},
		async canvasScreenshot(name) {
			await part('zoom-to-fit').click();
			await still();
			const clip = await drawnArea(part);
			await page.screenshot({ path: fileOf(name), clip, style: hidden(overCanvas) });
		},
		close: async () => await browser.close(),
	};
}

/** Nodes, their names and the notes, with a margin. */
async function drawnArea(part: Editor['part']) {
	const drawn = ['canvas-node', 'canvas-handle-plus', 'sticky'].map(part);
	const all = (await Promise.all(drawn.map(async (one) => await one.all()))).flat();
	const boxes = (await Promise.all(all.map(async (one) => await one.boundingBox()))).filter(
		(box) => box !== null,
	);
	const left = Math.min(...boxes.map(({ x }) => x)) - margin;
	const top = Math.min(...boxes.map(({ y }) => y)) - margin;
	const right = Math.max(...boxes.map(({ x, width }) => x + width)) + margin;
	// The names stand below the nodes' boxes, in two or three lines.
	const bottom = Math.max(...boxes.map(({ y, height }) => y + height)) + 3 * margin;
	return { x: left, y: top, width: right - left, height: bottom - top };
}
