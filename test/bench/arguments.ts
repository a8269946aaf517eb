/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- a command-line program for a developer's machine */
import { Command } from 'commander';
import { resolve } from 'node:path';

interface BenchArguments {
	/** Fewer images: for trying the benchmark itself. */
	quick: boolean;
	/** Only scenarios whose names begin with one of these; undefined = all. */
	only?: string[];
	/** Where `benchmarks.md` and `images/` go; undefined = nowhere. */
	folder?: string;
}

/** @param argv as `process.argv` */
export function readArguments(argv: readonly string[]): BenchArguments {
	const command = new Command('npm run bench --')
		.description(
			"Runs the built node in n8n's own engine against sandboxes on this machine, in real time, " +
				'and prints what was measured beside what is promised.',
		)
		.option('-q, --quick', 'a fifth of the images: for trying, not for figures')
		.option('--only <names>', 'only the scenarios whose names begin so, e.g. async or memory,load')
		.option(
			'-o, --output <folder>',
			'where the document and the charts go (default: docs/ after a full run, else nowhere)',
		)
		.parse(argv);
	const {
		quick = false,
		only,
		output,
	} = command.opts<{
		quick?: boolean;
		only?: string;
		output?: string;
	}>();
	const isFull = !quick && only === undefined;
	const folder = output ?? (isFull ? resolve(__dirname, '../../docs') : undefined);
	return { quick, only: only?.split(','), folder };
}
