/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';

import { runCommand } from '../setup/command';
import { findProgram } from '../setup/systemPrograms';
import { freePort } from './freePort';
import { type Opened, openAll } from '../setup/opened';
import { type OwnProcess, startOwnProcess } from './ownProcess';
import { waitUntil } from './waitUntil';

/** Redis and PostgreSQL of our own, for n8n's queue mode. */
interface DataServices {
	/** The settings that lead n8n to them. */
	env: Record<string, string>;
	close(): Promise<void>;
}

/** Debian's PostgreSQL refuses to run as root and brings this user. */
const postgresUser = 'postgres';
const databaseUser = 'n8n';
const startTimeoutMs = 60_000;

/**
 * Starts both on free ports of 127.0.0.1, with folders that are removed in the end. They are tuned
 * to forget: nothing is flushed to disk.
 *
 * @param logFolder gets `<name>-redis.log` and `<name>-postgres.log`
 */
export async function startDataServices(name: string, logFolder: string): Promise<DataServices> {
	return await openAll(async (opened) => {
		const folder = await mkdtemp(path.join(tmpdir(), 'picwish-e2e-data-'));
		// PostgreSQL's processes, when killed, may still write while they end.
		const removal = { recursive: true, force: true, maxRetries: 10 };
		opened.onClose(async () => await rm(folder, removal));
		// The database's user must be able to pass through.
		await chmod(folder, 0o755);
		const log = (service: string) => path.join(logFolder, `${name}-${service}.log`);
		const redisPort = await startRedis(opened, folder, log('redis'));
		const postgresPort = await startPostgres(opened, folder, log('postgres'));
		return {
			env: {
				QUEUE_BULL_REDIS_HOST: '127.0.0.1',
				QUEUE_BULL_REDIS_PORT: String(redisPort),
				DB_TYPE: 'postgresdb',
				DB_POSTGRESDB_HOST: '127.0.0.1',
				DB_POSTGRESDB_PORT: String(postgresPort),
				DB_POSTGRESDB_USER: databaseUser,
				DB_POSTGRESDB_DATABASE: 'postgres',
			},
			close: async () => await opened.close(),
		};
	});
}

/** @returns the port */
async function startRedis(opened: Opened, folder: string, logFile: string): Promise<number> {
	const program = findProgram('redisServer');
	const port = await freePort();
	const settings = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder];
	const own = startOwnProcess(program, [...settings, '--save', '', '--appendonly', 'no'], {
		env: process.env,
		logFile,
	});
	opened.onClose(own.stop);
	await answering(own, path.join(path.dirname(program), 'redis-cli'), [
		...['-h', '127.0.0.1', '-p', String(port)],
		'ping',
	]);
	return port;
}

/** @returns the port */
async function startPostgres(opened: Opened, folder: string, logFile: string): Promise<number> {
	const programs = findProgram('postgresFolder');
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
	opened.onClose(own.stop);
	await answering(own, path.join(programs, 'pg_isready'), ['-h', '127.0.0.1', '-p', String(port)]);
	return port;
}

/** Waits until the service's own client has an answer from it. */
async function answering(own: OwnProcess, client: string, args: string[]): Promise<void> {
	await waitUntil(
		`an answer to ${client}`,
		async () => {
			const end = own.ended();
			if (end) throw new Error(end);
			return await runCommand(client, args).catch(() => undefined);
		},
		{ timeoutMs: startTimeoutMs },
	);
}
