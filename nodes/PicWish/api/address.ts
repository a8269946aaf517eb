// An address opened, with its redirects followed one by one.

import type { ByteStream, Http, NoReply, Reply } from './http';
import type { Stop } from '../schedule/stop';
import { SILENCE_MS } from './transfer';

const MOST_REDIRECTS = 5;

interface OpenSettings {
	http: Pick<Http, 'open'>;
	stop: Stop;
	isAllowed: (url: string) => boolean;
	/** First and last byte that are wanted; the host may ignore it. */
	range?: [first: number, last: number];
}

/** An answer whose body has not been read yet. */
export interface Opened extends Reply<ByteStream> {
	/** Where it came from in the end. */
	url: string;
	/** To be called when the body was read, or is not wanted: closes the socket. */
	close: () => void;
}

/**
 * Opens an address. Redirects are not left to n8n's helper: each target is checked here, and by n8n's
 * own guard against internal addresses, as if it had been given.
 */
export async function openAddress(
	address: string,
	{ http, stop, isAllowed, range }: OpenSettings,
): Promise<Opened | NoReply | { problem: 'notAllowed' | 'circles' }> {
	let url = address;
	for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
		if (!isAllowed(url)) return { problem: 'notAllowed' };
		const { signal, abort, over } = stop.forRequest(() => false);
		const reply = await http.open(url, { timeoutMs: SILENCE_MS, signal, range });
		if (reply.status === undefined) {
			over();
			return reply;
		}
		const { body } = reply;
		// An error is noticed by whoever reads; without this it would also end the process.
		body.on('error', () => {});
		const close = () => {
			abort();
			over();
		};
		const target = redirectTarget(reply.status, reply.headers.location, url);
		if (!target) return { ...reply, url, close };
		close();
		url = target;
	}
	return { problem: 'circles' };
}

function redirectTarget(status: number, location: unknown, from: string): string | undefined {
	if (status < 300 || status >= 400 || typeof location !== 'string') return undefined;
	return URL.canParse(location, from) ? new URL(location, from).href : undefined;
}
