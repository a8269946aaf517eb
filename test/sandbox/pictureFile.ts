import sharp from 'sharp';

import { bmpSize } from './bmp';
import type { StoredFile } from './fileStore';
import type { PictureFormat } from './taskTypes';

/** The first bytes of each format, one character per byte; a dot matches any byte. */
const signatures: ReadonlyArray<[PictureFormat, string]> = [
	['jpeg', '\xff\xd8\xff'],
	['png', '\x89PNG\r\n\x1a\n'],
	['webp', 'RIFF....WEBP'],
	['tiff', 'II*\0'],
	['tiff', 'MM\0*'],
	['bmp', 'BM'],
];

/** The format by the first bytes; undefined if the API does not accept it. */
export function formatOf(head: Buffer): PictureFormat | undefined {
	const matches = (signature: string) =>
		[...signature].every((char, i) => char === '.' || char.charCodeAt(0) === head[i]);
	return signatures.find(([, signature]) => matches(signature))?.[0];
}

export interface PictureSize {
	width: number;
	height: number;
}

/** How a service may treat a picture's EXIF orientation. */
export type ExifOrientation = 'ignore' | 'apply' | 'keep';

/** Size in pixels, as stored unless the orientation is applied; undefined if the file is damaged. */
export async function sizeOf(
	file: StoredFile,
	exifOrientation: ExifOrientation,
): Promise<PictureSize | undefined> {
	if (formatOf(file.head) === 'bmp') return bmpSize(file.head);
	try {
		const { width, height, autoOrient } = await sharp(file.path).metadata();
		return exifOrientation === 'apply' ? autoOrient : { width, height };
	} catch {
		return undefined;
	}
}

export const contentTypes: Record<PictureFormat, string> = {
	jpeg: 'image/jpeg',
	png: 'image/png',
	webp: 'image/webp',
	tiff: 'image/tiff',
	bmp: 'image/bmp',
};

export const extensions: Record<PictureFormat, string> = {
	jpeg: 'jpg',
	png: 'png',
	webp: 'webp',
	tiff: 'tiff',
	bmp: 'bmp',
};
