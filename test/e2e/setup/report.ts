/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- test code, runs on a developer's machine */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import sharp from 'sharp';

import { outputFolder } from './output';

const pageWidth = 1200;
const docsFolder = path.join(__dirname, '..', '..', '..', 'docs');

/**
 * Leaves what a run has measured in the output folder, and in `docs/` when UPDATE_DOCS=1 asks for
 * it: figures differ a little from run to run, and a test run must not change tracked files.
 *
 * @param name of the Markdown file, e.g. `comparison.md`
 */
export async function writeReport(name: string, lines: string[]): Promise<void> {
	await write(name, `${lines.join('\n')}\n`);
}

/**
 * As `writeReport`, for a picture, which goes into the folder `images`. It is made small: at most as
 * wide as a page shows it, in 256 colours.
 *
 * @param name e.g. `editor-search.png`
 */
export async function writePicture(name: string, png: Buffer): Promise<void> {
	const small = sharp(png).resize({ width: pageWidth, withoutEnlargement: true });
	await write(path.join('images', name), await small.png({ palette: true }).toBuffer());
}

async function write(name: string, content: string | Buffer): Promise<void> {
	const folders = [outputFolder, ...(process.env.UPDATE_DOCS === '1' ? [docsFolder] : [])];
	for (const folder of folders) {
		const file = path.join(folder, name);
		await mkdir(path.dirname(file), { recursive: true });
		await writeFile(file, content);
	}
}

/** A Markdown table. */
export function table(head: string[], rows: Array<Array<string | number>>): string[] {
	const line = (cells: Array<string | number>) => `| ${cells.join(' | ')} |`;
	return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
