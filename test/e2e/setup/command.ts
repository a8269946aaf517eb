/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-dangerous-functions -- test code that starts the servers under test, on a developer's machine */
import { execFile } from 'node:child_process';

interface CommandOptions {
	cwd?: string;
	/** The whole environment; default: this process's. */
	env?: NodeJS.ProcessEnv;
}

const maxOutputBytes = 64 * 1024 * 1024;
const shownErrorLines = 20;

/**
 * Runs a program to its end.
 *
 * @returns what it wrote to its standard output
 * @throws Error with the command line and the last lines it wrote, when it fails or is missing
 */
export async function runCommand(
	program: string,
	args: string[],
	options: CommandOptions = {},
): Promise<string> {
	return await new Promise((resolve, reject) => {
		execFile(program, args, { ...options, maxBuffer: maxOutputBytes }, (error, stdout, stderr) => {
			if (!error) {
				resolve(stdout);
				return;
			}
			const lines = `${stdout}\n${stderr}`.trim().split('\n').slice(-shownErrorLines);
			reject(
				new Error(
					[`${[program, ...args].join(' ')}: ${error.code ?? error.signal}`, ...lines].join('\n'),
				),
			);
		});
	});
}
