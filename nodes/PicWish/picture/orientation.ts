// EXIF orientation (CIPA DC-008, tag 274), 1…8: between a picture as seen and as stored.

import type { PixelSize } from './picture';

const swapsSides = (orientation: number) => orientation >= 5;
/** Whether x, or y, of a picture as stored counts from its other side. */
const flipsX = (orientation: number) => [2, 3, 7, 8].includes(orientation);
const flipsY = (orientation: number) => [3, 4, 6, 7].includes(orientation);

/** The size as seen from the size as stored. The other way is the same. */
export function shownSize({ width, height }: PixelSize, orientation: number): PixelSize {
	return swapsSides(orientation) ? { width: height, height: width } : { width, height };
}

interface Box extends PixelSize {
	x: number;
	y: number;
}

/** A box of the picture as seen → of the picture as stored. */
export function toStored(box: Box, orientation: number, stored: PixelSize): Box {
	const [x, y] = swapsSides(orientation) ? [box.y, box.x] : [box.x, box.y];
	const { width, height } = shownSize(box, orientation);
	return {
		x: flipsX(orientation) ? stored.width - x - width : x,
		y: flipsY(orientation) ? stored.height - y - height : y,
		width,
		height,
	};
}
