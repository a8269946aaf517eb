/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

export interface LoopbackRequest {
	method: string;
	path: string;
	contentType: string;
	body: Buffer;
}

export interface Loopback {
	url: string;
	/** In the order of arrival. */
	requests: LoopbackRequest[];
	close(): Promise<void>;
}

/** A server on 127.0.0.1 for what a workflow sends elsewhere. */
export async function startLoopback(
	answer: (request: LoopbackRequest, response: ServerResponse) => void,
): Promise<Loopback> {
	const requests: LoopbackRequest[] = [];
	const receive = async (incoming: IncomingMessage, response: ServerResponse) => {
		const request = {
			method: incoming.method ?? '',
			path: incoming.url ?? '',
			contentType: incoming.headers['content-type'] ?? '',
			body: await buffer(incoming),
		};
		requests.push(request);
		answer(request, response);
	};
	const server = createServer((incoming, response) => {
		receive(incoming, response).catch((error: unknown) => response.destroy(asError(error)));
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('No port given');
	return {
		url: `http://127.0.0.1:${address.port}`,
		requests,
		async close() {
			const closed = once(server, 'close');
			server.close();
			server.closeAllConnections();
			await closed;
		},
	};
}

function asError(error: unknown): Error {
	return error instanceof Error ? error : new Error(String(error));
}
