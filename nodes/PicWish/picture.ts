import type { Content } from './formats';
import type { PixelSize } from './rectangles';

/** Bytes in order; a stream of a store is to be destroyed when it is not read to its end. */
export type ByteSource = AsyncIterable<Uint8Array> & { destroy?: () => void };

/** A picture in a binary store: known by its first bytes, never held whole. */
export interface Picture {
	fileName: string;
	mimeType: string;
	bytes: number;
	/** What the first bytes say; undefined when they say nothing. */
	content: Content | undefined;
	/** Pixels as stored; undefined when the head does not tell. */
	size: PixelSize | undefined;
	/** Shown turned by 90°: which side PicWish takes for the width is not documented. */
	turned: boolean;
	/** Opens the bytes anew from the start. */
	open(): Promise<ByteSource>;
}

/** The picture as a form part whose bytes are read from the store only while they are sent. */
export class StreamedFile extends File {
	/** Set when the store, not the network, ended the upload. */
	readError?: unknown;
	/** Whether all bytes were handed to the connection. */
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

	private async *chunks(): AsyncGenerator<Uint8Array> {
		let sent = 0;
		try {
			this.source = await this.picture.open();
			if (this.closed) this.close();
			for await (const chunk of this.source) {
				sent += chunk.length;
				yield chunk;
			}
		} catch (error) {
			this.readError = error;
		}
		// The announced length is a promise to the server; a file that shrank must not hang the request.
		if (sent < this.picture.bytes) {
			this.readError ??= new Error('The file is shorter than announced');
			yield await Promise.reject(this.readError);
		}
		this.sentWhole = true;
	}
}
