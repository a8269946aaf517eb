/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- test code, runs on a developer's machine */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';

import type { FaultAction, FaultList } from './faults';
import { contentTypes, formatOf } from './pictureFile';
import { type LoggedRequest, cutAnswer, resetConnection } from './requestLog';
import type { SignedUrls } from './signedUrls';
import type { TaskBook } from './tasks';

export const samplesFolder = path.join(__dirname, 'samples');

/** Sets the kind and task ID of a request, by its path. */
export function routeResults(record: LoggedRequest): void {
	const [, taskId] = /^\/results\/([\w-]+)\.\w+(?:\?|$)/.exec(record.url) ?? [];
	if (taskId === undefined) return;
	record.kind = 'download';
	record.taskId = taskId;
}

/** The second port: an object store with the results, and the sample pictures. */
export class Results {
	constructor(
		private readonly tasks: TaskBook,
		private readonly signedUrls: SignedUrls,
		private readonly faults: FaultList,
	) {}

	async handle(response: ServerResponse, record: LoggedRequest): Promise<void> {
		if ('x-api-key' in record.headers || 'authorization' in record.headers) {
			return sendError(response, 400, 'InvalidArgument', 'A signed URL takes no credentials');
		}
		if (record.method !== 'GET') {
			return sendError(response, 405, 'MethodNotAllowed', 'Only GET is allowed');
		}
		if (record.kind === 'download') return await this.download(response, record);
		await sendSample(response, record);
	}

	private async download(response: ServerResponse, record: LoggedRequest): Promise<void> {
		record.taskType = this.tasks.typeOf(record.taskId ?? '');
		const fault = await this.faults.take(record, async () => await Promise.resolve());
		switch (fault?.type) {
			case 'resetAtOnce':
				return resetConnection(response);
			case 'hang':
				return;
			case 'respond':
				response.writeHead(fault.status, fault.headers).end(fault.body);
				return;
			case 'serve':
				return await serve(response, fault);
			case 'delay':
				await wait(fault.ms);
		}
		const [pathName = '', query = ''] = record.url.split(/\?(.*)/s);
		const signature = this.signedUrls.check(pathName, query);
		if (signature === 'forged') {
			return sendError(response, 403, 'SignatureDoesNotMatch', 'The signature is wrong');
		}
		if (signature === 'expired') {
			return sendError(response, 403, 'AccessDenied', 'Request has expired.');
		}
		const result = this.tasks.resultOf(record.taskId ?? '');
		if (!result) return sendError(response, 404, 'NoSuchKey', 'The object does not exist');
		response.writeHead(200, {
			'content-type': contentTypes[result.format],
			'content-length': result.bytes,
		});
		if (fault?.type === 'cut') {
			const end = Math.min(fault.afterBytes, result.bytes) - 1;
			if (end >= 0)
				await pipeline(createReadStream(result.path, { end }), response, { end: false });
			return await flushAndCut(response);
		}
		await pipeline(createReadStream(result.path), response);
	}
}

async function serve(
	response: ServerResponse,
	{ status, headers, body, length }: Extract<FaultAction, { type: 'serve' }>,
): Promise<void> {
	const announced = length ?? (Buffer.isBuffer(body) ? body.length : undefined);
	response.writeHead(status ?? 200, {
		...(announced === undefined ? {} : { 'content-length': announced }),
		...headers,
	});
	let sent = 0;
	await pipeline(
		Buffer.isBuffer(body) ? Readable.from([body]) : body(),
		async function* (chunks: AsyncIterable<Uint8Array>) {
			for await (const chunk of chunks) {
				sent += chunk.length;
				yield chunk;
			}
		},
		response,
		{ end: false },
	);
	if (announced !== undefined && sent < announced) return await flushAndCut(response);
	response.end();
}

async function flushAndCut(response: ServerResponse): Promise<void> {
	response.flushHeaders();
	await new Promise<void>((resolve) => {
		// The callback of an empty write runs after everything before it has left.
		response.socket?.write('', () => resolve());
	});
	cutAnswer(response);
}

async function sendSample(response: ServerResponse, record: LoggedRequest): Promise<void> {
	const [, name] = /^\/samples\/([\w.-]+)$/.exec(record.url) ?? [];
	const bytes = name && (await readFile(path.join(samplesFolder, name)).catch(() => undefined));
	const format = bytes && formatOf(bytes);
	if (!bytes || !format) {
		return sendError(response, 404, 'NoSuchKey', 'There is no such sample');
	}
	response.writeHead(200, {
		'content-type': contentTypes[format],
		'content-length': bytes.length,
	});
	response.end(bytes);
}

function sendError(response: ServerResponse, status: number, code: string, message: string): void {
	const xml =
		'<?xml version="1.0" encoding="UTF-8"?>\n' +
		`<Error><Code>${code}</Code><Message>${message}</Message></Error>\n`;
	response.writeHead(status, {
		'content-type': 'application/xml',
		'content-length': Buffer.byteLength(xml),
	});
	response.end(xml);
}
