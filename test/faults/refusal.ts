/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- test code, runs on a developer's machine */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Socket } from 'node:net';

/** Where Node announces each socket that it creates for a connection. */
const CHANNEL = 'net.client.socket';

/** More ports than one test file uses. */
const PORTS_OF_PROCESS = 20;
/** Concurrent processes have nearby process IDs, so their ports differ. */
let lastPort = 20_000 + PORTS_OF_PROCESS * (process.pid % 600);

/**
 * A port that may be closed for a while: it lies below the ephemeral range, so that no other test
 * server gets it meanwhile.
 */
export const closablePort = () => lastPort++;

/** Resolves after `count` connections from this process were refused at the port. */
export async function refusalsAt(port: number, count: number): Promise<void> {
	let refused = 0;
	await new Promise<void>((resolve) => {
		const watch = (message: unknown) => {
			const { socket } = Object(message);
			if (!(socket instanceof Socket)) return;
			socket.once('error', (error: NodeJS.ErrnoException & { port?: number }) => {
				if (error.code !== 'ECONNREFUSED' || error.port !== port) return;
				refused++;
				if (refused < count) return;
				unsubscribe(CHANNEL, watch);
				resolve();
			});
		};
		subscribe(CHANNEL, watch);
	});
}
