/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { readFile, writeFile } from 'node:fs/promises';
import { parentPort } from 'node:worker_threads';
import sharp from 'sharp';

import { type RgbPicture, decodeBmp, encodeBmp } from './bmp';
import type { InpaintJob, InpaintReply } from './inpaint';
import type { ExifOrientation } from './pictureFile';
import { openCvReady, removeArea } from './removal';
import type { AreaMask } from './spots';
import type { PictureFormat, PixelRectangle } from './taskTypes';
import { findWatermark } from './watermark';

const JPEG_QUALITY = 92;

interface DecodedPicture extends RgbPicture {
	/** One byte per pixel, if the picture has an alpha channel. */
	alpha?: Buffer;
	/** EXIF 1…8, for the result: the pixels stay as stored. */
	orientation?: number;
}

async function decode(
	path: string,
	format: PictureFormat,
	exifOrientation: ExifOrientation,
): Promise<DecodedPicture> {
	if (format === 'bmp') return decodeBmp(await readFile(path));
	const autoOrient = exifOrientation === 'apply';
	const picture = sharp(path, { failOn: 'error', autoOrient });
	const { hasAlpha, orientation: said } = await picture.metadata();
	const orientation = exifOrientation === 'keep' ? said : undefined;
	const { data, info } = await picture
		.toColourspace('srgb')
		.removeAlpha()
		.raw({ depth: 'uchar' })
		.toBuffer({ resolveWithObject: true });
	if (info.channels !== 3) throw new Error(`Pictures of ${info.channels} channels are not handled`);
	const { width, height } = info;
	if (!hasAlpha) return { width, height, rgb: data, orientation };
	const alpha = await sharp(path, { autoOrient })
		.extractChannel('alpha')
		.raw({ depth: 'uchar' })
		.toBuffer();
	return { width, height, rgb: data, alpha, orientation };
}

async function encode(picture: DecodedPicture, format: PictureFormat): Promise<Buffer> {
	if (format === 'bmp') return encodeBmp(picture);
	const { width, height, rgb, alpha, orientation } = picture;
	let image = sharp(rgb, { raw: { width, height, channels: 3 } });
	if (alpha) {
		const joined = await image
			.joinChannel(alpha, { raw: { width, height, channels: 1 } })
			.raw()
			.toBuffer();
		image = sharp(joined, { raw: { width, height, channels: 4 } });
	}
	if (orientation) image = image.withMetadata({ orientation });
	if (format === 'jpeg') {
		return await image.flatten({ background: '#fff' }).jpeg({ quality: JPEG_QUALITY }).toBuffer();
	}
	// No quality for PNG: sharp would then reduce it to a palette.
	return await image.toFormat(format).toBuffer();
}

async function maskFromFile(
	path: string,
	format: PictureFormat,
	exifOrientation: ExifOrientation,
): Promise<AreaMask> {
	const mask = await decode(path, format, exifOrientation);
	const area = new Uint8Array(mask.width * mask.height);
	for (let i = 0; i < area.length; i++) area[i] = (mask.rgb[i * 3] ?? 0) > 127 ? 255 : 0;
	return area;
}

function maskFromRectangles({ width, height }: RgbPicture, rectangles: PixelRectangle[]): AreaMask {
	const area = new Uint8Array(width * height);
	for (const rectangle of rectangles) {
		for (let y = rectangle.y; y < rectangle.y + rectangle.height; y++) {
			const start = y * width + rectangle.x;
			area.fill(255, start, start + rectangle.width);
		}
	}
	return area;
}

async function run({ source, area, target, exifOrientation }: InpaintJob): Promise<number> {
	await openCvReady();
	const picture = await decode(source.path, source.format, exifOrientation);
	let mask: AreaMask;
	if (area === undefined) mask = await findWatermark(picture);
	else if (Array.isArray(area)) mask = maskFromRectangles(picture, area);
	else mask = await maskFromFile(area.path, area.format, exifOrientation);
	removeArea(picture, mask);
	const result = await encode(picture, target.format);
	await writeFile(target.path, result);
	return result.length;
}

// One picture at a time, so that OpenCV's memory never holds more than one.
let line: Promise<void> = Promise.resolve();
parentPort?.on('message', (job: InpaintJob) => {
	line = line.then(async () => {
		let reply: InpaintReply;
		try {
			reply = { id: job.id, bytes: await run(job) };
		} catch (error) {
			reply = { id: job.id, problem: error instanceof Error ? error.message : String(error) };
		}
		parentPort?.postMessage(reply);
	});
});
