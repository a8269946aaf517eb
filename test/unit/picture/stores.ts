/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { Readable } from 'node:stream';
import { readHead, type Head } from '../../../nodes/PicWish/picture/head';

type Head1 = Pick<Head, 'size' | 'orientation'> & { name: string | undefined };

/** The bytes around a file in the memory of a larger buffer; nothing may be read of them. */
const FOREIGN = 0x11;

async function* pieces(bytes: Buffer, length: number): AsyncGenerator<Buffer> {
	for (let at = 0; at < bytes.length; at += length) {
		yield await Promise.resolve(bytes.subarray(at, at + length));
	}
}

function inSlab(bytes: Buffer): Buffer {
	const slab = Buffer.alloc(bytes.length + 4096, FOREIGN);
	bytes.copy(slab, 2048);
	return slab.subarray(2048, 2048 + bytes.length);
}

/** How a file may come: by the stream of a store, whole, in odd pieces, in views of a larger buffer. */
const STORES: Record<string, (bytes: Buffer, chunkBytes?: number) => AsyncIterable<Uint8Array>> = {
	stream: (bytes, chunkBytes = 65_536) =>
		Readable.from(pieces(bytes, chunkBytes), { objectMode: false }),
	whole: (bytes) => pieces(bytes, Infinity),
	pieces: (bytes) => pieces(bytes, 977),
	views: (bytes) => pieces(inSlab(bytes), 65_536),
};

/** What the head says; the same through all kinds of store. */
export async function headOf(bytes: Buffer): Promise<Head1> {
	const heads = await Promise.all(
		Object.values(STORES).map(async (store) => {
			const open = async (chunkBytes?: number) => await Promise.resolve(store(bytes, chunkBytes));
			const { content, size, orientation } = await readHead(open, bytes.length);
			return { name: content?.name, size, orientation };
		}),
	);
	const [first, ...others] = heads;
	if (!first) throw new Error('There is a store');
	for (const other of others) expect(other).toEqual(first);
	return first;
}

export async function sizeOf(bytes: Buffer): Promise<[width: number, height: number] | undefined> {
	const { size } = await headOf(bytes);
	return size && [size.width, size.height];
}

/** How much of a source was taken, and whether it was ended. */
export class WatchedSource {
	taken = 0;
	ended = false;

	constructor(private readonly chunk: (at: number, length: number) => Buffer) {}

	open = async (chunkBytes = 65_536) => await Promise.resolve(this.chunks(chunkBytes));

	private async *chunks(chunkBytes: number): AsyncGenerator<Buffer> {
		try {
			for (;;) {
				const chunk = this.chunk(this.taken, chunkBytes);
				if (chunk.length === 0) return;
				this.taken += chunk.length;
				yield await Promise.resolve(chunk);
			}
		} finally {
			this.ended = true;
		}
	}
}
