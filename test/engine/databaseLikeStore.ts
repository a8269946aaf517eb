/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { BinaryData } from 'n8n-core';

interface Entry {
	bytes: Buffer;
	metadata: BinaryData.Metadata;
}

/** Storing a file of this name fails half-way, as in a full store. */
export const UNSTORABLE = 'no-space-left.jpg';

/**
 * A binary store without files: bytes are available only through the store, by id, as in n8n's database
 * or S3 store. A node that reads `.data`, or expects a path, finds nothing here.
 */
export class DatabaseLikeStore implements BinaryData.Manager {
	private readonly entries = new Map<string, Entry>();

	async init(): Promise<void> {}

	async store(
		_location: BinaryData.FileLocation,
		bufferOrStream: Buffer | Readable,
		metadata: BinaryData.PreWriteMetadata,
	): Promise<BinaryData.WriteResult> {
		if (metadata.fileName === UNSTORABLE) {
			if (!Buffer.isBuffer(bufferOrStream)) await once(bufferOrStream, 'readable');
			throw new Error('No space left');
		}
		const bytes = Buffer.isBuffer(bufferOrStream) ? bufferOrStream : await buffer(bufferOrStream);
		return this.add(bytes, metadata);
	}

	getPath(fileId: string): string {
		return `database://${fileId}`;
	}

	async getAsBuffer(fileId: string): Promise<Buffer> {
		return this.entry(fileId).bytes;
	}

	async getAsStream(fileId: string): Promise<Readable> {
		return Readable.from([this.entry(fileId).bytes]);
	}

	async getMetadata(fileId: string): Promise<BinaryData.Metadata> {
		return this.entry(fileId).metadata;
	}

	async deleteManyByFileId(fileIds: string[]): Promise<void> {
		for (const fileId of fileIds) this.entries.delete(fileId);
	}

	async copyByFileId(_target: BinaryData.FileLocation, sourceFileId: string): Promise<string> {
		const { bytes, metadata } = this.entry(sourceFileId);
		return this.add(bytes, metadata).fileId;
	}

	async copyByFilePath(
		_target: BinaryData.FileLocation,
		sourcePath: string,
		metadata: BinaryData.PreWriteMetadata,
	): Promise<BinaryData.WriteResult> {
		return this.add(await readFile(sourcePath), metadata);
	}

	async rename(oldFileId: string, newFileId: string): Promise<void> {
		this.entries.set(newFileId, this.entry(oldFileId));
		this.entries.delete(oldFileId);
	}

	private add(bytes: Buffer, metadata: BinaryData.PreWriteMetadata): BinaryData.WriteResult {
		const fileId = randomUUID();
		const fileSize = bytes.byteLength;
		this.entries.set(fileId, { bytes, metadata: { ...metadata, fileSize } });
		return { fileId, fileSize };
	}

	private entry(fileId: string): Entry {
		const entry = this.entries.get(fileId);
		if (!entry) throw new Error(`No binary data is stored under the id "${fileId}"`);
		return entry;
	}
}
