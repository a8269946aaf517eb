// Sets the EXIF orientation of a result while it streams into n8n.

import { HeadBytes } from '../picture/headBytes';
import { readJpeg } from '../picture/jpeg';
import { joined } from '../picture/picture';
import { orienter } from '../picture/turned';
import type { ByteStream } from './http';

/**
 * The same JPEG with this EXIF orientation.
 *
 * @param body a stream is read to the end of the picture's header; the returned stream is complete
 */
export async function turnedResult(
	body: ByteStream | Buffer,
	orientation: number,
): Promise<ByteStream | Buffer> {
	const held: Uint8Array[] = [];
	let ended = false;
	async function* start(): AsyncGenerator<Uint8Array> {
		const chunks = Buffer.isBuffer(body) ? [body] : body.iterator({ destroyOnReturn: false });
		for await (const chunk of chunks) {
			held.push(chunk);
			yield chunk;
		}
		ended = true;
	}
	const header = new HeadBytes(async () => await Promise.resolve(start()), Infinity);
	const { orientationTags = [] } = await readJpeg(header);
	await header.close();
	const orient = orienter(orientationTags, orientation);
	const head = joined(held);
	if (Buffer.isBuffer(body) || ended) return joined([orient(head)]);
	body.unshift(head);
	const turned: ByteStream = body.map(orient);
	// The reader handles errors; without a listener here they would also end the process.
	turned.on('error', () => {});
	return turned;
}
