/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- a command-line program for a developer's machine */
// The child's side of runner.ts.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import process from 'node:process';
import { type Engine, startEngine } from '../engine/engine';
import { type BatchOutcome, runBatch } from './batch';
import type { FromRunner, RunnerOptions, RunnerOrder, Usage } from './runner';

const EVENT_LOOP_SAMPLE_MS = 10;

const send = (message: FromRunner) => process.send?.(message);
const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

async function measure(engine: Engine, order: RunnerOrder): Promise<BatchOutcome & Usage> {
	// Not where only processor time counts: a heap made small costs much to grow again.
	const { memoryEveryMs, heapEveryMs, aboveInput = false } = order;
	if (memoryEveryMs !== undefined) globalThis.gc?.();
	const begunAt = performance.now();
	const rssBefore = process.memoryUsage.rss();
	const rss: Usage['rss'] = [];
	const sample = () => rss.push([performance.now() - begunAt, process.memoryUsage.rss()]);
	const sampling = memoryEveryMs === undefined ? undefined : setInterval(sample, memoryEveryMs);
	const eventLoop = monitorEventLoopDelay({ resolution: EVENT_LOOP_SAMPLE_MS });
	const inUse = () => {
		globalThis.gc?.();
		return process.memoryUsage().heapUsed;
	};
	let rssWithInput = rssBefore;
	let heapWithInput = 0;
	let heapPeak = 0;
	const noteHeap = () => (heapPeak = Math.max(heapPeak, inUse()));
	let heapSampling: ReturnType<typeof setInterval> | undefined;
	let cpuBefore = process.cpuUsage();
	const onInputStored = () => {
		if (aboveInput) {
			heapWithInput = inUse();
			rssWithInput = process.memoryUsage.rss();
			// What was read before is the input.
			rss.length = 0;
		}
		if (heapEveryMs !== undefined) heapSampling = setInterval(noteHeap, heapEveryMs);
		eventLoop.enable();
		cpuBefore = process.cpuUsage();
	};
	try {
		const outcome = await runBatch(engine, order, onInputStored);
		const cpu = process.cpuUsage(cpuBefore);
		sample();
		return {
			...outcome,
			rssBefore,
			rssWithInput,
			rss,
			heapWithInput,
			heapPeak,
			cpuMs: (cpu.user + cpu.system) / 1000,
			eventLoopDelayP99Ms: eventLoop.percentile(99) / 1e6,
		};
	} finally {
		eventLoop.disable();
		clearInterval(sampling);
		clearInterval(heapSampling);
	}
}

async function serve(engine: Engine): Promise<void> {
	process.on('message', (order: RunnerOrder) => {
		measure(engine, order).then(
			(report) => send({ type: 'done', report }),
			(error: unknown) => send({ type: 'failed', reason: reasonOf(error) }),
		);
	});
	process.once('disconnect', () => {
		void engine.close().finally(() => process.exit(0));
	});
	send({ type: 'ready' });
}

const options = JSON.parse(process.argv[2] ?? '{}') as RunnerOptions;
startEngine({ binaryMode: 'filesystem', ...options })
	.then(serve)
	.catch((error: unknown) => {
		send({ type: 'failed', reason: reasonOf(error) });
		process.disconnect();
	});
