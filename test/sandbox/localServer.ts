/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { once } from 'node:events';
import type { Server } from 'node:http';

const HOST = '127.0.0.1';

/**
 * Opens a server on the loopback interface.
 *
 * @param port 0 = any free port
 * @returns its URL, without a trailing slash
 * @throws Error if the port is taken
 */
export async function openServer(server: Server, port = 0): Promise<string> {
	server.listen(port, HOST);
	await once(server, 'listening');
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('The server has no port');
	return `http://${HOST}:${address.port}`;
}

/** Cuts open connections. */
export async function closeServer(server: Server): Promise<void> {
	const closed = new Promise<void>((resolve) => server.close(() => resolve()));
	server.closeAllConnections();
	await closed;
}
