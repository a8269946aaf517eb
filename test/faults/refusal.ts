/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- test code, runs on a developer's machine */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Socket } from 'node:net';

/** Where Node tells of each socket that is made for a connection. */
const CHANNEL = 'net.client.socket';

/** Two for each process, by its number; two runs of a row use no more. */
let lastPort = 20_000 + 2 * (process.pid % 5000);

/**
 * A port that may be closed for a while: it lies below those that systems give to whoever asks for
 * any, so that no other server of the tests gets it meanwhile.
 */
export const closablePort = () => lastPort++;

/** Resolves when a connection from this process was refused at the port. */
export async function refusalAt(port: number): Promise<void> {
	await new Promise<void>((resolve) => {
		const watch = (message: unknown) => {
			const { socket } = Object(message);
			if (!(socket instanceof Socket)) return;
			socket.once('error', (error: NodeJS.ErrnoException & { port?: number }) => {
				if (error.code !== 'ECONNREFUSED' || error.port !== port) return;
				unsubscribe(CHANNEL, watch);
				resolve();
			});
		};
		subscribe(CHANNEL, watch);
	});
}
