import { installN8nHost, type N8nHost } from '../setup/n8nHost';
import { logFolder } from '../setup/output';
import { createUserFolder, type UserFolder } from '../setup/userFolder';
import { type N8nInstance, startN8n } from './n8nInstance';
import { type N8nSession, setUpOwner } from './n8nSession';

/** One n8n server with the package installed and the owner signed in, as a test file needs it. */
export interface TestServer {
	host: N8nHost;
	userFolder: UserFolder;
	n8n: N8nInstance;
	session: N8nSession;
	/** Ends the server and removes its folder. */
	close(): Promise<void>;
}

/** @param name names the log file */
export async function startTestServer(
	name: string,
	env: Record<string, string> = {},
): Promise<TestServer> {
	// The global setup has installed it: this only looks where.
	const host = await installN8nHost(() => undefined);
	const userFolder = await createUserFolder();
	const n8n = await startN8n({ host, userFolder: userFolder.path, name, logFolder, env });
	return {
		host,
		userFolder,
		n8n,
		session: await setUpOwner(n8n.url),
		async close() {
			await n8n.stop();
			await userFolder.remove();
		},
	};
}
