/* eslint-disable @n8n/community-nodes/no-restricted-imports, no-console -- a command-line program for a developer's machine */
import { InvalidArgumentError, program } from 'commander';
import { readdirSync } from 'node:fs';
import process from 'node:process';

import type { LoggedRequest } from './requestLog';
import { samplesFolder } from './results';
import { startSandbox } from './server';

interface CliOptions {
	port: number;
	resultsPort: number;
	key: string;
	rps: number;
	processing: number | [min: number, max: number];
	seed: number;
	inpaint: boolean;
}

function number(text: string): number {
	const value = Number(text);
	if (text.trim() === '' || !(value >= 0))
		throw new InvalidArgumentError('Not a number from 0 up.');
	return value;
}

function milliseconds(text: string): number | [min: number, max: number] {
	const [min = 0, max, ...more] = text.split('-').map(number);
	if (max === undefined) return min;
	if (more.length > 0 || max < min)
		throw new InvalidArgumentError('Not a time or a range of times.');
	return [min, max];
}

/** One line per finished request. Never prints the key sent, right or wrong. */
function describe(request: LoggedRequest): string {
	const { at, endedAt = at, kind, taskType, taskId, method, url, status, aborted } = request;
	const size = Object.values(request.files).reduce((sum, file) => sum + file.bytes, 0);
	const [path = ''] = url.split('?');
	return [
		new Date(at).toISOString().slice(11, 23),
		aborted ? 'gone' : String(status ?? 'cut').padEnd(4),
		`${(endedAt - at).toFixed(0)} ms`.padStart(8),
		kind === 'other' ? `${method} ${path}` : [kind, taskType, taskId].filter(Boolean).join(' '),
		...(size > 0 ? [`${(size / 1024).toFixed(0)} KB`] : []),
	].join('  ');
}

function samples(): string[] {
	return readdirSync(samplesFolder).filter((name) => /\.(jpe?g|png|bmp|webp|tiff?)$/.test(name));
}

async function main(options: CliOptions): Promise<void> {
	const sandbox = await startSandbox({
		port: options.port,
		resultsPort: options.resultsPort,
		apiKey: options.key,
		requestsPerSecond: options.rps,
		processingMs: options.processing,
		seed: options.seed,
		inpaint: options.inpaint,
		onRequest: (request) => console.log(describe(request)),
	});
	const pictures = samples().map((name) => `    ${sandbox.resultsUrl}/samples/${name}`);
	console.log(`
PicWish sandbox: a stand-in for the PicWish API on this machine. Nothing is sent out.

Put this into an n8n credential "PicWish API":
    API Key   ${sandbox.apiKey}
    Region    Custom
    Base URL  ${sandbox.apiUrl}

Pictures to try, as binary or by URL (folder ${samplesFolder}):
${pictures.join('\n')}

${options.rps === 0 ? 'No request limit' : `${options.rps} requests a second`}. Ctrl+C ends it.
`);
	process.once('SIGINT', () => void sandbox.close().then(() => process.exit(0)));
	process.once('SIGTERM', () => void sandbox.close().then(() => process.exit(0)));
}

program
	.name('npm run sandbox --')
	.description('A stand-in for the PicWish API that really inpaints')
	.option('--port <port>', 'port of the API (0 = any)', number, 8787)
	.option('--results-port <port>', 'port of the result host (0 = any)', number, 0)
	.option('--key <key>', 'the API key it accepts', 'sandbox-key')
	.option('--rps <n>', 'requests a second before it answers 429 (0 = no limit)', number, 2)
	.option('--processing <ms>', 'time a task takes, e.g. 3000 or 2000-5000', milliseconds, 3000)
	.option('--seed <n>', 'for the drawing of processing times', number, 1)
	.option('--no-inpaint', 'give back the source unchanged')
	.action(async (options: CliOptions) => {
		await main(options).catch((error: unknown) => {
			program.error(`Cannot start: ${error instanceof Error ? error.message : String(error)}`);
		});
	});
program.parse();
