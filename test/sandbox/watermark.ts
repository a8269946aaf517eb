import cv from '@techstark/opencv-js';
import sharp from 'sharp';

import type { RgbPicture } from './bmp';
import { type AreaMask, STATS_COLUMNS, dilate } from './spots';

/** Detection runs on a copy with at most this longer side: strokes stay a few pixels wide. */
const MAX_DETECTION_SIDE_PX = 1600;
/** The background is a median over this share of the longer side: wider than any stroke. */
const BACKGROUND_SHARE = 1 / 16;
const MIN_BRIGHTER_BY = 10;
const MIN_OPACITY = 0.12;
/** Opacities differ this much within one watermark, due to noise and estimation errors. */
const OPACITY_TOLERANCE = 0.17;
const MIN_SPOT_PIXELS = 14;
const GROW_PX = 3;
const HISTOGRAM_BINS = 50;

/**
 * Finds a bright, half-transparent overlay such as white lettering.
 *
 * White laid over a background B with opacity a gives I = B + a (255 - B) in every channel. With B
 * estimated by a median blur, each pixel yields its a. A watermark has one opacity, highlights have all
 * of them: the most frequent opacity is the watermark's.
 */
export async function findWatermark(picture: RgbPicture): Promise<AreaMask> {
	const small = await shrunken(picture);
	const background = new cv.Mat();
	const kernelPx = 2 * Math.ceil((Math.max(small.cols, small.rows) * BACKGROUND_SHARE) / 2) + 1;
	cv.medianBlur(small, background, Math.max(7, kernelPx));
	const opacity = whiteOpacity(small.data, background.data);
	const usual = mostFrequent(opacity);

	const mask = new cv.Mat(small.rows, small.cols, cv.CV_8UC1);
	const marked: Uint8Array = mask.data;
	opacity.forEach((value, i) => {
		marked[i] = value > 0 && Math.abs(value - usual) <= OPACITY_TOLERANCE ? 255 : 0;
	});
	dropSpots(mask);
	dilate(mask, GROW_PX);

	const area = enlarged(mask, picture.width, picture.height);
	for (const mat of [small, background, mask]) mat.delete();
	return area;
}

async function shrunken({ width, height, rgb }: RgbPicture): Promise<cv.Mat> {
	const { data, info } = await sharp(rgb, { raw: { width, height, channels: 3 } })
		.resize(MAX_DETECTION_SIDE_PX, MAX_DETECTION_SIDE_PX, {
			fit: 'inside',
			withoutEnlargement: true,
		})
		.raw()
		.toBuffer({ resolveWithObject: true });
	const small = new cv.Mat(info.height, info.width, cv.CV_8UC3);
	small.data.set(data);
	return small;
}

function enlarged(mask: cv.Mat, width: number, height: number): AreaMask {
	const area = new Uint8Array(width * height);
	const small: Uint8Array = mask.data;
	for (let y = 0; y < height; y++) {
		const row = Math.floor((y * mask.rows) / height) * mask.cols;
		for (let x = 0; x < width; x++) {
			area[y * width + x] = small[row + Math.floor((x * mask.cols) / width)] ?? 0;
		}
	}
	return area;
}

/** Per pixel, the opacity of white that explains it; 0 = white does not explain it. */
function whiteOpacity(pixels: Uint8Array, background: Uint8Array): Float32Array {
	const opacity = new Float32Array(pixels.length / 3);
	for (let i = 0; i < opacity.length; i++) {
		let brighter = 0;
		let room = 0;
		let least = Infinity;
		let most = -Infinity;
		for (let channel = i * 3; channel < i * 3 + 3; channel++) {
			const under = background[channel] ?? 0;
			const difference = (pixels[channel] ?? 0) - under;
			brighter += difference;
			room += 255 - under;
			const ofChannel = difference / Math.max(24, 255 - under);
			least = Math.min(least, ofChannel);
			most = Math.max(most, ofChannel);
		}
		const mean = brighter / Math.max(1, room);
		const agrees = least > 0 && most - least < 0.1 + 0.35 * mean;
		if (agrees && brighter >= 3 * MIN_BRIGHTER_BY && mean >= MIN_OPACITY) opacity[i] = mean;
	}
	return opacity;
}

/** Center of the fullest window of the histogram; the window is as wide as the tolerance. */
function mostFrequent(opacity: Float32Array): number {
	const histogram = new Array<number>(HISTOGRAM_BINS + 1).fill(0);
	for (const value of opacity) {
		const bin = Math.min(HISTOGRAM_BINS, Math.round(value * HISTOGRAM_BINS));
		if (value > 0) histogram[bin] = (histogram[bin] ?? 0) + 1;
	}
	const reach = Math.round((OPACITY_TOLERANCE / 2) * HISTOGRAM_BINS);
	let best = 0;
	let bestCount = -1;
	for (let bin = 0; bin <= HISTOGRAM_BINS; bin++) {
		const near = histogram.slice(Math.max(0, bin - reach), bin + reach + 1);
		const count = near.reduce((sum, n) => sum + n, 0);
		if (count > bestCount) [best, bestCount] = [bin / HISTOGRAM_BINS, count];
	}
	return best;
}

/** Closes gaps in strokes and clears what is too small to be part of one. */
function dropSpots(mask: cv.Mat): void {
	const kernel = cv.Mat.ones(3, 3, cv.CV_8UC1);
	cv.morphologyEx(mask, mask, cv.MORPH_CLOSE, kernel);
	kernel.delete();
	const labels = new cv.Mat();
	const stats = new cv.Mat();
	const centroids = new cv.Mat();
	cv.connectedComponentsWithStats(mask, labels, stats, centroids, 8, cv.CV_32S);
	const labelOf: Int32Array = labels.data32S;
	const areaOf: Int32Array = stats.data32S;
	const marked: Uint8Array = mask.data;
	for (let i = 0; i < marked.length; i++) {
		const label = labelOf[i] ?? 0;
		if (label > 0 && (areaOf[label * STATS_COLUMNS + cv.CC_STAT_AREA] ?? 0) < MIN_SPOT_PIXELS)
			marked[i] = 0;
	}
	for (const mat of [labels, stats, centroids]) mat.delete();
}
