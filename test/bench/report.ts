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
* The bound of a batch whose tasks differ is the larger of (2N − 1) / q and, over its images, the time
  of the create at that pace plus the task's own duration, from the sandbox's log. The durations are
  the same in every run. Log-normal: median 4 s, σ 0.7. The five slow tasks of a hundred are numbers
  13, 32, 48, 61 and 77. *Two kinds* are two runs of the node that begin together, as one node has
  one operation.
* A service that counts creates only answers every poll: the sandbox can do that, too. By default it
  counts all requests.
* *Stopped*: the process gets SIGSTOP when all tasks are made, and SIGCONT when Max Wait has been over
  for 15 s.
* *One after another* is a plain loop: submit, then wait a second and ask until it is done, then
  download, then the next image. It is measured with a part of the images and multiplied.
* Each batch has a sandbox in a process of its own, and with that a request budget of its own. The
  paced batches run eight at a time, as they wait nearly all of the time; memory, processor time
  and cancellation are measured alone.
* Memory: fresh processes, n8n's binary data mode \`filesystem\`, resident memory read every 20 ms
  and compared with that after one small picture and a garbage collection. It holds n8n's engine,
  HTTP layer and binary store, and the storing of the input. Of five runs the middle one counts.
* Memory in binary data mode \`default\`, where n8n keeps files as text in the items: resident memory
  compared with that when the input is in the items, after a garbage collection. The results are not
  downloaded, as they would be in the items, too. Of three runs the middle one counts.
* Heap: images by URL, submitted only, 200 a second; heap in use after a garbage
  collection, once a second, compared with that before the node begins.
* Processor time and event-loop delay: fresh processes after one small picture. They hold n8n's
  engine, HTTP layer and binary store, without the storing of the input. Of five runs the middle one
  by processor time counts. On the machine that this was written on it differed by a quarter from hour
  to hour; the control, the same work with nothing to decide, differs with it.
* Masks: the node's own functions without n8n, in fresh processes after a small mask. The largest
  block is the longest time between two turns of the event loop. Of five runs the middle one counts.
* To run one part alone: \`npm run bench -- --only memory\`.`;
