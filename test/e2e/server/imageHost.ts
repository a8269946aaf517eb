/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- test code, runs on a developer's machine */
import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { sha256 } from '../../sandbox/sha256';
import { startLoopback } from './loopback';

/** Pictures on the web, of which no two are alike. */
export interface ImageHost {
	/** Addresses of that many pictures, from number `first` on. */
	urls(count: number, first?: number): string[];
	/** Of the picture at this address, hexadecimal. */
	sha256(url: string): string;
	close(): Promise<void>;
}

const sample = path.join(__dirname, '..', '..', 'sandbox', 'samples', 'mug-watermarked.jpg');

export async function startImageHost(): Promise<ImageHost> {
	const picture = await readFile(sample);
	// Bytes after a JPEG's end mark change nothing in the picture.
	const bytesAt = (urlPath: string) => Buffer.concat([picture, Buffer.from(urlPath)]);
	const { url, close } = await startLoopback((request, response) => {
		response.setHeader('content-type', 'image/jpeg').end(bytesAt(request.path));
	});
	return {
		urls: (count, first = 0) =>
			Array.from({ length: count }, (_, index) => `${url}/photo-${first + index}.jpg`),
		sha256: (at) => sha256(bytesAt(new URL(at).pathname)),
		close,
	};
}
