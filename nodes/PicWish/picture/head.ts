// What a file is and how large its picture is, read from its start.

import { readBmp } from './bmp';
import { recognize, type Content, type PictureFormat } from './formats';
import { HeadBytes, type Open, type OpenAt } from './headBytes';
import { readJpeg } from './jpeg';
import type { HeaderFacts, NumberField, PixelSize } from './picture';
import { readPng } from './png';
import { readTiff } from './tiff';
import { readWebp } from './webp';

/** What a file's header says. */
export interface Head {
	/** Undefined when the first bytes are not known. */
	content: Content | undefined;
	/** Of the pixels as stored. Undefined when the format is not known or its header does not say it. */
	size: PixelSize | undefined;
	/** EXIF 1…8: how the stored pixels are to be turned to be seen. 1 when nothing, or nonsense, is said. */
	orientation: number;
	/** Where a JPEG says so, to be changed in place; undefined for the other formats. */
	orientationTags?: NumberField[];
}

const READERS: Record<PictureFormat, (file: HeadBytes) => Promise<HeaderFacts>> = {
	jpeg: readJpeg,
	png: readPng,
	bmp: readBmp,
	webp: readWebp,
	tiff: readTiff,
};

/** What recognizing needs. */
const FIRST_BYTES = 1024;
/** No task takes a larger file (PicWish documentation). */
const LARGEST_FILE_BYTES = 50 * 1024 * 1024;
/** PNG's own limit; no picture comes near it. */
const LONGEST_SIDE = 2 ** 31 - 1;

/**
 * Reads a file's header: one source, from the start, no more of it than the answer needs.
 *
 * @param bytes the file's length, where it is known; nothing behind it is read
 * @param openAt for a header that is far from the start (TIFF, WebP with EXIF), where the file can be
 * opened there; without it the file is read up to there
 * @returns also the first bytes, at least 1024 or the whole file; a view, to be copied when it is kept
 * @throws what the source throws; nothing for what the file contains
 */
export async function readHead(
	open: Open,
	bytes?: number,
	openAt?: OpenAt,
): Promise<Head & { first: Buffer }> {
	const limit = Math.min(bytes ?? LARGEST_FILE_BYTES, LARGEST_FILE_BYTES);
	const file = new HeadBytes(open, limit, openAt);
	try {
		const first = await file.from(0, FIRST_BYTES);
		const content = recognize(first);
		const facts: HeaderFacts = content?.format ? await READERS[content.format](file) : {};
		const { size, orientationTags } = facts;
		const orientation = asOrientation(facts);
		return { content, size: plausible(size), orientation, orientationTags, first };
	} finally {
		await file.close();
	}
}

function plausible(size: PixelSize | undefined): PixelSize | undefined {
	if (!size) return undefined;
	const isSide = (side: number) => side > 0 && side <= LONGEST_SIDE;
	return isSide(size.width) && isSide(size.height) ? size : undefined;
}

function asOrientation({ orientation = 1 }: HeaderFacts): number {
	return orientation >= 1 && orientation <= 8 ? orientation : 1;
}
