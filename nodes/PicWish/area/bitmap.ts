// Which pixels are marked.

import { shownSize, toStored } from '../picture/orientation';
import type { PixelSize } from '../picture/picture';
import { Slices } from './eventLoop';
import { takeBytes } from './oneAtATime';
import { toPixelBox } from './pixels';
import type { Box } from './shapes';

export const MARKED = 255;

/** One byte per pixel, row by row from the top left: {@link MARKED} or 0. */
export interface Bitmap extends PixelSize {
	pixels: Uint8Array;
}

/** Nothing is marked. */
export function emptyBitmap({ width, height }: PixelSize): Bitmap {
	return { width, height, pixels: takeBytes(width * height) };
}

/** The marked share of all pixels, 0…1. */
export function coverageOf({ pixels }: Bitmap): number {
	let sum = 0;
	for (let i = 0; i < pixels.length; i++) sum += pixels[i]!;
	return sum / MARKED / pixels.length;
}

/** Marks every pixel that a box touches. No pixel is marked twice, however many boxes overlap. */
export async function fillBoxes(bitmap: Bitmap, boxes: readonly Box[]): Promise<void> {
	const slices = new Slices();
	const fromLeft = boxes.flatMap((box) => toPixelBox(box, bitmap) ?? []);
	fromLeft.sort((a, b) => a.x - b.x);
	/** Per row: the end of the boxes so far. */
	const ends = new Int32Array(bitmap.height);
	for (const { x, y, width, height } of fromLeft) {
		const end = x + width;
		for (let row = y; row < y + height; row++) {
			if (ends[row]! >= end) continue;
			const start = row * bitmap.width;
			bitmap.pixels.fill(MARKED, start + Math.max(x, ends[row]!), start + end);
			ends[row] = end;
		}
		if (slices.due()) await slices.pause();
	}
}

/**
 * Marks, in place, everything within `radius` pixels of a mark, straight or diagonally (a square). The
 * time does not depend on the radius.
 */
export async function grow({ width, height, pixels }: Bitmap, radius: number): Promise<void> {
	if (!(radius > 0)) return;
	const slices = new Slices();
	const reach = Math.min(Math.ceil(radius), Math.max(width, height));
	/** Per column: the last row so far whose marks reach it when grown sideways. */
	const lastRow = new Int32Array(width).fill(-reach * 2 - 1);
	// Row y - reach can be overwritten now: no later row reaches it.
	for (let y = 0; y < height + reach; y++) {
		if (y < height) markColumns(pixels, y, width, reach, lastRow);
		const done = y - reach;
		if (done >= 0) {
			const start = done * width;
			for (let x = 0; x < width; x++) {
				pixels[start + x] = lastRow[x]! >= done - reach ? MARKED : 0;
			}
		}
		if (slices.due()) await slices.pause();
	}
}

/** Sets `lastRow` for the columns that row `y` marks when its runs are grown sideways. */
function markColumns(
	pixels: Uint8Array,
	y: number,
	width: number,
	reach: number,
	lastRow: Int32Array,
): void {
	let noted = 0;
	eachRun(pixels.subarray(y * width, (y + 1) * width), (from, end) => {
		const until = Math.min(width, end + reach);
		for (let x = Math.max(noted, from - reach); x < until; x++) lastRow[x] = y;
		noted = until;
	});
}

/** Calls `use` for each run of marked pixels in a row; `end` is exclusive. */
export function eachRun(row: Uint8Array, use: (from: number, end: number) => void): void {
	for (let from = row.indexOf(MARKED); from >= 0; ) {
		const end = row.indexOf(0, from);
		use(from, end < 0 ? row.length : end);
		from = end < 0 ? -1 : row.indexOf(MARKED, end);
	}
}

/** A bitmap of the image as shown → as stored, by its EXIF orientation. */
export async function toStoredBitmap(shown: Bitmap, orientation: number): Promise<Bitmap> {
	if (orientation === 1) return shown;
	const { width, height, pixels } = shown;
	const stored = emptyBitmap(shownSize(shown, orientation));
	/** The index at which a shown pixel is stored. */
	const placeOf = (column: number, row: number) => {
		const { x, y } = toStored({ x: column, y: row, width: 1, height: 1 }, orientation, stored);
		return y * stored.width + x;
	};
	const origin = placeOf(0, 0);
	const stepRight = placeOf(1, 0) - origin;
	const stepDown = placeOf(0, 1) - origin;
	const slices = new Slices();
	for (let y = 0; y < height; y++) {
		const start = origin + y * stepDown;
		eachRun(pixels.subarray(y * width, (y + 1) * width), (from, end) => {
			for (let x = from; x < end; x++) stored.pixels[start + x * stepRight] = MARKED;
		});
		if (slices.due()) await slices.pause();
	}
	return stored;
}
