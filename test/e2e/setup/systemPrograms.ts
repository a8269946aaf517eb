/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { existsSync, readdirSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';

import { runCommand } from './command';

/** Programs that no npm package brings along: Debian's package for each, and where it puts it. */
const wanted = {
	chromium: { debianPackage: 'chromium', find: () => onPath('chromium') },
	redisServer: { debianPackage: 'redis-server', find: () => onPath('redis-server') },
	/** Folder of `initdb` and `postgres`. */
	postgresFolder: { debianPackage: 'postgresql', find: findPostgres },
	python: { debianPackage: 'python3', find: () => onPath('python3') },
	make: { debianPackage: 'make', find: () => onPath('make') },
	compiler: { debianPackage: 'g++', find: () => onPath('g++') },
};

type Program = keyof typeof wanted;

/** What the tests start. */
export const servers: Program[] = ['chromium', 'redisServer', 'postgresFolder'];
/** What it takes to build a native module. */
export const buildTools: Program[] = ['python', 'make', 'compiler'];

/**
 * Installs those that are missing, when this process is root on a Debian machine.
 *
 * @throws Error that says what to install, when it may not or cannot install it itself
 */
export async function ensurePrograms(
	programs: Program[],
	say: (text: string) => void,
): Promise<void> {
	const missing = programs.map((program) => wanted[program]).filter(({ find }) => !find());
	if (missing.length > 0) {
		const names = missing.map(({ debianPackage }) => debianPackage);
		await withoutDaemons(async () => await installDebianPackages(names, say));
	}
	for (const program of programs) findProgram(program);
}

/**
 * @returns its absolute path
 * @throws Error when it is not there
 */
export function findProgram(program: Program): string {
	const { debianPackage, find } = wanted[program];
	const found = find();
	if (!found) throw new Error(`Not found: what Debian's package ${debianPackage} brings`);
	return found;
}

async function installDebianPackages(names: string[], say: (text: string) => void): Promise<void> {
	const command = ['install', '-y', '--no-install-recommends', ...names];
	const list = names.join(', ');
	if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
		throw new Error(`Missing on this machine: ${list}. As root: apt-get ${command.join(' ')}`);
	}
	say(`Installing ${list} with apt-get`);
	const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
	await runCommand('apt-get', ['update'], { env });
	await runCommand('apt-get', command, { env });
}

/**
 * Debian starts a daemon when its package is installed, unless this file says no; the tests start
 * their own. A file that is there already is left as it is: it is the answer of the machine's owner.
 */
async function withoutDaemons(install: () => Promise<void>): Promise<void> {
	const policy = '/usr/sbin/policy-rc.d';
	const refusal = '#!/bin/sh\nexit 101\n';
	const written = await writeFile(policy, refusal, { mode: 0o755, flag: 'wx' }).then(
		() => true,
		() => false,
	);
	try {
		await install();
	} finally {
		if (written) await rm(policy);
	}
}

function onPath(name: string): string | undefined {
	const folders = (process.env.PATH ?? '').split(path.delimiter);
	return folders.map((folder) => path.join(folder, name)).find((file) => existsSync(file));
}

/** The newest version of Debian's layout. */
function findPostgres(): string | undefined {
	const root = '/usr/lib/postgresql';
	const versions = existsSync(root) ? readdirSync(root) : [];
	return versions
		.sort((a, b) => Number(b) - Number(a))
		.map((version) => path.join(root, version, 'bin'))
		.find((folder) => existsSync(path.join(folder, 'initdb')));
}
