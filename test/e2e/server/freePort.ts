/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below the ports that Linux gives to outgoing connections (32768 and up): n8n takes its port half a
 * minute after it was chosen, and nobody may have got it meanwhile. From a random one on, so that
 * two runs on one machine keep apart.
 */
const firstPort = 10_000;
const lastPort = 30_000;
let next = randomInt(firstPort, lastPort);

/** A port of 127.0.0.1 that nobody listens on, another one at each call. */
export async function freePort(): Promise<number> {
	for (;;) {
		const port = next;
		next = port < lastPort ? port + 1 : firstPort;
		if (await isFree(port)) return port;
	}
}

export async function isFree(port: number): Promise<boolean> {
	const server = createServer().listen(port, '127.0.0.1');
	try {
		await once(server, 'listening');
	} catch {
		return false;
	}
	server.close();
	await once(server, 'close');
	return true;
}
