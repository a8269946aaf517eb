/* eslint-disable @n8n/community-nodes/no-restricted-imports -- a command-line program for a developer's machine */
import Table from 'cli-table3';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { stdout, version } from 'node:process';
import type { Chart } from './charts';
import type { Figure } from './scenario';

export const say = (text: string) => stdout.write(`${text}\n`);

/** What the figures hold for. */
export function describeMachine(): string {
	const [cpu] = cpus();
	const cores = `${availableParallelism()} × ${cpu?.model.trim() || 'unknown processor'}`;
	return `${cores}, ${Math.round(totalmem() / 2 ** 30)} GB of memory, Node ${version}`;
}

const verdict = ({ met }: Figure) => (met === undefined ? '' : met ? 'yes' : 'MISSED');

export function toTable(figures: readonly Figure[]): string {
	const table = new Table({
		head: ['Figure', 'Target', 'Measured', 'Met'],
		colWidths: [52, 12, 46, 8],
		wordWrap: true,
		style: { head: stdout.isTTY ? ['cyan'] : [], border: stdout.isTTY ? ['grey'] : [] },
	});
	for (const figure of figures) {
		table.push([figure.name, figure.target, figure.measured, verdict(figure)]);
	}
	return table.toString();
}

/**
 * Writes `benchmarks.md`, and the charts into `images/` beside it.
 *
 * @param command how to get these figures again
 */
export async function writeDocument(
	folder: string,
	command: string,
	figures: readonly Figure[],
	charts: readonly Chart[],
): Promise<void> {
	const images = join(folder, 'images');
	await mkdir(images, { recursive: true });
	for (const { file, svg } of charts) await writeFile(join(images, file), svg);
	const day = new Date().toISOString().slice(0, 10);
	const text = [
		'# Benchmarks',
		introduction,
		`Measured on ${day} by \`${command}\` on ${describeMachine()}.`,
		toMarkdown(figures),
		...charts.map(({ file, title, caption }) => `![${title}](images/${file})\n\n${caption}`),
		...(await queueMode(folder)),
		method,
	];
	await writeFile(join(folder, 'benchmarks.md'), `${text.join('\n\n')}\n`);
}

/** The figures of n8n's queue mode, which only the end-to-end tests can measure, from their page. */
async function queueMode(folder: string): Promise<string[]> {
	const page = await readFile(join(folder, 'queue-mode.md'), 'utf8').catch(() => '');
	const [table] = /(^\|.*\n)+/m.exec(page) ?? [];
	if (table === undefined) return [];
	const heading = '## Several workers of a real n8n server, one key';
	const from =
		'From [queue-mode.md](queue-mode.md), where the setting and the sharing are described:';
	return [heading, from, table.trimEnd()];
}

function toMarkdown(figures: readonly Figure[]): string {
	const cell = (text: string) => text.replaceAll('|', '\\|');
	const rows = figures.map((figure) => {
		const { name, target, measured } = figure;
		return `| ${[name, target, measured, verdict(figure)].map(cell).join(' | ')} |`;
	});
	return ['| Figure | Target | Measured | Met |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

const introduction =
	"What the node does with an account's requests, with time and with memory: the built package in " +
	"n8n's own engine, against this repository's sandbox over real HTTP. This page and its charts " +
	'are written by the benchmark.';

const method = `## How it is measured

* Real time, nothing scaled. The sandbox counts requests as the service does: more than two in any
  one second are answered by 429. A task takes the time named, ± 30 %, drawn evenly. The pictures
  are not painted, as that would measure the sandbox.
* The bound of an async batch of N images at q requests a second with tasks of T seconds is
  max((2N − 1) / q, N / q + T): a create and one poll for each image. The bound of a sync batch is
  (N − 1) / q + T. The makespan is the time that n8n shows for the node.
* *One after another* is a plain loop: submit, then wait a second and ask until it is done, then
  download, then the next image. It is measured with a part of the images and multiplied.
* Each batch has a sandbox in a process of its own, and with that a request budget of its own. The
  paced batches run beside each other, as they wait nearly all of the time; memory, processor time
  and cancellation are measured alone.
* Memory: fresh processes, n8n's binary data mode \`filesystem\`, resident memory read every 20 ms
  and compared with that after one small picture and a garbage collection. It holds n8n's engine,
  HTTP layer and binary store, and the storing of the input. Of five runs the middle one counts.
* Processor time and event-loop delay: fresh processes after one small picture. They hold n8n's
  engine, HTTP layer and binary store, without the storing of the input. Of five runs the middle one
  by processor time counts. On the machine that this was written on it differed by a quarter from hour
  to hour; the control, the same work with nothing to decide, differs with it.
* In a run for itself: \`npm run bench -- --only memory\`.`;
