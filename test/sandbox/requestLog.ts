/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';

import type { TaskType } from './taskTypes';

export interface LoggedFile {
	fileName: string;
	mimeType: string;
	bytes: number;
	sha256: string;
	/** The part's headers as sent: names and values untouched. */
	headers: Record<string, string>;
}

export interface LoggedRequest {
	/** When the headers arrived; ms since 1970, with fractions. */
	at: number;
	/** When the answer was sent or the socket was closed; same unit. */
	endedAt?: number;
	kind: 'create' | 'query' | 'download' | 'other';
	taskType?: TaskType;
	taskId?: string;
	method: string;
	/** Path and query, byte for byte. */
	url: string;
	headers: IncomingHttpHeaders;
	port: 'api' | 'results';
	fields: Record<string, string>;
	files: Record<string, LoggedFile>;
	/** Field names of the multipart body, in the order sent. */
	partOrder: string[];
	/** Headers of every part, in the same order. */
	partHeaders: Array<Record<string, string>>;
	/** The status sent; undefined = the connection was cut without an answer. */
	status?: number;
	/** The client disconnected before it had the whole answer. */
	aborted?: boolean;
}

/** Milliseconds since 1970, with fractions; monotonic. */
export const preciseNow = () => performance.timeOrigin + performance.now();

const cutHere = new WeakSet<ServerResponse>();

/** Ends the connection with a TCP reset: the client sees ECONNRESET, never a truncated answer. */
export function resetConnection(response: ServerResponse): void {
	cutHere.add(response);
	response.socket?.resetAndDestroy();
}

/** Ends the connection in the middle of an answer; what was sent before still arrives. */
export function cutAnswer(response: ServerResponse): void {
	cutHere.add(response);
	response.destroy();
}

/** Starts the record of one request and completes it when the answer or the socket ends. */
export function logRequest(
	request: IncomingMessage,
	response: ServerResponse,
	port: LoggedRequest['port'],
	onEnd?: (record: LoggedRequest) => void,
): LoggedRequest {
	const record: LoggedRequest = {
		at: preciseNow(),
		kind: 'other',
		method: request.method ?? '',
		url: request.url ?? '',
		headers: request.headers,
		port,
		fields: {},
		files: {},
		partOrder: [],
		partHeaders: [],
	};
	response.once('close', () => {
		record.endedAt = preciseNow();
		if (response.headersSent) record.status = response.statusCode;
		if (!response.writableFinished && !cutHere.has(response)) record.aborted = true;
		onEnd?.(record);
	});
	return record;
}
