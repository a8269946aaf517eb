/* eslint-disable @n8n/community-nodes/no-restricted-imports -- a command-line program for a developer's machine */
import { SingleBar } from 'cli-progress';
import Table from 'cli-table3';
import { writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { stdout } from 'node:process';
import sharp from 'sharp';
import type { Done } from './runJob';
import { percent, tint } from './pictures';
import { sideBySide } from './sideBySide';

export const say = (text: string) => stdout.write(`${text}\n`);

interface Progress {
	/** @param title what is being done now */
	begin(title: string): void;
	/** @param outcome a line about what was begun */
	end(outcome: string): void;
	stop(): void;
}

/** A bar in a terminal; elsewhere (a log file, a pipe) only a line for everything done. */
export function showProgress(total: number): Progress {
	if (!stdout.isTTY) return { begin: () => {}, end: say, stop: () => {} };
	const bar = new SingleBar({
		format: '  {bar}  {value}/{total}  {title}',
		barCompleteChar: '█',
		barIncompleteChar: '░',
		barsize: 30,
		hideCursor: true,
		clearOnComplete: true,
	});
	const outcomes: string[] = [];
	bar.start(total, 0, { title: '' });
	return {
		begin: (title) => bar.update({ title }),
		end(outcome) {
			outcomes.push(outcome);
			bar.increment({ title: '' });
		},
		stop() {
			bar.stop();
			for (const outcome of outcomes) say(outcome);
		},
	};
}

const formatBytes = (bytes: number) => `${(bytes / 1024).toFixed(0)} kB`;

/** A line about a workflow that went well. */
export function describe({ job, difference, seconds }: Done): string {
	const change =
		difference &&
		`${percent(difference.inside)} of the area changed, ${percent(difference.outside)} of the rest`;
	const details = [`${seconds.toFixed(1)} s`, ...(change ? [change] : [])];
	return `  ✓ ${job.title} (${details.join('; ')})`;
}

/** What each workflow has moved and cost. */
export function summarize(all: readonly Done[]): string {
	const table = new Table({
		head: ['Operation', 'Task id', 'In', 'Out', 'Requests', 'Seconds'],
		colAligns: ['left', 'left', 'right', 'right', 'right', 'right'],
		style: {
			compact: true,
			head: stdout.isTTY ? ['cyan'] : [],
			border: stdout.isTTY ? ['grey'] : [],
		},
	});
	for (const { job, taskId, after, requests, seconds } of all) {
		table.push([
			job.title,
			taskId,
			formatBytes(job.before.bytes.length),
			formatBytes(after.bytes.length),
			requests ?? '–',
			seconds.toFixed(1),
		]);
	}
	return table.toString();
}

/**
 * Writes before, after, side by side and the output items into the folder.
 *
 * @returns the side by side picture, as PNG
 */
export async function writeFiles(folder: string, { job, after, outputs }: Done): Promise<Buffer> {
	const { before, marked, name } = job;
	const both = await sideBySide(
		{
			title: marked ? 'Before, area marked' : 'Before',
			detail: `${before.fileName}, ${formatBytes(before.bytes.length)}`,
			picture: marked ? await tint(before.bytes, marked) : before.bytes,
		},
		{
			title: 'After',
			detail: `${after.fileName}, ${formatBytes(after.bytes.length)}`,
			picture: after.bytes,
		},
	);
	const target = (what: string) => join(folder, `${name}-${what}`);
	await writeFile(target(`before${extname(before.fileName)}`), before.bytes);
	await writeFile(target(`after${extname(after.fileName)}`), after.bytes);
	await writeFile(target('items.json'), `${JSON.stringify(outputs, null, 2)}\n`);
	await sharp(both).jpeg({ quality: 86 }).toFile(target('side-by-side.jpg'));
	return both;
}
