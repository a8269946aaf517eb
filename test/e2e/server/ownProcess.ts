/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-dangerous-functions -- test code that starts the servers under test, on a developer's machine */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

import { waitUntil } from './waitUntil';

export interface OwnProcess {
	pid: number;
	/** Why it cannot be used any more; undefined while it runs. */
	ended(): string | undefined;
	/** Asks it to end, and ends it by force after `graceMs`. */
	stop(): Promise<void>;
	/** `kill -9`, for it and for what it started. */
	kill(): Promise<void>;
}

export interface OwnProcessOptions {
	env: NodeJS.ProcessEnv;
	/** Takes what the program prints; a second start appends. */
	logFile: string;
	cwd?: string;
	/** Runs the program as this user of the machine; needs root. */
	user?: string;
	/** The signal that asks for an orderly end; default SIGTERM. */
	stopSignal?: NodeJS.Signals;
}

const graceMs = 15_000;

/**
 * Starts a program in a process group of its own. It does not outlive this process, however that
 * ends: the kernel sees to it (Jest offers no exit hook that would).
 */
export function startOwnProcess(
	program: string,
	args: string[],
	{ env, logFile, cwd, user, stopSignal = 'SIGTERM' }: OwnProcessOptions,
): OwnProcess {
	mkdirSync(path.dirname(logFile), { recursive: true });
	const log = createWriteStream(logFile, { flags: 'a' });
	const asUser = user ? ['--reuid', user, '--regid', user, '--init-groups'] : [];
	const child = spawn('setpriv', [...asUser, '--pdeathsig', 'KILL', program, ...args], {
		env,
		cwd,
		detached: true,
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	child.stdout.pipe(log, { end: false });
	child.stderr.pipe(log, { end: false });
	let end: string | undefined;
	const closed = once(child, 'close').catch(() => undefined);
	child.once('error', (error) => (end = error.message));
	child.once('close', (code, signal) => {
		end ??= `${program} ended with ${code ?? signal}, see ${logFile}`;
		log.end();
	});
	if (child.pid === undefined) throw new Error(`Cannot start ${program}`);

	return {
		pid: child.pid,
		ended: () => end,
		async stop() {
			if (end) return;
			child.kill(stopSignal);
			const orderly = waitUntil('an orderly end', async () => end, { timeoutMs: graceMs });
			await orderly.catch(() => undefined);
			await this.kill();
		},
		async kill() {
			signalGroup(child, 'SIGKILL');
			await closed;
		},
	};
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
	if (pid === undefined) return;
	try {
		process.kill(-pid, signal);
	} catch {
		// The group has ended already.
	}
}
