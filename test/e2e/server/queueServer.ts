import { findN8nHost } from '../setup/n8nHost';
import { logFolder } from '../setup/output';
import { createUserFolder } from '../setup/userFolder';
import { startDataServices } from './dataServices';
import { type N8nInstance, type N8nOptions, startN8n, startWorker } from './n8nInstance';
import { type N8nSession, setUpOwner } from './n8nSession';
import { openAll } from '../setup/opened';

/** n8n in queue mode: a main process that takes webhooks, and workers that run the executions. */
export interface QueueServer {
	/** The main process. */
	n8n: N8nInstance;
	session: N8nSession;
	/**
	 * Starts one more worker. Its log file is `<name of the server>-<name>.log`.
	 *
	 * @param executionsAtOnce default: n8n's own, 10
	 */
	addWorker(name: string, executionsAtOnce?: number): Promise<N8nInstance>;
	/** Ends everything and removes its folders. */
	close(): Promise<void>;
}

/**
 * Starts Redis, PostgreSQL and n8n's main process, with binary data in the database.
 *
 * @param name begins the names of the log files
 */
export async function startQueueServer(name: string): Promise<QueueServer> {
	const host = await findN8nHost();
	return await openAll(async (opened) => {
		const services = opened.add(await startDataServices(name, logFolder));
		const env = {
			...services.env,
			EXECUTIONS_MODE: 'queue',
			N8N_DEFAULT_BINARY_DATA_MODE: 'database',
		};
		// As in containers, each process has a folder of its own, with the package installed.
		const startIn = async (
			start: (options: N8nOptions) => Promise<N8nInstance>,
			processName: string,
			extraEnv: Record<string, string> = {},
		) => {
			const folder = await createUserFolder();
			opened.onClose(folder.remove);
			const own = await start({
				host,
				userFolder: folder.path,
				name: `${name}-${processName}`,
				logFolder,
				env: { ...env, ...extraEnv },
			});
			opened.onClose(own.stop);
			return own;
		};
		const n8n = await startIn(startN8n, 'main');
		return {
			n8n,
			session: await setUpOwner(n8n.url),
			addWorker: async (workerName, executionsAtOnce = 10) =>
				await startIn(startWorker, workerName, {
					N8N_CONCURRENCY_PRODUCTION_LIMIT: String(executionsAtOnce),
				}),
			close: async () => await opened.close(),
		};
	});
}
