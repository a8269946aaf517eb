// Reads a file's format, size and orientation from its start.

import { readBmp } from './bmp';
import { recognize, type Content, type PictureFormat } from './formats';
import { HeadBytes, type Open, type OpenAt } from './headBytes';
import { readJpeg } from './jpeg';
import type { NumberField, PixelSize } from './picture';
import { readPng } from './png';
import { readTiff } from './tiff';
import { readWebp } from './webp';

/** What a file's header says. */
export interface Head {
	/** Undefined if the first bytes are unknown. */
	content: Content | undefined;
	/** Size as stored. Undefined if the format is unknown or its header does not state it. */
	size: PixelSize | undefined;
	/** EXIF 1…8: how to turn the stored pixels for display. 1 if missing or invalid. */
	orientation: number;
	/** Where a JPEG states it, to be changed in place; undefined for other formats. */
	orientationTags?: NumberField[];
}

/** What a format's header says, unchecked. */
export type HeaderFacts = Partial<Omit<Head, 'content'>>;

const READERS: Record<PictureFormat, (file: HeadBytes) => Promise<HeaderFacts>> = {
	jpeg: readJpeg,
	png: readPng,
	bmp: readBmp,
	webp: readWebp,
	tiff: readTiff,
};

/** Enough for {@link recognize}. */
const FIRST_BYTES = 1024;
/** No task accepts a larger file (PicWish documentation). */
const LARGEST_FILE_BYTES = 50 * 1024 * 1024;
/** PNG's own limit; no image comes near it. */
const LONGEST_SIDE = 2 ** 31 - 1;

/**
 * Reads a file's header from the start, no further than needed.
 *
 * @param bytes the file's length, if known; nothing beyond it is read
 * @param openAt opens the file at an offset, for a header far from the start (TIFF, WebP with EXIF);
 * without it the file is read up to there
 * @throws what the source throws, but never because of the file's content
 */
export async function readHead(open: Open, bytes?: number, openAt?: OpenAt): Promise<Head> {
	const limit = Math.min(bytes ?? LARGEST_FILE_BYTES, LARGEST_FILE_BYTES);
	const file = new HeadBytes(open, limit, openAt);
	try {
		const content = recognize(await file.from(0, FIRST_BYTES));
		const facts: HeaderFacts = content?.format ? await READERS[content.format](file) : {};
		const { size, orientation = 1, orientationTags } = facts;
		return {
			content,
			size: size && isSide(size.width) && isSide(size.height) ? size : undefined,
			orientation: orientation >= 1 && orientation <= 8 ? orientation : 1,
			orientationTags,
		};
	} finally {
		await file.close();
	}
}

const isSide = (pixels: number) => pixels > 0 && pixels <= LONGEST_SIDE;
