// A binary field → a picture: its format and size, read from its first bytes.

import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import { imageSize } from 'image-size';
import { recognize } from './api/formats';
import { joined, type ByteSource, type Picture } from './api/picture';
import type { PictureFormat } from './api/tasks';

/** What is read at once: enough for the size of most pictures, and little more than that is read. */
const CHUNK_BYTES = 16 * 1024;
/** How far it is searched for; in JPEGs large metadata may come first. */
const HEAD_BYTES = 64 * 1024;
const JPEG_HEAD_BYTES = 4 * 1024 * 1024;

type Measured = ReturnType<typeof imageSize>;
type Open = (chunkBytes?: number) => Promise<ByteSource>;

/**
 * The picture in an item's binary field.
 *
 * @throws when the store cannot give the bytes
 */
export async function readPicture(
	context: IExecuteFunctions,
	itemIndex: number,
	binary: IBinaryData,
	parameterValue: string,
): Promise<Picture> {
	const { helpers } = context;
	const { id } = binary;
	let open: Open;
	let bytes: number;
	if (id) {
		bytes = binary.bytes ?? (await helpers.getBinaryMetadata(id)).fileSize;
		open = async (chunkBytes) => await helpers.getBinaryStream(id, chunkBytes);
	} else {
		// In n8n's memory as text: decoded while it is read, so that not every item in hand is there twice.
		const decode = async () => await helpers.getBinaryDataBuffer(itemIndex, parameterValue);
		bytes = (await decode()).length;
		open = async (chunkBytes) => inChunks(await decode(), chunkBytes);
	}
	const { head, measured: inHead } = await readHead(open);
	const content = recognize(head);
	const measured =
		inHead ?? (content?.format === 'tiff' ? measure(await readTiffHead(open, head)) : undefined);
	return {
		fileName: binary.fileName ?? 'image',
		mimeType: binary.mimeType,
		bytes,
		content,
		size: measured && { width: measured.width, height: measured.height },
		turned: (measured?.orientation ?? 1) >= 5,
		open: async () => await open(),
	};
}

/** Reads from the start, until the size is found or no longer searched for. */
async function readHead(open: Open): Promise<{ head: Buffer; measured?: Measured }> {
	const chunks: Uint8Array[] = [];
	let length = 0;
	// Each look copies what is there, hence at lengths that double.
	let nextLook = CHUNK_BYTES;
	for await (const chunk of await open(CHUNK_BYTES)) {
		chunks.push(chunk);
		length += chunk.length;
		if (length < nextLook) continue;
		const head = joined(chunks);
		const measured = measure(head);
		if (measured || length >= longestHead(recognize(head)?.format)) return { head, measured };
		nextLook = 2 * length;
	}
	const head = joined(chunks);
	return { head, measured: measure(head) };
}

function longestHead(format: PictureFormat | undefined): number {
	if (format === 'jpeg') return JPEG_HEAD_BYTES;
	// Its directory is looked for elsewhere.
	return format === 'tiff' ? CHUNK_BYTES : HEAD_BYTES;
}

/** Bytes `from`…`from + length` of a file, read from its start and no further. */
async function readRange(open: Open, from: number, length: number): Promise<Buffer> {
	const kept: Uint8Array[] = [];
	let position = 0;
	for await (const chunk of await open()) {
		const begin = Math.max(0, from - position);
		const end = Math.min(chunk.length, from + length - position);
		if (end > begin) kept.push(chunk.subarray(begin, end));
		position += chunk.length;
		if (position >= from + length) break;
	}
	return Buffer.concat(kept);
}

/** TIFF keeps its directory anywhere, often at the end: bring it to the front, where `imageSize` looks. */
async function readTiffHead(open: Open, head: Buffer): Promise<Buffer> {
	const littleEndian = head[0] === 0x49;
	const directoryAt = littleEndian ? head.readUInt32LE(4) : head.readUInt32BE(4);
	const directory = await readRange(open, directoryAt, HEAD_BYTES);
	const front = Buffer.from(head.subarray(0, 8));
	if (littleEndian) front.writeUInt32LE(8, 4);
	else front.writeUInt32BE(8, 4);
	return Buffer.concat([front, directory]);
}

function measure(head: Buffer): Measured | undefined {
	try {
		const size = imageSize(head);
		return size.width > 0 && size.height > 0 ? size : undefined;
	} catch {
		return undefined;
	}
}

/** In pieces as a file would come, so that both kinds of store are sent alike. */
async function* inChunks(buffer: Buffer, chunkBytes = HEAD_BYTES): AsyncGenerator<Uint8Array> {
	for (let at = 0; at < buffer.length; at += chunkBytes) {
		yield buffer.subarray(at, at + chunkBytes);
	}
}
