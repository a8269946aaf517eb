import cv from '@techstark/opencv-js';

import type { RgbPicture } from './bmp';
import { type AreaMask, type Box, clip, dilate, findSpots } from './spots';

const MARGIN_PX = 16;
const DILATE_PX = 2;
const INPAINT_RADIUS_PX = 4;
/** Above these, works on a smaller copy, so that 4096 × 4096 takes seconds. */
const MAX_REGION_PIXELS = 12_000_000;
const MAX_AREA_PIXELS = 1_500_000;

/** Resolves when OpenCV's WebAssembly can be called. */
export async function openCvReady(): Promise<void> {
	if (typeof cv.Mat === 'function') return;
	await new Promise<void>((resolve) => {
		cv.onRuntimeInitialized = resolve;
	});
}

/**
 * Inpaints the marked area (Telea 2004) and two pixels around it; changes `picture.rgb` only there. One
 * spot at a time, because OpenCV's time is quadratic in the outline.
 */
export function removeArea(picture: RgbPicture, area: AreaMask): void {
	const { width, height, rgb } = picture;
	const mask = new cv.Mat(height, width, cv.CV_8UC1);
	mask.data.set(area);
	dilate(mask, DILATE_PX);
	const grown = Uint8Array.from(mask.data);
	const areaShrink = Math.sqrt(cv.countNonZero(mask) / MAX_AREA_PIXELS);
	mask.delete();

	const spots = findSpots(grown, width, height);
	for (const { label, box } of spots.boxes) {
		const around = clip(
			{
				left: box.left - MARGIN_PX,
				top: box.top - MARGIN_PX,
				width: box.width + 2 * MARGIN_PX,
				height: box.height + 2 * MARGIN_PX,
			},
			width,
			height,
		);
		const painted = inpaintBox(picture, grown, around, areaShrink);
		for (let y = box.top; y < box.top + box.height; y++) {
			for (let x = box.left; x < box.left + box.width; x++) {
				const to = y * width + x;
				if (grown[to] === 0 || spots.labelAt(x, y) !== label) continue;
				const from = (y - around.top) * around.width + (x - around.left);
				rgb.set(painted.subarray(from * 3, from * 3 + 3), to * 3);
			}
		}
	}
}

/** The pixels of the box, inpainted where marked. */
function inpaintBox(
	{ width, rgb }: RgbPicture,
	area: AreaMask,
	box: Box,
	areaShrink: number,
): Uint8Array {
	const region = new cv.Mat(box.height, box.width, cv.CV_8UC3);
	const marked = new cv.Mat(box.height, box.width, cv.CV_8UC1);
	for (let y = 0; y < box.height; y++) {
		const from = (box.top + y) * width + box.left;
		region.data.set(rgb.subarray(from * 3, (from + box.width) * 3), y * box.width * 3);
		marked.data.set(area.subarray(from, from + box.width), y * box.width);
	}
	const regionShrink = Math.sqrt((box.width * box.height) / MAX_REGION_PIXELS);
	const painted = new cv.Mat();
	inpaint(region, marked, painted, Math.max(1, regionShrink, areaShrink));
	const pixels = Uint8Array.from(painted.data);
	for (const mat of [region, marked, painted]) mat.delete();
	return pixels;
}

function inpaint(region: cv.Mat, marked: cv.Mat, painted: cv.Mat, shrink: number): void {
	if (shrink === 1) {
		cv.inpaint(region, marked, painted, INPAINT_RADIUS_PX, cv.INPAINT_TELEA);
		return;
	}
	const size = new cv.Size(Math.ceil(region.cols / shrink), Math.ceil(region.rows / shrink));
	const smallRegion = new cv.Mat();
	const smallMarked = new cv.Mat();
	const smallPainted = new cv.Mat();
	cv.resize(region, smallRegion, size, 0, 0, cv.INTER_AREA);
	cv.resize(marked, smallMarked, size, 0, 0, cv.INTER_AREA);
	// A partly marked pixel is mixed with what must go, so it counts as marked.
	cv.threshold(smallMarked, smallMarked, 0, 255, cv.THRESH_BINARY);
	cv.inpaint(smallRegion, smallMarked, smallPainted, INPAINT_RADIUS_PX, cv.INPAINT_TELEA);
	const fullSize = new cv.Size(region.cols, region.rows);
	cv.resize(smallPainted, painted, fullSize, 0, 0, cv.INTER_LINEAR);
	for (const mat of [smallRegion, smallMarked, smallPainted]) mat.delete();
}
