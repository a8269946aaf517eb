/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';

import { runCommand } from '../setup/command';
import { ensureSystemPrograms } from '../setup/systemPrograms';
import { freePort } from './freePort';
import { type OwnProcess, startOwnProcess } from './ownProcess';
import { waitUntil } from './waitUntil';

/** Redis and PostgreSQL of our own, for n8n's queue mode. */
export interface DataServices {
	/** The settings that lead n8n to them. */
	env: Record<string, string>;
	close(): Promise<void>;
}

/** Debian's PostgreSQL refuses to run as root and brings this user. */
const postgresUser = 'postgres';
const databaseUser = 'n8n';

/**
 * Starts both on free ports of 127.0.0.1, with folders that are removed in the end. They are tuned
 * to forget: nothing is flushed to disk.
 *
 * @param logFolder gets `<name>-redis.log` and `<name>-postgres.log`
 */
export async function startDataServices(name: string, logFolder: string): Promise<DataServices> {
	// The global setup has installed what was missing: this only looks where.
	const programs = await ensureSystemPrograms(() => undefined);
	const folder = await mkdtemp(path.join(tmpdir(), 'picwish-e2e-data-'));
	// The database's user must be able to pass through.
	await chmod(folder, 0o755);
	const log = (service: string) => path.join(logFolder, `${name}-${service}.log`);
	const redis = await startRedis(programs.redisServer, folder, log('redis'));
	const postgres = await startPostgres(programs.postgresFolder, folder, log('postgres'));
	return {
		env: {
			QUEUE_BULL_REDIS_HOST: '127.0.0.1',
			QUEUE_BULL_REDIS_PORT: String(redis.port),
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: '127.0.0.1',
			DB_POSTGRESDB_PORT: String(postgres.port),
			DB_POSTGRESDB_USER: databaseUser,
			DB_POSTGRESDB_DATABASE: 'postgres',
		},
		async close() {
			await Promise.all([redis.stop(), postgres.stop()]);
			await rm(folder, { recursive: true, force: true });
		},
	};
}

interface Service extends OwnProcess {
	port: number;
}

async function startRedis(program: string, folder: string, logFile: string): Promise<Service> {
	const port = await freePort();
	const settings = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder];
	const own = startOwnProcess(program, [...settings, '--save', '', '--appendonly', 'no'], {
		env: process.env,
		logFile,
	});
	return { ...own, port };
}

async function startPostgres(programs: string, folder: string, logFile: string): Promise<Service> {
	const port = await freePort();
	const data = path.join(folder, 'postgres');
	const isRoot = process.getuid?.() === 0;
	const owner = isRoot ? ['-o', postgresUser] : [];
	await runCommand('install', ['-d', '-m', '700', ...owner, data]);
	const create = ['-D', data, '-U', databaseUser, '--auth=trust', '--encoding=UTF8', '--no-sync'];
	const initdb = path.join(programs, 'initdb');
	await (isRoot
		? runCommand('runuser', ['-u', postgresUser, '--', initdb, ...create], { cwd: folder })
		: runCommand(initdb, create, { cwd: folder }));
	const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off'];
	const own = startOwnProcess(
		path.join(programs, 'postgres'),
		['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
		{
			env: process.env,
			cwd: folder,
			logFile,
			user: isRoot ? postgresUser : undefined,
			// A "fast" shutdown: it does not wait for clients.
			stopSignal: 'SIGINT',
		},
	);
	const ready = path.join(programs, 'pg_isready');
	await waitUntil(
		'PostgreSQL',
		async () =>
			await runCommand(ready, ['-h', '127.0.0.1', '-p', String(port)]).catch(() => undefined),
		{ timeoutMs: 60_000 },
	);
	return { ...own, port };
}
