/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';

/** A web server with one picture under every path, for images by URL. */
export interface PictureHost {
	/** Without a slash at its end. */
	url: string;
	/** Paths and queries that were asked for, byte for byte. */
	asked: string[];
	/** What came with each of them. */
	headers: IncomingHttpHeaders[];
	close(): Promise<void>;
}

export async function startPictureHost(picture: Buffer): Promise<PictureHost> {
	const asked: string[] = [];
	const headers: IncomingHttpHeaders[] = [];
	const server = createServer((request, response) => {
		asked.push(request.url ?? '');
		headers.push(request.headers);
		response.end(picture);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('The server has no port');
	return {
		url: `http://127.0.0.1:${address.port}`,
		asked,
		headers,
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}
