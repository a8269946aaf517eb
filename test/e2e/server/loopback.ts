/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import {
	createServer,
	type IncomingHttpHeaders,
	type IncomingMessage,
	type ServerResponse,
} from 'node:http';
import { buffer } from 'node:stream/consumers';
import { closeServer, openServer } from '../../sandbox/localServer';

export interface LoopbackRequest {
	method: string;
	path: string;
	contentType: string;
	headers: IncomingHttpHeaders;
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
	answer: (request: LoopbackRequest, response: ServerResponse) => void | Promise<void>,
): Promise<Loopback> {
	const requests: LoopbackRequest[] = [];
	const receive = async (incoming: IncomingMessage, response: ServerResponse) => {
		const request = {
			method: incoming.method ?? '',
			path: incoming.url ?? '',
			contentType: incoming.headers['content-type'] ?? '',
			headers: incoming.headers,
			body: await buffer(incoming),
		};
		requests.push(request);
		await answer(request, response);
	};
	const server = createServer((incoming, response) => {
		receive(incoming, response).catch((error: unknown) => response.destroy(asError(error)));
	});
	const url = await openServer(server);
	return { url, requests, close: async () => await closeServer(server) };
}

function asError(error: unknown): Error {
	return error instanceof Error ? error : new Error(String(error));
}
