import cv from '@techstark/opencv-js';

/** One byte per pixel: 255 = remove, 0 = keep. Same size and order as the picture. */
export type AreaMask = Uint8Array;

export interface Box {
	left: number;
	top: number;
	width: number;
	height: number;
}

/** The parts of an area that do not touch each other. */
interface Spots {
	boxes: Array<{ label: number; box: Box }>;
	/** The spot that a marked pixel belongs to. */
	labelAt(x: number, y: number): number;
}

/** Above this, spots are separated on a coarse grid, to save memory at 10 000 × 10 000. */
const MAX_GRID_SIDE = 2048;
/** Left, top, width, height and area of a connected component. */
export const STATS_COLUMNS = 5;

/** Grows the white parts by `byPx` pixels on every side. */
export function dilate(mask: cv.Mat, byPx: number): void {
	const side = 2 * byPx + 1;
	const kernel = cv.getStructuringElement(cv.MORPH_ELLIPSE, new cv.Size(side, side));
	cv.dilate(mask, mask, kernel);
	kernel.delete();
}

export function findSpots(area: AreaMask, width: number, height: number): Spots {
	const cell = Math.ceil(Math.max(width, height) / MAX_GRID_SIDE);
	const columns = Math.ceil(width / cell);
	const grid = new cv.Mat(Math.ceil(height / cell), columns, cv.CV_8UC1, new cv.Scalar(0));
	const gridData: Uint8Array = grid.data;
	for (let y = 0; y < height; y++) {
		const row = Math.floor(y / cell) * columns;
		for (let x = 0; x < width; x++) {
			if (area[y * width + x] !== 0) gridData[row + Math.floor(x / cell)] = 255;
		}
	}
	const labels = new cv.Mat();
	const stats = new cv.Mat();
	const centroids = new cv.Mat();
	const count = cv.connectedComponentsWithStats(grid, labels, stats, centroids, 8, cv.CV_32S);
	const labelOf = Int32Array.from(labels.data32S);
	const boxes: Spots['boxes'] = [];
	// Label 0 is the background.
	for (let label = 1; label < count; label++) {
		const at = label * STATS_COLUMNS;
		const [left = 0, top = 0, columnsWide = 0, rowsHigh = 0] = stats.data32S.subarray(at, at + 4);
		boxes.push({
			label,
			box: clip(
				{
					left: left * cell,
					top: top * cell,
					width: columnsWide * cell,
					height: rowsHigh * cell,
				},
				width,
				height,
			),
		});
	}
	for (const mat of [grid, labels, stats, centroids]) mat.delete();
	return {
		boxes,
		labelAt: (x, y) => labelOf[Math.floor(y / cell) * columns + Math.floor(x / cell)] ?? 0,
	};
}

/** The part of the box that lies in the picture. */
export function clip(box: Box, width: number, height: number): Box {
	const left = Math.max(0, box.left);
	const top = Math.max(0, box.top);
	return {
		left,
		top,
		width: Math.min(width, box.left + box.width) - left,
		height: Math.min(height, box.top + box.height) - top,
	};
}
