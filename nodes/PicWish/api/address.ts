// Opens an address and follows its redirects one by one.

import type { ByteStream, Http, NoReply, Reply } from './http';
import type { Stop } from '../schedule/stop';
import { SILENCE_MS } from './transfer';

const MOST_REDIRECTS = 5;

interface OpenSettings {
	http: Pick<Http, 'open'>;
	stop: Stop;
	isAllowed: (url: string) => boolean;
	/** Requested first and last byte; the host may ignore the range. */
	range?: [first: number, last: number];
}

/** An answer with an unread body. */
export interface Opened extends Reply<ByteStream> {
	/** The final address, after redirects. */
	url: string;
	/** Closes the socket. Must be called once the body is read or not needed. */
	close: () => void;
}

/**
 * Opens an address. n8n's helper does not follow redirects for us, so that each target passes
 * `isAllowed` and n8n's SSRF protection like the original address.
 */
export async function openAddress(
	address: string,
	{ http, stop, isAllowed, range }: OpenSettings,
): Promise<Opened | NoReply | { problem: 'notAllowed' | 'circles' }> {
	let url = address;
	for (let count = 0; count <= MOST_REDIRECTS; count++) {
		if (!isAllowed(url)) return { problem: 'notAllowed' };
		const { signal, abort, over } = stop.forRequest(() => false);
		const reply = await http.open(url, { timeoutMs: SILENCE_MS, signal, range });
		if (reply.status === undefined) {
			over();
			return reply;
		}
		// The reader handles errors; without a listener here they would also end the process.
		reply.body.on('error', () => {});
		const close = () => {
			abort();
			over();
		};
		const { location } = reply.headers;
		const redirects = reply.status >= 300 && reply.status < 400 && typeof location === 'string';
		if (!redirects || !URL.canParse(location, url)) return { ...reply, url, close };
		close();
		url = new URL(location, url).href;
	}
	return { problem: 'circles' };
}
