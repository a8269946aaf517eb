/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-dangerous-functions -- a command-line program for a developer's machine, which starts its own processes */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Shape } from '../../nodes/PicWish/area/shapes';

/** What a process is to do with masks of the largest size, after a small one has warmed it up. */
export type MaskWork =
	/** Reads the file, in which a hole marks, and writes the mask; as many at once as `times`. */
	| { type: 'file'; path: string; times: number }
	/** Draws the shapes into a bitmap. */
	| { type: 'shapes'; shapes: Shape[] };

export interface MaskUsage {
	elapsedMs: number;
	/** User and system time of all threads. */
	cpuMs: number;
	longestBlockMs: number;
	/** Peak of resident memory above that before, in bytes. */
	growth: number;
}

export type FromMaskWorker =
	| { type: 'done'; usage: MaskUsage }
	| { type: 'failed'; reason: string };

/** Done in a fresh process. */
export async function measureMasks(work: MaskWork): Promise<MaskUsage> {
	const child = fork(path.join(__dirname, 'maskMain.ts'), [], {
		// With the collector at hand, memory before the work is what is in use, not what is left over.
		execArgv: ['--require', 'tsx/cjs', '--expose-gc'],
	});
	const gone = once(child, 'exit').then(
		(): FromMaskWorker => ({ type: 'failed', reason: 'The process ended' }),
	);
	const answered = once(child, 'message').then(([first]: FromMaskWorker[]) => first);
	child.send(work);
	const answer = await Promise.race([answered, gone]);
	if (child.connected) child.disconnect();
	await gone;
	if (answer?.type === 'done') return answer.usage;
	throw new Error(answer?.reason ?? 'Unexpected answer');
}
