/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { chromium, type Locator, type Page } from 'playwright-core';

import type { TestServer } from '../server/testServer';
import { openAll } from '../setup/opened';
import { screenshotFolder } from '../setup/output';
import { writePicture } from '../setup/report';
import { findProgram } from '../setup/systemPrograms';
import { type Area, canvasArea } from './areas';
import { loopbackOnly, type Outside, watchOutside } from './outside';

export type Theme = 'light' | 'dark';

/** n8n's editor in a browser, signed in. */
export interface Editor {
	page: Page;
	outside: Outside;
	/** A part of the page by n8n's own name for it, which its styles do not change. */
	part(testId: string): Locator;
	/** Opens a saved workflow and waits for its nodes. */
	openWorkflow(workflowId: string): Promise<void>;
	/** Opens an empty workflow. */
	openNewWorkflow(): Promise<void>;
	/** Runs the open workflow and waits until it is done. */
	execute(): Promise<void>;
	openNode(name: string): Promise<void>;
	/** The whole window, into the folder for screenshots, named after theme and name. */
	screenshot(name: string): Promise<void>;
	/** A picture for the documentation, when the theme is the light one. */
	docsPicture(name: string, area: Area): Promise<void>;
	/** The same, of what is drawn on the canvas and nothing else. */
	canvasPicture(name: string): Promise<void>;
	close(): Promise<void>;
}

/** For a browser without a screen that does nothing but what it is told to. */
const browserArguments = [
	'--no-sandbox',
	'--disable-gpu',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
	...loopbackOnly,
];

export const windowSize = { width: 1440, height: 900 };
const navigationTimeoutMs = 60_000;
const actionTimeoutMs = 30_000;
/** Of a workflow, which may have to wait for a picture. */
const executionTimeoutMs = 60_000;

const notifications = '.el-notification';
/** What lies over the canvas. */
const overCanvas = [
	'[data-test-id="canvas-controls"]',
	'[data-test-id="execute-workflow-button"]',
	'[data-test-id="workflow-chat-button"]',
	'[class*="nodeButtonsWrapper"]',
];
const hidden = (selectors: string[]) => `${selectors.join(', ')} { visibility: hidden }`;

/** n8n follows the theme that the browser asks for. */
export async function openEditor(
	{ n8n, session }: Pick<TestServer, 'n8n' | 'session'>,
	theme: Theme,
): Promise<Editor> {
	return await openAll(async (opened) => {
		const executablePath = findProgram('chromium');
		const browser = opened.add(await chromium.launch({ executablePath, args: browserArguments }));
		const context = await browser.newContext({ viewport: windowSize, colorScheme: theme });
		const outside = watchOutside(context);
		await context.addCookies([{ ...session.cookie, url: n8n.url }]);
		const page = await context.newPage();
		page.setDefaultTimeout(actionTimeoutMs);
		page.setDefaultNavigationTimeout(navigationTimeoutMs);
		// Leaving a workflow that is not saved.
		page.on('dialog', (dialog) => void dialog.accept());
		await mkdir(screenshotFolder, { recursive: true });
		return {
			page,
			outside,
			...actions(page, n8n.url, theme),
			close: async () => await opened.close(),
		};
	});
}

function actions(
	page: Page,
	url: string,
	theme: Theme,
): Omit<Editor, 'page' | 'outside' | 'close'> {
	const part = (testId: string) => page.locator(`[data-test-id="${testId}"]`);
	const still = async () => {
		await page.mouse.move(2, 2);
		await page.evaluate('document.activeElement?.blur()');
		// n8n's longest transition.
		await page.waitForTimeout(500);
	};
	const docsPicture = async (name: string, clip: Area) => {
		if (theme !== 'light') return;
		await still();
		const style = hidden([notifications, ...overCanvas]);
		await writePicture(`${name}.png`, await page.screenshot({ clip, style }));
	};
	return {
		part,
		async openWorkflow(workflowId) {
			await page.goto(`${url}/workflow/${workflowId}`);
			await part('canvas-node').first().waitFor();
		},
		async openNewWorkflow() {
			await page.goto(`${url}/workflow/new`);
			await part('canvas-plus-button').waitFor();
		},
		async execute() {
			const done = page.getByText(/Workflow executed successfully|Problem in node/).first();
			await part('execute-workflow-button').click();
			await done.waitFor({ timeout: executionTimeoutMs });
		},
		async openNode(name) {
			await part('canvas-node').filter({ hasText: name }).last().dblclick();
			await part('ndv').waitFor();
		},
		async screenshot(name) {
			await still();
			const file = path.join(screenshotFolder, `${theme}-${name}.png`);
			await page.screenshot({ path: file, style: hidden([notifications]) });
		},
		docsPicture,
		async canvasPicture(name) {
			await part('zoom-to-fit').click();
			await still();
			await docsPicture(name, await canvasArea({ part }));
		},
	};
}
