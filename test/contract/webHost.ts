/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { once } from 'node:events';
import {
	createServer,
	type IncomingHttpHeaders,
	type IncomingMessage,
	type ServerResponse,
} from 'node:http';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { closeServer, openServer } from '../sandbox/localServer';

export type Answer = (request: IncomingMessage, response: ServerResponse) => unknown;

interface Asked {
	path: string;
	headers: IncomingHttpHeaders;
}

/** A web server that answers each path in its own way, and counts what it was asked and has sent. */
export interface WebHost {
	/** Without a slash at its end. */
	url: string;
	/** By n8n. What the sandbox fetches in PicWish's place stands in `askedBySandbox`. */
	asked: Asked[];
	askedBySandbox: Asked[];
	/** Bytes that left through sockets to n8n, headers included, since `forget`. */
	sentBytes(): number;
	/** Waits until no answer to n8n is under way. */
	quiet(): Promise<void>;
	/** @returns the address */
	serve(path: string, answer: Answer): string;
	forget(): void;
	close(): Promise<void>;
}

const FETCH_OF_SANDBOX = 'node';

export async function startWebHost(): Promise<WebHost> {
	const answers = new Map<string, Answer>();
	const asked: Asked[] = [];
	const askedBySandbox: Asked[] = [];
	const sockets = new Set<Socket>();
	const busy = new Set<ServerResponse>();
	const server = createServer((request, response) => {
		const path = request.url ?? '';
		const { headers, socket } = request;
		if (headers['user-agent'] === FETCH_OF_SANDBOX) {
			askedBySandbox.push({ path, headers });
		} else {
			asked.push({ path, headers });
			sockets.add(socket);
			busy.add(response);
			response.on('close', () => busy.delete(response));
		}
		const answer = answers.get(path);
		if (answer) answer(request, response);
		else response.writeHead(404, { 'content-type': 'text/html' }).end('<html>Not found</html>');
	});
	const url = await openServer(server);
	const sent = () => [...sockets].reduce((sum, { bytesWritten }) => sum + bytesWritten, 0);
	let before = 0;
	return {
		url,
		asked,
		askedBySandbox,
		sentBytes: () => sent() - before,
		async quiet() {
			for (const response of [...busy]) await once(response, 'close');
		},
		serve(path, answer) {
			answers.set(path, answer);
			return url + path;
		},
		forget() {
			answers.clear();
			asked.length = 0;
			askedBySandbox.length = 0;
			before = sent();
		},
		close: async () => await closeServer(server),
	};
}

/** A host for the tests of a file, which forgets after each. */
export function useWebHost(): WebHost {
	const host = {} as WebHost;
	beforeAll(async () => {
		Object.assign(host, await startWebHost());
	});
	afterEach(() => host.forget());
	afterAll(async () => await host.close());
	return host;
}

/** The file whole, whatever range is asked for. */
export const whole =
	(body: Buffer, headers: Record<string, string> = {}): Answer =>
	(_request, response) =>
		response.writeHead(200, { 'content-length': body.length, ...headers }).end(body);

/** Ranges as RFC 9110 has them. */
export const inRanges =
	(body: Buffer): Answer =>
	({ headers }, response) => {
		const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? [];
		if (from === undefined || to === undefined) return response.end(body);
		const first = Number(from);
		const last = Math.min(Number(to), body.length - 1);
		if (first > last) {
			return response.writeHead(416, { 'content-range': `bytes */${body.length}` }).end();
		}
		const range = `bytes ${first}-${last}/${body.length}`;
		return response.writeHead(206, { 'content-range': range }).end(body.subarray(first, last + 1));
	};

/** Packed although it was asked not to. */
export const packed =
	(body: Buffer): Answer =>
	(_request, response) => {
		const bytes = gzipSync(body);
		const headers = { 'content-encoding': 'gzip', 'content-length': bytes.length };
		return response.writeHead(200, headers).end(bytes);
	};

/** The beginning, and then zeros without an end. */
export const endless =
	(beginning: Buffer): Answer =>
	(_request, response) => {
		response.write(beginning);
		const zeros = Buffer.alloc(64 * 1024);
		const more = () => {
			while (!response.destroyed && response.write(zeros));
		};
		response.on('drain', more);
		more();
	};

export const redirect =
	(to: string, status = 302): Answer =>
	(_request, response) =>
		response.writeHead(status, { location: to }).end();

export const refuse =
	(status: number): Answer =>
	(_request, response) =>
		response.writeHead(status).end();

/** What share links and logins lead to. */
export const page: Answer = (_request, response) =>
	response
		.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
		.end('<!DOCTYPE html><html><body>Sign in</body></html>');
