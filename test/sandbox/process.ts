/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-dangerous-functions -- test code, runs on a developer's machine, starts its own server in a process */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

import type { LoggedRequest } from './requestLog';
import type { SandboxOptions } from './server';
import type { SandboxTask } from './tasks';

/** What the child can get as JSON: no functions. */
export type SandboxProcessOptions = Omit<SandboxOptions, 'now' | 'onRequest'>;

export interface SandboxLog {
	requests: LoggedRequest[];
	tasks: SandboxTask[];
}

export interface SandboxProcess {
	apiUrl: string;
	resultsUrl: string;
	apiKey: string;
	/** Everything so far. Times are by the machine's clock, so they are comparable across processes. */
	log(): Promise<SandboxLog>;
	reset(): Promise<void>;
	close(): Promise<void>;
}

export type FromParent = { id: number; ask: 'log' | 'reset' };
export type FromChild =
	| { type: 'ready'; apiUrl: string; resultsUrl: string; apiKey: string }
	| { type: 'failed'; reason: string }
	| { type: 'answer'; id: number; log?: SandboxLog };

/**
 * The same server in a child process, so that its work does not count as the client's. The child ends
 * with this process, whatever happens.
 *
 * @throws Error if it cannot start, e.g. because the port is taken
 */
export async function startSandboxProcess(
	options: SandboxProcessOptions = {},
): Promise<SandboxProcess> {
	const child = fork(path.join(__dirname, 'processMain.ts'), [JSON.stringify(options)], {
		execArgv: ['--require', 'tsx/cjs'],
	});
	const ready = await new Promise<FromChild & { type: 'ready' }>((resolve, reject) => {
		child.once('exit', (code) => reject(new Error(`The sandbox ended with code ${code}`)));
		child.once('message', (message: FromChild) => {
			if (message.type === 'ready') resolve(message);
			else reject(new Error(message.type === 'failed' ? message.reason : 'Unexpected answer'));
		});
	});
	const ask = asker(child);
	return {
		apiUrl: ready.apiUrl,
		resultsUrl: ready.resultsUrl,
		apiKey: ready.apiKey,
		async log() {
			return (await ask('log')).log ?? { requests: [], tasks: [] };
		},
		async reset() {
			await ask('reset');
		},
		async close() {
			if (child.exitCode !== null) return;
			const exited = once(child, 'exit');
			child.disconnect();
			await exited;
		},
	};
}

function asker(child: ChildProcess) {
	let lastId = 0;
	return async (what: FromParent['ask']) => {
		const id = ++lastId;
		return await new Promise<FromChild & { type: 'answer' }>((resolve, reject) => {
			const end = () => {
				child.off('message', onMessage);
				child.off('exit', onExit);
			};
			const onMessage = (message: FromChild) => {
				if (message.type !== 'answer' || message.id !== id) return;
				end();
				resolve(message);
			};
			const onExit = () => {
				end();
				reject(new Error('The sandbox process has ended'));
			};
			child.on('message', onMessage);
			child.on('exit', onExit);
			child.send({ id, ask: what } satisfies FromParent, (error) => error && onExit());
		});
	};
}
