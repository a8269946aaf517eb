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
	"How well the node uses an account's request limit, time and memory: the built package in n8n's own " +
	"engine, against this repository's sandbox over real HTTP. The benchmark writes this page and its " +
	'charts.';

const method = `## How it is measured

* Real time, nothing scaled. The sandbox counts requests as the service does: more than two within one
  second get a 429. Processing times are spread evenly over ± 30 % of the time named. The sandbox does
  not paint the images, because that would measure the sandbox.
* The bound of an async batch of N images at q requests a second with tasks of T seconds is
  max((2N − 1) / q, N / q + T): a create and one poll per image. The bound of a sync batch is
  (N − 1) / q + T. The makespan is the duration that n8n shows for the node.
* If tasks differ in duration, the bound is the larger of (2N − 1) / q and, over all images, the time of
  the create at that pace plus the duration of the task, from the sandbox's log. The durations are the
  same in every run. Log-normal: median 4 s, σ 0.7. The five slow tasks of a hundred are numbers 13, 32,
  48, 61 and 77. *Half of them objects, half watermarks* are two runs of the node that start together,
  because one node has one operation.
* *A service that counts creates only* answers every poll. By default, the sandbox counts all requests.
* *Stopped*: the process gets SIGSTOP when all tasks are created, and SIGCONT 15 s after the end of Max
  Wait.
* *One image at a time* is a plain loop: submit, poll every second until the task is done, download, then
  the next image. It is measured with some of the images and extrapolated.
* Each batch has a sandbox in its own process, and so its own request limit. The paced batches run eight
  at a time, because they are idle nearly all the time. Memory, processor time and cancellation are
  measured alone.
* Memory: fresh processes, n8n's binary data mode \`filesystem\`, resident memory read every 20 ms,
  compared with that after one small image and a garbage collection. It includes n8n's engine, HTTP layer
  and binary store, and storing the input. The median of five runs counts.
* Memory in binary data mode \`default\`, where n8n keeps files as text in the items: resident memory
  compared with that when the input is in the items, after a garbage collection. The results are not
  downloaded, because they would be kept in the items, too. The median of three runs counts.
* Heap: images by URL, submitted only, 200 a second; heap in use after a garbage collection, once a
  second, compared with that before the node starts.
* Processor time and event-loop delay: fresh processes after one small image. They include n8n's engine,
  HTTP layer and binary store, but not storing the input. The median of five runs by processor time
  counts. It can differ by a quarter from hour to hour on a shared machine; the control, the same calls
  without the node's logic, differs with it.
* Masks: the node's own functions without n8n, in fresh processes after a small mask. The longest block
  is the longest time between two turns of the event loop. The median of five runs counts.
* To run one part alone: \`npm run bench -- --only memory\`.`;
