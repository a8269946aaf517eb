// The start of a file, read only as far as needed.

import { ByteReader } from './byteReader';
import { joined, type ByteSource } from './picture';

/** Opens a file's bytes from the start. A store may use `chunkBytes` as the size of its chunks. */
export type Open = (chunkBytes?: number) => Promise<ByteSource>;
/** Opens a file's bytes from an offset; undefined if its host does not support that. */
export type OpenAt = (offset: number) => Promise<ByteSource | undefined>;

/** Covers the header of most photos, and reads little more than that. */
const CHUNK_BYTES = 16 * 1024;
/** Up to this distance, reading on is cheaper than opening again. */
const NEAR_BYTES = 256 * 1024;

/** A file's bytes, forward only. */
export class HeadBytes {
	private reader?: ByteReader;
	/** The bytes before `readTo` that are still needed. */
	private window: Buffer = Buffer.alloc(0);
	private readTo = 0;

	/** @param limit offset at which reading stops, even if the source goes on */
	constructor(
		private readonly open: Open,
		private readonly limit: number,
		private readonly openAt?: OpenAt,
	) {}

	/**
	 * The bytes loaded from `position` on, which must never decrease: at least `length`, fewer only at
	 * the end of the file. A view of the source's chunk if one chunk is enough.
	 */
	async from(position: number, length: number): Promise<Buffer> {
		if (position >= this.limit) return Buffer.alloc(0);
		if (position - this.readTo > NEAR_BYTES) await this.jump(position);
		const wanted = (latest: Uint8Array) =>
			latest.subarray(Math.max(0, position - (this.readTo - latest.length)));
		const parts = [wanted(this.window)];
		while (this.readTo < Math.min(position + length, this.limit)) {
			this.reader ??= new ByteReader(await this.open(CHUNK_BYTES));
			const chunk = await this.reader.some(this.limit - this.readTo);
			if (!chunk) break;
			this.readTo += chunk.length;
			parts.push(wanted(chunk));
		}
		this.window = joined(parts.filter((part) => part.length > 0));
		return this.window;
	}

	/** Closes the source, which is rarely read to its end. */
	async close(): Promise<void> {
		await this.reader?.close();
	}

	private async jump(position: number): Promise<void> {
		const source = await this.openAt?.(position);
		if (!source) return;
		await this.close();
		this.reader = new ByteReader(source);
		this.window = Buffer.alloc(0);
		this.readTo = position;
	}
}
