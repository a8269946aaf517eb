/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, mkdtempSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

export interface StoredFile {
	path: string;
	bytes: number;
	sha256: string;
	/** The first bytes, enough to recognise a format. */
	head: Buffer;
}

const HEAD_BYTES = 64;

/** Pictures on disk, one file per content: forty uploads of one picture take one file and no memory. */
export class FileStore {
	private readonly folder = mkdtempSync(path.join(tmpdir(), 'picwish-sandbox-'));

	/**
	 * Reads the whole stream.
	 *
	 * @param maxBytes a larger file is read to its end but not kept, and `tooLarge` is set
	 * @throws what the stream throws
	 */
	async save(
		source: AsyncIterable<Uint8Array>,
		maxBytes: number,
	): Promise<StoredFile & { tooLarge: boolean }> {
		const hash = createHash('sha256');
		let bytes = 0;
		let head = Buffer.alloc(0);
		const incoming = this.newPath('part');
		let complete = false;
		try {
			await pipeline(
				source,
				async function* (chunks: AsyncIterable<Uint8Array>) {
					for await (const chunk of chunks) {
						hash.update(chunk);
						bytes += chunk.length;
						if (head.length < HEAD_BYTES) head = Buffer.concat([head, chunk]);
						if (bytes <= maxBytes) yield chunk;
					}
				},
				createWriteStream(incoming),
			);
			complete = true;
		} finally {
			if (!complete) await rm(incoming, { force: true });
		}
		const sha256 = hash.digest('hex');
		const finalPath = path.join(this.folder, sha256);
		const tooLarge = bytes > maxBytes;
		if (tooLarge) await rm(incoming, { force: true });
		else await rename(incoming, finalPath);
		return { path: finalPath, bytes, sha256, head: head.subarray(0, HEAD_BYTES), tooLarge };
	}

	/** Moves a file written to {@link newPath} into the store. */
	async adopt(filePath: string): Promise<StoredFile> {
		const file = await this.save(createReadStream(filePath), Infinity);
		await rm(filePath);
		return file;
	}

	/** An unused path in the store's own folder. */
	newPath(extension: string): string {
		return path.join(this.folder, `${randomUUID()}.${extension}`);
	}

	async remove(): Promise<void> {
		// Retried: an upload that is being cut may still write.
		await rm(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
	}
}
