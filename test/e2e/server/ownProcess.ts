/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-dangerous-functions -- test code that starts the servers under test, on a developer's machine */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

import { waitUntil } from './waitUntil';

export interface OwnProcess {
	pid: number;
	/** Why it cannot be used any more; undefined while it runs. */
	ended(): string | undefined;
	/** Asks the program to end, and after `graceMs` ends it by force, with its whole group. */
	stop(): Promise<void>;
	/** `kill -9`, for the program and all of its group. */
	kill(): Promise<void>;
}

interface OwnProcessOptions {
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
 * Starts a program in a process group of its own. The kernel kills the program when this process
 * ends in whatever way (Jest offers no exit hook that would). What the program has started itself is
 * not covered by that: n8n's task runner ends when it has lost n8n, PostgreSQL's processes when they
 * have lost their postmaster.
 */
export function startOwnProcess(
	program: string,
	args: string[],
	{ env, logFile, cwd, user, stopSignal = 'SIGTERM' }: OwnProcessOptions,
): OwnProcess {
	mkdirSync(path.dirname(logFile), { recursive: true });
	// The program writes the file itself: a pipe would lose lines at `kill -9`, and stay open as long
	// as any process holds it.
	const log = openSync(logFile, 'a');
	const asUser = user ? ['--reuid', user, '--regid', user, '--init-groups'] : [];
	const child = spawn('setpriv', [...asUser, '--pdeathsig', 'KILL', program, ...args], {
		env,
		cwd,
		detached: true,
		stdio: ['ignore', log, log],
	});
	closeSync(log);
	let end: string | undefined;
	const exited = new Promise<void>((resolve) => {
		child.once('error', (error) => {
			end = error.message;
			resolve();
		});
		child.once('exit', (code, signal) => {
			end = `${program} ended with ${code ?? signal}, see ${logFile}`;
			resolve();
		});
	});
	const { pid } = child;
	if (pid === undefined) throw new Error(`Cannot start ${program}`);

	const kill = async () => {
		killGroup(pid);
		await exited;
	};
	return {
		pid,
		ended: () => end,
		async stop() {
			child.kill(stopSignal);
			const orderly = waitUntil('an orderly end', async () => end, { timeoutMs: graceMs });
			await orderly.catch(() => undefined);
			// Always: when the program is gone, what it has started may still be there.
			await kill();
		},
		kill,
	};
}

function killGroup(pid: number): void {
	try {
		process.kill(-pid, 'SIGKILL');
	} catch {
		// Nobody of the group is left.
	}
}
