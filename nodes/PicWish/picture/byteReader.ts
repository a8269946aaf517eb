import type { ByteSource } from './picture';

/** Reads pieces of a given length from chunks of any length. */
export class ByteReader {
	private readonly chunks: AsyncIterator<Uint8Array>;
	private rest: Uint8Array = new Uint8Array();

	constructor(private readonly source: ByteSource) {
		this.chunks = source[Symbol.asyncIterator]();
	}

	/** At most `most` bytes, not copied; undefined at the end. */
	async some(most: number): Promise<Uint8Array | undefined> {
		while (this.rest.length === 0) {
			const { done, value } = await this.chunks.next();
			if (done) return undefined;
			this.rest = value;
		}
		const taken = this.rest.subarray(0, most);
		this.rest = this.rest.subarray(taken.length);
		return taken;
	}

	/** Overwrites all of `target`; false if the source ends before. */
	async fill(target: Uint8Array): Promise<boolean> {
		for (let filled = 0; filled < target.length; ) {
			const some = await this.some(target.length - filled);
			if (!some) return false;
			target.set(some, filled);
			filled += some.length;
		}
		return true;
	}

	/** Closes a source that was not read to its end. */
	async close(): Promise<void> {
		await this.chunks.return?.().catch(() => undefined);
		// A stream of which nothing was read stays open otherwise.
		this.source.destroy?.();
	}
}
