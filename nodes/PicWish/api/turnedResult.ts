// A result on its way into n8n: its EXIF orientation is set.

import { HeadBytes } from '../picture/headBytes';
import { readJpeg } from '../picture/jpeg';
import { joined } from '../picture/picture';
import { orienter } from '../picture/turned';
import type { ByteStream } from './http';

/**
 * A JPEG with this EXIF orientation.
 *
 * @param body a stream is read up to the end of the picture's header, and goes on from its start
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
	// Whoever reads notices an error; without this it would also end the process.
	turned.on('error', () => {});
	return turned;
}
