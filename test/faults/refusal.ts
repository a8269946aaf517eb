/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- test code, runs on a developer's machine */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Socket } from 'node:net';

/** Where Node tells of each socket that is made for a connection. */
const CHANNEL = 'net.client.socket';

/** More than one file of tests uses. */
const PORTS_OF_PROCESS = 20;
/** Processes at the same time have numbers that lie near each other, so their ports differ. */
let lastPort = 20_000 + PORTS_OF_PROCESS * (process.pid % 600);

/**
 * A port that may be closed for a while: it lies below those that systems give to whoever asks for
 * any, so that no other server of the tests gets it meanwhile.
 */
export const closablePort = () => lastPort++;

/** Resolves when so many connections from this process were refused at the port. */
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
