/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- test code, runs on a developer's machine */
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startRunner } from '../bench/runner';
import { samples } from '../sandbox/samples/samples';
import { testRows } from './rowTests';
import { startFaultySandbox } from './trial';

const IMAGES = 10;
const MAX_WAIT_S = 5;
const STANDSTILL_MS = 8000;

interface StandstillRow {
	fault: string;
	promise: string;
	processingMs: number;
	/** The process is paused when this many tasks exist. */
	stopAt: number;
	seen: string;
}

const rows: StandstillRow[] = [
	{
		fault: 'paused when all tasks exist',
		promise: 'each task is polled once after Max Wait, so finished results are fetched',
		processingMs: 3000,
		stopAt: IMAGES,
		seen: '10 creates, 10 of 10 results',
	},
	{
		fault: 'paused when half of the tasks exist',
		promise: 'existing tasks are fetched; the rest are created and fetched',
		processingMs: 3000,
		stopAt: IMAGES / 2,
		seen: '10 creates, 10 of 10 results',
	},
];

async function standStill({ processingMs, stopAt }: StandstillRow): Promise<string> {
	const sandbox = await startFaultySandbox({ sandbox: { processingMs } });
	const runner = await startRunner();
	try {
		const creates = () => sandbox.requests.filter(({ kind }) => kind === 'create');
		const path = join(__dirname, '../sandbox/samples', samples.watermarked.file);
		const { apiKey, apiUrl: baseUrl } = sandbox;
		const running = runner.run({
			picture: { path, mimeType: 'image/jpeg' },
			images: IMAGES,
			mayFail: true,
			parameters: {
				operation: 'removeWatermark',
				options: { maxWait: MAX_WAIT_S, pollInterval: 4 },
			},
			credential: { apiKey, region: 'custom', baseUrl, requestsPerSecond: 10 },
		});
		while (creates().length < stopAt) await wait(10);
		// Time for the response to arrive.
		await wait(200);
		runner.pause();
		await wait(STANDSTILL_MS);
		runner.resume();
		const { finished } = await running;
		return `${creates().length} creates, ${finished} of ${IMAGES} results`;
	} finally {
		runner.resume();
		await runner.close();
		await sandbox.close();
	}
}

testRows('fault', {
	title: 'A paused process',
	rows,
	observe: standStill,
	note: `As when a laptop sleeps: the process is paused for ${STANDSTILL_MS / 1000} s, longer than the Max Wait of ${MAX_WAIT_S} s. Ten images, tasks of 3 s.`,
	timeoutMs: 60_000,
	concurrent: true,
});
