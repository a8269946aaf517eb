// The first directory of TIFF files (TIFF 6.0, section 2) and Exif blocks.

import type { HeaderFacts } from './head';
import type { HeadBytes } from './headBytes';
import type { NumberField } from './picture';

/** Precedes an Exif block in a JPEG. */
export const EXIF_PREFIX = Buffer.from('Exif\0\0');

/** Sizes and offsets in the two kinds of TIFF; BigTIFF has eight bytes where TIFF has four. */
const TIFF = { headBytes: 8, offsetBytes: 4, countBytes: 2, entryBytes: 12, valueAt: 8 };
const BIG_TIFF = { headBytes: 16, offsetBytes: 8, countBytes: 8, entryBytes: 20, valueAt: 12 };
/** By a file's first four bytes. */
const KINDS = new Map([
	['II*\0', { ...TIFF, littleEndian: true }],
	['MM\0*', { ...TIFF, littleEndian: false }],
	['II+\0', { ...BIG_TIFF, littleEndian: true }],
	['MM\0+', { ...BIG_TIFF, littleEndian: false }],
]);

/** Bytes per value, by type, for the integers that a size or an orientation may use. */
const NUMBER_BYTES: Record<number, number> = { 1: 1, 3: 2, 4: 4, 16: 8 };

const TAG = { subfileType: 254, width: 256, height: 257, orientation: 274, subDirectories: 330 };

/** No camera or editor writes half as many. */
const MOST_ENTRIES = 4096;

/** A tag's first value, and its offset from the start of what was read. */
interface Entry extends NumberField {
	value: number;
}

/** How to read a file, and where its first directory is. */
type Layout = typeof TIFF & { littleEndian: boolean; directoryAt: number };

/** What the first directory says. No size for camera raw files: there it may be the thumbnail's. */
export async function readTiff(file: HeadBytes): Promise<HeaderFacts> {
	const head = await file.from(0, BIG_TIFF.headBytes);
	const layout = layoutOf(head);
	if (!layout) return {};
	const { directoryAt, countBytes, entryBytes } = layout;
	const entries = entryCount(await file.from(directoryAt, countBytes), layout);
	const directory = await file.from(directoryAt, countBytes + entries * entryBytes);
	const tags = readEntries(directory, layout);
	const valueOf = (tag: number) => tags.get(tag)?.value;
	const orientation = valueOf(TAG.orientation);
	const [width, height] = [valueOf(TAG.width), valueOf(TAG.height)];
	const isCanonRaw = head.toString('latin1', 8, 10) === 'CR';
	const isReduced = ((valueOf(TAG.subfileType) ?? 0) & 1) === 1;
	const isRaw = isCanonRaw || isReduced || tags.has(TAG.subDirectories);
	if (isRaw || width === undefined || height === undefined) return { orientation };
	return { size: { width, height }, orientation };
}

/**
 * The orientation in an Exif block's first directory, unchecked, and its offset in the block; undefined
 * without one.
 */
export function readExif(block: Buffer): Entry | undefined {
	const layout = layoutOf(block);
	if (!layout) return undefined;
	const { directoryAt } = layout;
	const entry = readEntries(block.subarray(directoryAt), layout).get(TAG.orientation);
	return entry && { ...entry, at: directoryAt + entry.at };
}

function layoutOf(head: Buffer): Layout | undefined {
	const kind = KINDS.get(head.toString('latin1', 0, 4));
	if (!kind || head.length < kind.headBytes) return undefined;
	const { headBytes, offsetBytes, littleEndian } = kind;
	const directoryAt = number(head, headBytes - offsetBytes, offsetBytes, littleEndian);
	return { ...kind, directoryAt };
}

function entryCount(directory: Buffer, { countBytes, littleEndian }: Layout): number {
	if (directory.length < countBytes) return 0;
	return Math.min(MOST_ENTRIES, number(directory, 0, countBytes, littleEndian));
}

/** The first value of each integer tag. If a tag occurs twice, the first entry counts. */
function readEntries(directory: Buffer, layout: Layout): Map<number, Entry> {
	const { countBytes, entryBytes, offsetBytes, valueAt, littleEndian } = layout;
	const tags = new Map<number, Entry>();
	const end = countBytes + entryCount(directory, layout) * entryBytes;
	for (let at = countBytes; at < end && at + entryBytes <= directory.length; at += entryBytes) {
		const tag = number(directory, at, 2, littleEndian);
		const bytes = NUMBER_BYTES[number(directory, at + 2, 2, littleEndian)] ?? 0;
		const values = number(directory, at + 4, offsetBytes, littleEndian);
		// More values than fit are stored elsewhere; sizes and orientations are single values.
		const isHere = bytes > 0 && values > 0 && values * bytes <= offsetBytes;
		// Only the presence of sub-directories matters.
		if ((!isHere && tag !== TAG.subDirectories) || tags.has(tag)) continue;
		const value = isHere ? number(directory, at + valueAt, bytes, littleEndian) : 0;
		tags.set(tag, { value, at: at + valueAt, bytes, littleEndian });
	}
	return tags;
}

/** Of eight bytes the lower six: no size and no offset needs more. */
function number(from: Buffer, at: number, bytes: number, littleEndian: boolean): number {
	if (littleEndian) return from.readUIntLE(at, Math.min(bytes, 6));
	return bytes > 6 ? from.readUIntBE(at + bytes - 6, 6) : from.readUIntBE(at, bytes);
}
