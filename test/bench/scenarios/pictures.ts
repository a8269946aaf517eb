/* eslint-disable @n8n/community-nodes/no-restricted-imports -- a command-line program for a developer's machine */
import { randomBytes } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { readHead } from '../../../nodes/PicWish/picture/head';
import { atMost, explained, milliseconds, middleOf, type Scenario } from '../scenario';

const MB = 2 ** 20;
const PHOTO_BYTES = 20 * MB;
/** About what a phone writes: a thumbnail and notes in EXIF, and a color profile. */
const EXIF_BYTES = 24_000;
/** The first reading also brings the code into memory. */
const RUNS = 25;
const kilobytes = (bytes: number) => `${Math.ceil(bytes / 1024)} kB`;

/** The start of a photo is read for each item, before anything is sent: how much, and how long. */
export const pictures: Scenario = {
	name: 'pictures',
	alone: true,
	prepare: async (setting) => {
		const path = join(setting.folder, 'photo.jpg');
		await writeFile(path, await makePhoto());
		const { size: bytes } = await stat(path);
		return async () => {
			const { ms, read } = await middleOf(
				RUNS,
				async () => await measure(path, bytes),
				({ ms }) => ms,
			);
			const name = 'reading the header of a photo of 20 MB';
			return {
				figures: [
					atMost(`${name}: bytes read`, read, 64 * 1024, kilobytes),
					explained(atMost(`${name}: time`, ms, 5, milliseconds), `median of ${RUNS}`),
				],
			};
		};
	},
};

async function makePhoto(): Promise<Buffer> {
	const side = 3000;
	const jpeg = await sharp(randomBytes(side * side), {
		raw: { width: side, height: side, channels: 1 },
	})
		.jpeg({ quality: 95 })
		.withMetadata({
			orientation: 6,
			icc: 'p3',
			exif: { IFD0: { Copyright: 'x'.repeat(EXIF_BYTES) } },
		})
		.toBuffer();
	// Pixels of so much noise could be any: zeros behind them are as good.
	return Buffer.concat([jpeg, Buffer.alloc(Math.max(0, PHOTO_BYTES - jpeg.length))]);
}

async function measure(path: string, bytes: number) {
	const streams: ReadStream[] = [];
	const startedAt = performance.now();
	const { size, orientation } = await readHead(async (highWaterMark) => {
		const stream = createReadStream(path, { highWaterMark });
		streams.push(stream);
		return await Promise.resolve(stream);
	}, bytes);
	const ms = performance.now() - startedAt;
	if (!size || orientation !== 6) throw new Error('The photo was not read right');
	await Promise.all(streams.map(closed));
	return { ms, read: streams.reduce((sum, { bytesRead }) => sum + bytesRead, 0) };
}

/** A stream that is ended early says so by an error, which is none here. */
async function closed(stream: ReadStream): Promise<void> {
	if (!stream.closed) await new Promise<void>((resolve) => stream.once('close', () => resolve()));
}
