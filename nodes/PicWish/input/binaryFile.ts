// A binary field → a picture with its format, size and orientation, read from its header.

import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import { sentName } from '../picture/fileName';
import { readHead, type Head } from '../picture/head';
import type { Open } from '../picture/headBytes';
import type { Picture } from '../picture/picture';
import { decodedLength, decodeInChunks } from './base64';

interface BinaryStore {
	helpers: Pick<IExecuteFunctions['helpers'], 'getBinaryStream' | 'getBinaryMetadata'>;
}

/** Headers by file: read once for both the checks before the first task and the item itself. */
const heads = new WeakMap<IBinaryData, Head>();

/** How much to read of a file that is too large, to name its format. */
const OF_TOO_LARGE_BYTES = 64 * 1024;

/**
 * The picture in an item's binary field.
 *
 * @param mostBytes of a larger file only the start is read; the caller refuses it
 * @throws if the store cannot provide the bytes
 */
export async function readPicture(
	{ helpers }: BinaryStore,
	binary: IBinaryData,
	mostBytes = Infinity,
): Promise<Picture> {
	const { id, data } = binary;
	const bytes = id
		? (binary.bytes ?? (await helpers.getBinaryMetadata(id)).fileSize)
		: decodedLength(data);
	// Base64 text in n8n's memory is decoded chunk by chunk, so that it is never held twice.
	const open: Open = async (chunkBytes) =>
		id ? await helpers.getBinaryStream(id, chunkBytes) : decodeInChunks(data, chunkBytes);
	const readable = bytes > mostBytes ? OF_TOO_LARGE_BYTES : bytes;
	const head = heads.get(binary) ?? (await readHead(open, readable));
	heads.set(binary, head);
	const { fileName, mimeType } = binary;
	return { fileName: sentName(fileName), mimeType, bytes, ...head, open: async () => await open() };
}
