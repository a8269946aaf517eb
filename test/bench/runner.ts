/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-dangerous-functions -- a command-line program for a developer's machine, which starts its own processes */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { BatchOrder, BatchOutcome } from './batch';

/** What a process spent on a batch: the node, n8n's engine, HTTP layer and binary store. */
export interface Usage {
	/** Resident memory before the batch, in bytes. */
	rssBefore: number;
	/** As often as asked for: ms since the batch began, and resident memory in bytes. */
	rss: Array<[atMs: number, bytes: number]>;
	/** User and system time of all threads, without the storing of the input. */
	cpuMs: number;
	/** Without the storing of the input. */
	eventLoopDelayP99Ms: number;
}

export interface RunnerOrder extends BatchOrder {
	/** Reading memory costs time itself; undefined = only at the end. */
	memoryEveryMs?: number;
}

/** A fresh process that runs the node in an engine of its own. */
export interface Runner {
	/** @throws Error when not all images were finished */
	run(order: RunnerOrder): Promise<BatchOutcome & Usage>;
	close(): Promise<void>;
}

export type FromRunner =
	| { type: 'ready' }
	| { type: 'done'; report: BatchOutcome & Usage }
	| { type: 'failed'; reason: string };

/** @param packageDirectory of the node to run; default: this repository */
export async function startRunner(packageDirectory?: string): Promise<Runner> {
	const args = packageDirectory === undefined ? [] : [packageDirectory];
	const child = fork(path.join(__dirname, 'runnerMain.ts'), args, {
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
		async close() {
			if (child.connected) child.disconnect();
			await exited;
		},
	};
}
