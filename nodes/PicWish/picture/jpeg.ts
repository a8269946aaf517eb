// JPEG headers (ITU T.81, annex B), as tolerant of errors as libjpeg.

import type { HeaderFacts } from './head';
import type { HeadBytes } from './headBytes';
import type { NumberField, PixelSize } from './picture';
import { EXIF_PREFIX, readExif } from './tiff';

const APP1 = 0xe1;
const END_OF_IMAGE = 0xd9;
const START_OF_SCAN = 0xda;
/** A frame header up to its width: length, precision, height, width. */
const FRAME_BYTES = 7;
/** Real headers have fewer than a thousand markers, even with profiles of many megabytes. */
const MOST_MARKERS = 10_000;
const MOST_BYTES = 8 * 1024 * 1024;

/** C0–CF except those for tables (C4, CC) and extensions (C8). */
function isFrame(marker: number): boolean {
	return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

/** Whether a length follows: not after TEM, RST0–7, SOI, EOI, reserved markers and a stuffed zero. */
function hasLength(marker: number): boolean {
	return marker >= 0xc0 && !(marker >= 0xd0 && marker <= 0xd9);
}

/** The size of the first frame; the first orientation in an Exif segment before the scan. */
export async function readJpeg(file: HeadBytes): Promise<HeaderFacts> {
	let size: PixelSize | undefined;
	let orientation: number | undefined;
	const orientationTags: NumberField[] = [];
	for await (const { marker, at, bytes } of markers(file)) {
		if (marker === APP1) {
			const segment = (await file.from(at, bytes)).subarray(2, bytes);
			const isExif = segment.subarray(0, EXIF_PREFIX.length).equals(EXIF_PREFIX);
			const tag = isExif ? readExif(segment.subarray(EXIF_PREFIX.length)) : undefined;
			if (tag) orientationTags.push({ ...tag, at: at + 2 + EXIF_PREFIX.length + tag.at });
			orientation ??= tag?.value;
		}
		if (isFrame(marker) && !size) {
			const frame = await file.from(at, FRAME_BYTES);
			if (frame.length < FRAME_BYTES) break;
			size = { height: frame.readUInt16BE(3), width: frame.readUInt16BE(5) };
		}
	}
	return { size, orientation, orientationTags };
}

/**
 * The markers before the first scan: the offset `at` after each, and its segment's `bytes`, including
 * the two of their length. As in libjpeg, anything before an FF is skipped, and so are repeated FFs.
 */
async function* markers(file: HeadBytes) {
	let position = 2;
	for (let count = 0; count < MOST_MARKERS; count++) {
		const fillAt = await find(file, position, (bytes) => bytes.indexOf(0xff));
		const markerAt =
			fillAt && (await find(file, fillAt, (bytes) => bytes.findIndex((byte) => byte !== 0xff)));
		if (markerAt === undefined) return;
		const [marker = 0] = await file.from(markerAt, 1);
		if (marker === START_OF_SCAN || marker === END_OF_IMAGE) return;
		const at = markerAt + 1;
		const length = hasLength(marker) ? await file.from(at, 2) : undefined;
		const bytes = length && length.length >= 2 ? length.readUInt16BE(0) : 0;
		yield { marker, at, bytes };
		position = at + bytes;
	}
}

/** @param search returns an index, or -1; may be given megabytes of a damaged file */
async function find(
	file: HeadBytes,
	from: number,
	search: (bytes: Buffer) => number,
): Promise<number | undefined> {
	for (let position = from; position < MOST_BYTES; ) {
		const loaded = await file.from(position, 1);
		if (loaded.length === 0) return undefined;
		const index = search(loaded);
		if (index >= 0) return position + index;
		position += loaded.length;
	}
	return undefined;
}
