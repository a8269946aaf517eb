/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- test code, runs on a developer's machine */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';

import { outputFolder } from './output';

const docsFolder = path.join(__dirname, '..', '..', '..', 'docs');

/**
 * Leaves what a run has measured in the output folder, and in `docs/` when UPDATE_DOCS=1 asks for
 * it: figures differ a little from run to run, and a test run must not change tracked files.
 *
 * @param name of the Markdown file, e.g. `comparison.md`
 */
export async function writeReport(name: string, lines: string[]): Promise<void> {
	const text = `${lines.join('\n')}\n`;
	const folders = [outputFolder, ...(process.env.UPDATE_DOCS === '1' ? [docsFolder] : [])];
	for (const folder of folders) {
		await mkdir(folder, { recursive: true });
		await writeFile(path.join(folder, name), text);
	}
}

/** A Markdown table. */
export function table(head: string[], rows: Array<Array<string | number>>): string[] {
	const line = (cells: Array<string | number>) => `| ${cells.join(' | ')} |`;
	return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
