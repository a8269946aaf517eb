import { findN8nHost, type N8nHost } from '../setup/n8nHost';
import { logFolder } from '../setup/output';
import { createUserFolder, type UserFolder } from '../setup/userFolder';
import { type N8nInstance, startN8n } from './n8nInstance';
import { type N8nSession, setUpOwner } from './n8nSession';
import { openAll } from '../setup/opened';

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
export async function startTestServer(name: string): Promise<TestServer> {
	const host = await findN8nHost();
	return await openAll(async (opened) => {
		const userFolder = await createUserFolder();
		opened.onClose(userFolder.remove);
		const n8n = await startN8n({ host, userFolder: userFolder.path, name, logFolder });
		opened.onClose(n8n.stop);
		return {
			host,
			userFolder,
			n8n,
			session: await setUpOwner(n8n.url),
			close: async () => await opened.close(),
		};
	});
}
