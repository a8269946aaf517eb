/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

import { runCommand } from './command';

/** Programs that no npm package brings along; paths are absolute. */
export interface SystemPrograms {
	chromium: string;
	redisServer: string;
	/** Folder of `initdb` and `postgres`. */
	postgresFolder: string;
}

/** Debian's package for each, and where it puts the program. */
const wanted: Record<
	keyof SystemPrograms,
	{ debianPackage: string; find: () => string | undefined }
> = {
	chromium: {
		debianPackage: 'chromium',
		find: () => firstThatExists(['/usr/bin/chromium']),
	},
	redisServer: {
		debianPackage: 'redis-server',
		find: () => firstThatExists(['/usr/bin/redis-server', '/usr/local/bin/redis-server']),
	},
	postgresFolder: { debianPackage: 'postgresql', find: findPostgres },
};

/**
 * Finds Chromium, Redis and PostgreSQL; installs the missing ones when this process is root on a
 * Debian machine.
 *
 * @throws Error that says what to install, when it may not or cannot install it itself
 */
export async function ensureSystemPrograms(say: (text: string) => void): Promise<SystemPrograms> {
	const missing = Object.values(wanted)
		.filter(({ find }) => !find())
		.map(({ debianPackage }) => debianPackage);
	if (missing.length > 0) await installDebianPackages(missing, say);
	return {
		chromium: findOrThrow('chromium'),
		redisServer: findOrThrow('redisServer'),
		postgresFolder: findOrThrow('postgresFolder'),
	};
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

function findOrThrow(program: keyof SystemPrograms): string {
	const found = wanted[program].find();
	if (!found) {
		throw new Error(`${wanted[program].debianPackage} is installed but its program is not found`);
	}
	return found;
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

function firstThatExists(paths: string[]): string | undefined {
	return paths.find((file) => existsSync(file));
}
