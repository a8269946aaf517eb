// A binary field → a picture: its format and size, read from its first bytes.

import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import { imageSize } from 'image-size';
import { recognize } from './api/formats';
import type { Picture } from './api/picture';

/** Enough for the size of nearly every picture; JPEGs with large metadata need more. */
const HEAD_BYTES = 64 * 1024;
const LARGEST_HEAD_BYTES = 4 * 1024 * 1024;

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
	let open: Picture['open'];
	let bytes: number;
	if (id) {
		bytes = binary.bytes ?? (await helpers.getBinaryMetadata(id)).fileSize;
		open = async () => await helpers.getBinaryStream(id);
	} else {
		// In n8n's memory as text: decoded while it is read, so that not every item in hand is there twice.
		const decode = async () => await helpers.getBinaryDataBuffer(itemIndex, parameterValue);
		bytes = (await decode()).length;
		open = async () => inChunks(await decode());
	}
	let head = await readRange(open, 0, HEAD_BYTES);
	let measured = measure(head);
	if (!measured && bytes > head.length && recognize(head)?.format === 'jpeg') {
		head = await readRange(open, 0, LARGEST_HEAD_BYTES);
		measured = measure(head);
	}
	if (!measured && recognize(head)?.format === 'tiff') {
		measured = measure(await readTiffHead(open, head));
	}
	return {
		fileName: binary.fileName ?? 'image',
		mimeType: binary.mimeType,
		bytes,
		content: recognize(head),
		size: measured && { width: measured.width, height: measured.height },
		turned: (measured?.orientation ?? 1) >= 5,
		open,
	};
}

/** Bytes `from`…`from + length` of a file, read from its start and no further. */
async function readRange(open: Picture['open'], from: number, length: number): Promise<Buffer> {
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
async function readTiffHead(open: Picture['open'], head: Buffer): Promise<Buffer> {
	const littleEndian = head[0] === 0x49;
	const directoryAt = littleEndian ? head.readUInt32LE(4) : head.readUInt32BE(4);
	const directory = await readRange(open, directoryAt, HEAD_BYTES);
	const front = Buffer.from(head.subarray(0, 8));
	if (littleEndian) front.writeUInt32LE(8, 4);
	else front.writeUInt32BE(8, 4);
	return Buffer.concat([front, directory]);
}

function measure(head: Buffer): ReturnType<typeof imageSize> | undefined {
	try {
		const size = imageSize(head);
		return size.width > 0 && size.height > 0 ? size : undefined;
	} catch {
		return undefined;
	}
}

/** In pieces as a file would come, so that both kinds of store are sent alike. */
async function* inChunks(buffer: Buffer): AsyncGenerator<Uint8Array> {
	for (let at = 0; at < buffer.length; at += HEAD_BYTES) {
		yield buffer.subarray(at, at + HEAD_BYTES);
	}
}
