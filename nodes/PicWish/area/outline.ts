// Fills closed outlines.

import { type Bitmap, MARKED } from './bitmap';
import { Slices } from './eventLoop';
import { endPixel, firstPixel, HAIR } from './pixels';
import type { Point } from './shapes';

/** Points are clamped to this: far outside any image, yet precise to a fraction of a pixel. */
const FARTHEST = 1e9;

/** The fixed cost of a row, in edges. */
const ROW_WORK = 16;

/**
 * Marks every pixel that an outline touches with its line or its inside, so that nothing marked remains
 * at an edge. Even-odd rule: what two loops enclose is outside. Clips at the bitmap, and skips points
 * that are NaN.
 */
export async function fillOutlines(
	bitmap: Bitmap,
	outlines: ReadonlyArray<readonly Point[]>,
): Promise<void> {
	const { height } = bitmap;
	const pen = new Pen(bitmap);
	const slices = new Slices();
	for (const points of outlines) {
		const edges = new Edges(points, height);
		const byFirstRow = edges.byFirstRow();
		/** The edges that touch the row, from left to right; between rows, their order changes little. */
		const active = new Int32Array(byFirstRow.length);
		let count = 0;
		let next = 0;
		const firstRow = edges.firstRow[byFirstRow[0] ?? 0] ?? height;
		for (let row = firstRow; row < height; row++) {
			count = edges.keepFrom(row, active, count);
			while (next < byFirstRow.length && edges.firstRow[byFirstRow[next]!]! <= row) {
				active[count++] = byFirstRow[next++]!;
			}
			if (count === 0 && next === byFirstRow.length) break;
			edges.placeAt(row, active, count);
			if (!pen.knows(row, edges.leftmost, edges.rightmost)) {
				edges.sort(active, count);
				drawRow(pen, row, edges, active, count);
			}
			if (slices.dueAfter(count + ROW_WORK)) await slices.pause();
		}
		if (slices.dueAfter(points.length + ROW_WORK)) await slices.pause();
	}
}

function drawRow(pen: Pen, row: number, edges: Edges, active: Int32Array, count: number): void {
	/** Where the inside began; NaN = outside now. */
	let inside = NaN;
	for (let i = 0; i < count; i++) {
		const edge = active[i]!;
		pen.mark(row, edges.left[edge]!, edges.right[edge]!);
		if (!edges.crossesCenter(edge, row)) continue;
		const x = edges.center[edge]!;
		if (inside <= x) {
			pen.mark(row, inside, x);
			inside = NaN;
		} else {
			inside = x;
		}
	}
	// Not worth it for a row with few edges.
	if (count > 8) pen.learn(row);
}

/** Marks spans of rows, and skips those known to be marked: outlines often overlap. */
class Pen {
	/** Per row, one long span that is fully marked. */
	private readonly knownFrom: Int32Array;
	private readonly knownTo: Int32Array;

	constructor(private readonly bitmap: Bitmap) {
		this.knownFrom = new Int32Array(bitmap.height);
		this.knownTo = new Int32Array(bitmap.height);
	}

	/** Whether every pixel of the row between two points is known to be marked. */
	knows(row: number, left: number, right: number): boolean {
		const { width } = this.bitmap;
		return (
			Math.max(0, left) >= this.knownFrom[row]! && Math.min(width, right) <= this.knownTo[row]!
		);
	}

	/** Marks every pixel of the row between two points; rounds as {@link firstPixel} and {@link endPixel}. */
	mark(row: number, left: number, right: number): void {
		const { width, pixels } = this.bitmap;
		const from = left > 0 ? Math.floor(left + HAIR) : 0;
		const to = right < width ? Math.ceil(right - HAIR) : width;
		const knownFrom = this.knownFrom[row]!;
		const knownTo = this.knownTo[row]!;
		if (from >= to || (from >= knownFrom && to <= knownTo)) return;
		const start = row * width;
		// For a few pixels, calling fill() takes longer than the loop.
		if (to - from > 24) pixels.fill(MARKED, start + from, start + to);
		else for (let x = from; x < to; x++) pixels[start + x] = MARKED;
		if (from <= knownTo && to >= knownFrom) {
			if (from < knownFrom) this.knownFrom[row] = from;
			if (to > knownTo) this.knownTo[row] = to;
		} else if (to - from > knownTo - knownFrom) {
			this.knownFrom[row] = from;
			this.knownTo[row] = to;
		}
	}

	/** Extends the known span by adjacent marked pixels; each pixel is visited about once overall. */
	learn(row: number): void {
		const { width, pixels } = this.bitmap;
		const start = row * width;
		let from = this.knownFrom[row]!;
		let to = this.knownTo[row]!;
		while (from > 0 && pixels[start + from - 1] === MARKED) from--;
		while (to < width && pixels[start + to] === MARKED) to++;
		this.knownFrom[row] = from;
		this.knownTo[row] = to;
	}
}

/** The edges of an outline, each from its upper to its lower end; one array per field, for speed. */
class Edges {
	/** The rows of the bitmap that an edge touches. */
	readonly firstRow: Int32Array;
	private readonly endRow: Int32Array;
	/** In the row of the last {@link placeAt}: the ends of an edge, and its x at half height. */
	readonly left: Float64Array;
	readonly right: Float64Array;
	readonly center: Float64Array;
	/** The extremes of `left` and `right`. */
	leftmost = 0;
	rightmost = 0;
	private readonly top: Float64Array;
	private readonly bottom: Float64Array;
	private readonly xTop: Float64Array;
	private readonly xBottom: Float64Array;
	/** Columns per row; unused for a horizontal edge, which crosses no row's middle or border. */
	private readonly slope: Float64Array;

	constructor(points: readonly Point[], height: number) {
		const near = (value: number) => Math.max(-FARTHEST, Math.min(FARTHEST, value));
		const corners = points.filter(({ x, y }) => !Number.isNaN(x) && !Number.isNaN(y));
		const column = () => new Float64Array(corners.length);
		this.firstRow = new Int32Array(corners.length);
		this.endRow = new Int32Array(corners.length);
		[this.left, this.right, this.center] = [column(), column(), column()];
		[this.top, this.bottom, this.xTop, this.xBottom] = [column(), column(), column(), column()];
		this.slope = column();
		for (const [edge, corner] of corners.entries()) {
			const other = corners[(edge + 1) % corners.length]!;
			const [upper, lower] = corner.y <= other.y ? [corner, other] : [other, corner];
			this.top[edge] = near(upper.y);
			this.xTop[edge] = near(upper.x);
			this.bottom[edge] = near(lower.y);
			this.xBottom[edge] = near(lower.x);
			this.slope[edge] = (near(lower.x) - near(upper.x)) / (near(lower.y) - near(upper.y));
			this.firstRow[edge] = firstPixel(near(upper.y));
			this.endRow[edge] = endPixel(near(lower.y), height);
		}
	}

	/** Edges that touch a row of the bitmap. */
	byFirstRow(): number[] {
		const { firstRow, endRow } = this;
		const edges: number[] = [];
		for (let edge = 0; edge < firstRow.length; edge++) {
			if (firstRow[edge]! < endRow[edge]!) edges.push(edge);
		}
		return edges.sort((a, b) => firstRow[a]! - firstRow[b]!);
	}

	/** Drops edges that end above the row from the first `count`; returns how many are left. */
	keepFrom(row: number, active: Int32Array, count: number): number {
		let kept = 0;
		for (let i = 0; i < count; i++) {
			if (this.endRow[active[i]!]! > row) active[kept++] = active[i]!;
		}
		return kept;
	}

	/** Half-open, so that a point shared by two edges counts once. */
	crossesCenter(edge: number, row: number): boolean {
		return this.top[edge]! <= row + 0.5 && row + 0.5 < this.bottom[edge]!;
	}

	/** Sets `left`, `right` and `center` of the first `count` for the row. */
	placeAt(row: number, active: Int32Array, count: number): void {
		const { top, bottom, xTop, xBottom, slope, left, right, center } = this;
		this.leftmost = Infinity;
		this.rightmost = -Infinity;
		for (let i = 0; i < count; i++) {
			const edge = active[i]!;
			const y = row - top[edge]!;
			// Uses the ends themselves: rounding must not overshoot them.
			const a = y > 0 ? xTop[edge]! + y * slope[edge]! : xTop[edge]!;
			const b = row + 1 < bottom[edge]! ? xTop[edge]! + (y + 1) * slope[edge]! : xBottom[edge]!;
			const from = a < b ? a : b;
			const to = a < b ? b : a;
			left[edge] = from;
			right[edge] = to;
			center[edge] = this.crossesCenter(edge, row) ? xTop[edge]! + (y + 0.5) * slope[edge]! : a;
			if (from < this.leftmost) this.leftmost = from;
			if (to > this.rightmost) this.rightmost = to;
		}
	}

	/** Sorts the first `count` by `center`; fast if they are nearly in order. */
	sort(active: Int32Array, count: number): void {
		const { center } = this;
		for (let i = 1; i < count; i++) {
			const edge = active[i]!;
			const x = center[edge]!;
			let at = i;
			for (; at > 0 && center[active[at - 1]!]! > x; at--) active[at] = active[at - 1]!;
			active[at] = edge;
		}
	}
}
