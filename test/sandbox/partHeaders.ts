/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { Transform } from 'node:stream';

const HEADERS_END = '\r\n\r\n';

/**
 * Passes a multipart body through unchanged and records the headers of each part as sent, which busboy
 * does not expose. Memory: one chunk and the length of a boundary.
 */
export class PartHeaders extends Transform {
	/** In order; a part's headers are complete before its first byte is passed on. */
	readonly parts: Array<Record<string, string>> = [];

	private readonly delimiter: Buffer;
	/** Starts with a line end, because the first delimiter has none before it. */
	private unread = Buffer.from('\r\n');

	constructor(boundary: string) {
		super();
		this.delimiter = Buffer.from(`\r\n--${boundary}\r\n`);
	}

	override _transform(chunk: Buffer, _encoding: string, done: () => void): void {
		this.unread = Buffer.concat([this.unread, chunk]);
		for (;;) {
			const start = this.unread.indexOf(this.delimiter);
			if (start < 0) {
				// A delimiter may span two chunks.
				this.unread = this.unread.subarray(-this.delimiter.length);
				break;
			}
			const headersStart = start + this.delimiter.length;
			const end = this.unread.indexOf(HEADERS_END, headersStart);
			if (end < 0) {
				this.unread = this.unread.subarray(start);
				break;
			}
			this.parts.push(parseHeaders(this.unread.toString('utf8', headersStart, end)));
			// The line end of an empty part also belongs to the next delimiter.
			this.unread = this.unread.subarray(end + 2);
		}
		this.push(chunk);
		done();
	}
}

function parseHeaders(block: string): Record<string, string> {
	const headers: Record<string, string> = {};
	for (const line of block.split('\r\n')) {
		const colon = line.indexOf(':');
		if (colon > 0) headers[line.slice(0, colon)] = line.slice(colon + 1).trim();
	}
	return headers;
}
