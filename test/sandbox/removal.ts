import cv from '@techstark/opencv-js';

import type { RgbPicture } from './bmp';

/** One byte a pixel: 255 = remove, 0 = keep. Same size and order as the picture. */
export type AreaMask = Uint8Array;

const MARGIN_PX = 24;
const DILATE_PX = 2;
const INPAINT_RADIUS_PX = 4;
/** Above these the work is done on a smaller copy, so that 4096 × 4096 takes seconds. */
const MAX_REGION_PIXELS = 12_000_000;
const MAX_AREA_PIXELS = 1_500_000;

/** Resolves when OpenCV's WebAssembly can be called. */
export async function openCvReady(): Promise<void> {
	if (typeof cv.Mat === 'function') return;
	await new Promise<void>((resolve) => {
		cv.onRuntimeInitialized = resolve;
	});
}

/** Paints over the marked area (Telea 2004). Changes `picture.rgb` inside the area only. */
export function removeArea(picture: RgbPicture, area: AreaMask): void {
	const box = boundingBox(area, picture.width, picture.height);
	if (!box) return;
	const region = new cv.Mat(box.height, box.width, cv.CV_8UC3);
	const marked = new cv.Mat(box.height, box.width, cv.CV_8UC1);
	forEachRow(picture.width, box, (from, to, length) => {
		region.data.set(picture.rgb.subarray(from * 3, (from + length) * 3), to * 3);
		marked.data.set(area.subarray(from, from + length), to);
	});
	dilate(marked, DILATE_PX);

	const shrink = Math.max(
		1,
		Math.sqrt((box.width * box.height) / MAX_REGION_PIXELS),
		Math.sqrt(cv.countNonZero(marked) / MAX_AREA_PIXELS),
	);
	const painted = inpaint(region, marked, shrink);
	const paintedData: Uint8Array = painted.data;
	const markedData: Uint8Array = marked.data;
	forEachRow(picture.width, box, (from, to, length) => {
		for (let i = 0; i < length; i++) {
			if (markedData[to + i] === 0) continue;
			for (let channel = 0; channel < 3; channel++) {
				picture.rgb[(from + i) * 3 + channel] = paintedData[(to + i) * 3 + channel] ?? 0;
			}
		}
	});
	for (const mat of [region, marked, painted]) mat.delete();
}

/** A new picture; the caller frees it. */
function inpaint(region: cv.Mat, marked: cv.Mat, shrink: number): cv.Mat {
	const painted = new cv.Mat();
	if (shrink === 1) {
		cv.inpaint(region, marked, painted, INPAINT_RADIUS_PX, cv.INPAINT_TELEA);
		return painted;
	}
	const size = new cv.Size(Math.ceil(region.cols / shrink), Math.ceil(region.rows / shrink));
	const smallRegion = new cv.Mat();
	const smallMarked = new cv.Mat();
	const smallPainted = new cv.Mat();
	cv.resize(region, smallRegion, size, 0, 0, cv.INTER_AREA);
	cv.resize(marked, smallMarked, size, 0, 0, cv.INTER_AREA);
	// A pixel that is marked in part is mixed with what shall go: it counts as marked.
	cv.threshold(smallMarked, smallMarked, 0, 255, cv.THRESH_BINARY);
	cv.inpaint(smallRegion, smallMarked, smallPainted, INPAINT_RADIUS_PX, cv.INPAINT_TELEA);
	const fullSize = new cv.Size(region.cols, region.rows);
	cv.resize(smallPainted, painted, fullSize, 0, 0, cv.INTER_LINEAR);
	for (const mat of [smallRegion, smallMarked, smallPainted]) mat.delete();
	return painted;
}

/** Grows the white parts by so many pixels on every side. */
export function dilate(mask: cv.Mat, byPx: number): void {
	const side = 2 * byPx + 1;
	const kernel = cv.getStructuringElement(cv.MORPH_ELLIPSE, new cv.Size(side, side));
	cv.dilate(mask, mask, kernel);
	kernel.delete();
}

interface Box {
	left: number;
	top: number;
	width: number;
	height: number;
}

/** The smallest box around the area plus a margin, from which the colours are taken. */
function boundingBox(area: AreaMask, width: number, height: number): Box | undefined {
	let [left, top, right, bottom] = [width, height, -1, -1];
	for (let y = 0; y < height; y++) {
		const row = area.subarray(y * width, (y + 1) * width);
		const first = row.indexOf(255);
		if (first < 0) continue;
		left = Math.min(left, first);
		right = Math.max(right, row.lastIndexOf(255));
		top = Math.min(top, y);
		bottom = y;
	}
	if (right < 0) return undefined;
	left = Math.max(0, left - MARGIN_PX);
	top = Math.max(0, top - MARGIN_PX);
	return {
		left,
		top,
		width: Math.min(width, right + MARGIN_PX + 1) - left,
		height: Math.min(height, bottom + MARGIN_PX + 1) - top,
	};
}

/** Visits the rows of the box: pixel offsets in the picture and in the box, pixels in the row. */
function forEachRow(
	pictureWidth: number,
	box: Box,
	visit: (from: number, to: number, length: number) => void,
): void {
	for (let y = 0; y < box.height; y++) {
		visit((box.top + y) * pictureWidth + box.left, y * box.width, box.width);
	}
}
