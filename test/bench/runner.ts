/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-dangerous-functions -- a command-line program for a developer's machine, which starts its own processes */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { BinaryMode } from '../engine/n8n';
import type { BatchOrder, BatchOutcome } from './batch';

/** What a process spent on a batch: the node, n8n's engine, HTTP layer and binary store. */
export interface Usage {
	/** Resident memory before the batch, in bytes. */
	rssBefore: number;
	/** The same when the input is in n8n's store, after a garbage collection; with `aboveInput`. */
	rssWithInput: number;
	/** As often as asked for, with `aboveInput` from then on: ms since the batch began, and bytes. */
	rss: Array<[atMs: number, bytes: number]>;
	/** Heap in use at the same moment, in bytes. */
	heapWithInput: number;
	/** The most heap in use afterwards, each time after a garbage collection, in bytes. */
	heapPeak: number;
	/** User and system time of all threads, without the storing of the input. */
	cpuMs: number;
	/** Without the storing of the input. */
	eventLoopDelayP99Ms: number;
}

export interface RunnerOptions {
	/** Of the node to run; default: this repository. */
	packageDirectory?: string;
	/** Default `filesystem`. */
	binaryMode?: BinaryMode;
}

export interface RunnerOrder extends BatchOrder {
	/** Reading memory costs time itself; undefined = only at the end. */
	memoryEveryMs?: number;
	/** Memory is that of the node alone: it is read when the input is stored, and from then on. */
	aboveInput?: boolean;
	/** Collects garbage each time; undefined = never. */
	heapEveryMs?: number;
}

/** A fresh process that runs the node in an engine of its own. */
export interface Runner {
	/** @throws Error when not all images were finished */
	run(order: RunnerOrder): Promise<BatchOutcome & Usage>;
	/** As a laptop's sleep does it: nothing in the process runs until `resume`. */
	pause(): void;
	resume(): void;
	close(): Promise<void>;
}

export type FromRunner =
	| { type: 'ready' }
	| { type: 'done'; report: BatchOutcome & Usage }
	| { type: 'failed'; reason: string };

export async function startRunner(options: RunnerOptions = {}): Promise<Runner> {
	const child = fork(path.join(__dirname, 'runnerMain.ts'), [JSON.stringify(options)], {
		// With the collector at hand, memory before a batch is what is in use, not what is left over.
		execArgv: ['--require', 'tsx/cjs', '--expose-gc'],
	});
	const exited = once(child, 'exit');
	const answer = async () => {
		const gone = exited.then((): FromRunner => ({ type: 'failed', reason: 'The runner ended' }));
		const message = once(child, 'message').then(([first]: FromRunner[]) => first);
		return await Promise.race([message, gone]);
	};
	const started = await answer();
	if (started?.type === 'failed') throw new Error(started.reason);
	return {
		async run(order) {
			const answered = answer();
			child.send(order);
			const message = await answered;
			if (message?.type === 'done') return message.report;
			throw new Error(message?.type === 'failed' ? message.reason : 'Unexpected answer');
		},
		pause: () => void child.kill('SIGSTOP'),
		resume: () => void child.kill('SIGCONT'),
		async close() {
			if (child.connected) child.disconnect();
			await exited;
		},
	};
}
