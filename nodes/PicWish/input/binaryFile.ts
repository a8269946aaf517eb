// A binary field → a picture: its format, size and orientation, read from its start.

import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import { sentName } from '../picture/fileName';
import { readHead, type Head } from '../picture/head';
import type { Open } from '../picture/headBytes';
import type { Picture } from '../picture/picture';
import { decodedLength, decodeInChunks } from './base64';

interface BinaryStore {
	helpers: Pick<IExecuteFunctions['helpers'], 'getBinaryStream' | 'getBinaryMetadata'>;
}

/** Headers that were read, by file: the checks before the first task and the item's own turn both need them. */
const heads = new WeakMap<IBinaryData, Head>();

/** How much is read of a file that is too large, and refused. */
const OF_TOO_LARGE_BYTES = 64 * 1024;

/**
 * The picture in an item's binary field.
 *
 * @param mostBytes of a larger file, which is refused, only the start is read
 * @throws when the store cannot give the bytes
 */
export async function readPicture(
	{ helpers }: BinaryStore,
	binary: IBinaryData,
	mostBytes = Infinity,
): Promise<Picture> {
	const { id, data } = binary;
	let open: Open;
	let bytes: number;
	if (id) {
		bytes = binary.bytes ?? (await helpers.getBinaryMetadata(id)).fileSize;
		open = async (chunkBytes) => await helpers.getBinaryStream(id, chunkBytes);
	} else {
		// In n8n's memory, as text: decoded in small pieces while it is read, never held twice.
		bytes = decodedLength(data);
		open = async (chunkBytes) => await Promise.resolve(decodeInChunks(data, chunkBytes));
	}
	const known = heads.get(binary);
	const readable = bytes > mostBytes ? OF_TOO_LARGE_BYTES : bytes;
	const { content, size, orientation, orientationTags } = known ?? (await readHead(open, readable));
	heads.set(binary, { content, size, orientation, orientationTags });
	return {
		fileName: sentName(binary.fileName),
		mimeType: binary.mimeType,
		bytes,
		content,
		size,
		orientation,
		orientationTags,
		open: async () => await open(),
	};
}
