/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { closeServer, openServer } from '../sandbox/localServer';

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
	const url = await openServer(server);
	return { url, asked, headers, close: async () => await closeServer(server) };
}
