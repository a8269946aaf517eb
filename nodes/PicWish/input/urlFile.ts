// A file behind a URL, read by n8n: its header, or all of it.

import { openAddress, type Opened } from '../api/address';
import type { ByteStream, Http } from '../api/http';
import { withRetries, type Failed } from '../api/retry';
import { receive, watched } from '../api/transfer';
import { canceled, PicWishError } from '../errors';
import type { ByteSource } from '../picture/picture';
import type { Clock } from '../schedule/clock';
import type { Stop } from '../schedule/stop';
import { messageOf, toNumber, toText } from '../untrusted';
import { Broken, broken, misled, notStored, refusedByHost, unanswered } from './urlFailures';

export interface Web {
	http: Pick<Http, 'open'>;
	clock: Clock;
	stop: Stop;
}

/** The first range: contains the size of most images. */
const FIRST_RANGE_BYTES = 64 * 1024;
/** Each further range is this many times longer. */
const RANGE_GROWTH = 4;
const LONGEST_RANGE_BYTES = 1024 * 1024;
/** Time limits for one part of a header, and for a whole file. */
const LONGEST_HEAD_MS = 60_000;
const LONGEST_FILE_MS = 10 * 60_000;

/** A part of the file, opened. */
interface Part extends Opened {
	/** Offset of its first byte, and the number of bytes promised; Infinity = to the end of the file. */
	begin: number;
	length: number;
}

/** Throws PicWishErrors; outside of `retried` also `Broken`. */
export class UrlFile {
	/** The file's length from a range's answer; undefined if not given. */
	bytes: number | undefined;
	/** The host's Content-Type; untrusted. */
	mimeType = '';
	/** The Content-Length of the whole file; of a compressed body, the compressed length. */
	announcedBytes: number | undefined;
	private givesRanges: boolean | undefined;
	/** The final address once a range was served, so that redirects are followed only once. */
	private address: string;

	constructor(
		private readonly givenAddress: string,
		private readonly web: Web,
	) {
		this.address = givenAddress;
	}

	/**
	 * Runs `work`, with retries after `Broken`.
	 *
	 * @throws PicWishError INVALID_INPUT, NETWORK_ERROR, CANCELED
	 */
	async retried<T>(work: () => Promise<T>): Promise<T> {
		const { clock, stop } = this.web;
		const attempt = async (): Promise<{ value: T } | Failed> => {
			try {
				return { value: await work() };
			} catch (error) {
				return error instanceof Broken ? error.failed : await Promise.reject(error);
			}
		};
		return await withRetries('image', attempt, { clock, deadline: () => Infinity, stop });
	}

	/** The bytes from the start. If the host supports ranges, they are requested as they are read. */
	open = async (): Promise<ByteSource> => this.bytesFrom(0);

	/** The same from an offset; undefined if the host does not support ranges. */
	openAt = async (offset: number): Promise<ByteSource | undefined> =>
		this.givesRanges ? this.bytesFrom(offset) : undefined;

	/**
	 * Streams the whole file to `store`.
	 *
	 * @param check gets the first bytes; throws to refuse the file
	 * @param tooLarge the error for more than `mostBytes`
	 * @param store gets the stream and the value of `check`
	 */
	async download<C, T>(
		check: (head: Buffer) => C,
		{ mostBytes, tooLarge }: { mostBytes: number; tooLarge: () => PicWishError },
		store: (body: ByteStream | Buffer, checked: C) => Promise<T>,
	): Promise<T> {
		const part = await this.openPart();
		const { clock } = this.web;
		const limits = { clock, announced: this.announcedBytes, mostBytes, longestMs: LONGEST_FILE_MS };
		const outcome = await receive(part, limits, check, store);
		if ('value' in outcome) return outcome.value;
		const { why, error } = outcome;
		if (why === 'tooLarge') throw tooLarge();
		if (why === 'notStored') throw notStored(messageOf(error));
		return await Promise.reject(this.asFailure(error));
	}

	private async *bytesFrom(offset: number): AsyncGenerator<Uint8Array> {
		const limits = { mostBytes: Infinity, longestMs: LONGEST_HEAD_MS };
		let at = offset;
		let rangeBytes = FIRST_RANGE_BYTES;
		while (at < (this.bytes ?? Infinity)) {
			const part = await this.openPart([at, at + rangeBytes - 1]);
			const transfer = watched(part, this.web.clock, limits);
			const { stream } = transfer;
			const chunks: AsyncIterator<Uint8Array> = stream.iterator({ destroyOnReturn: false });
			let position = part.begin;
			let isBroken = false;
			try {
				for (;;) {
					const { done, value } = await Promise.race([chunks.next(), transfer.broken]);
					if (done) break;
					const fresh = value.subarray(Math.max(0, at - position));
					position += value.length;
					at += fresh.length;
					if (fresh.length > 0) yield fresh;
				}
			} catch (error) {
				if (part.length === Infinity) await Promise.reject(this.asFailure(error));
				isBroken = true;
			} finally {
				transfer.finish();
				part.close();
			}
			const received = position - part.begin;
			// Compressed, cut off or longer than requested: request the whole file instead.
			if (isBroken || received > part.length) this.forgetRanges();
			else if (received === 0 || part.length === Infinity) return;
			rangeBytes = Math.min(LONGEST_RANGE_BYTES, rangeBytes * RANGE_GROWTH);
		}
	}

	/** Opens the file, or one range of it. */
	private async openPart(range?: [first: number, last: number]): Promise<Part> {
		const inRanges = range !== undefined && this.givesRanges !== false;
		const opened = await openAddress(this.address, {
			...this.web,
			isAllowed: (url) => /^https?:/i.test(url),
			range: inRanges ? range : undefined,
		});
		if ('problem' in opened) throw misled(opened.problem);
		if ('reason' in opened) throw unanswered(this.givenAddress, opened);
		const { status, headers } = opened;
		this.mimeType = toText(headers['content-type']) ?? '';
		if (status === 200) {
			this.givesRanges = false;
			this.announcedBytes = toNumber(headers['content-length']);
			return { ...opened, begin: 0, length: Infinity };
		}
		if (status === 206 && inRanges) {
			const given = toText(headers['content-range']) ?? '';
			const found = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(given) ?? [];
			const [, begin, end, total] = found.map(toNumber);
			if (begin === range[0] && end !== undefined) {
				this.givesRanges = true;
				this.address = opened.url;
				this.bytes = total;
				return { ...opened, begin, length: end - begin + 1 };
			}
		}
		opened.close();
		const isRangeRefused = inRanges && (status === 206 || status === 416);
		if (!isRangeRefused) throw refusedByHost(this.givenAddress, status);
		this.forgetRanges();
		return await this.openPart();
	}

	private forgetRanges(): void {
		this.givesRanges = false;
		this.bytes = undefined;
	}

	private asFailure(thrown: unknown): Error {
		if (this.web.stop.stopped) return canceled();
		if (thrown instanceof PicWishError || thrown instanceof Broken) return thrown;
		return broken(this.givenAddress, messageOf(thrown));
	}
}
