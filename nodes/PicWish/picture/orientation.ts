// EXIF orientation (CIPA DC-008, tag 274), 1…8: relates a picture as shown to the picture as stored.

import type { PixelSize } from './picture';

const swapsSides = (orientation: number) => orientation >= 5;
/** Whether x (or y) of the stored picture is mirrored. */
const flipsX = (orientation: number) => [2, 3, 7, 8].includes(orientation);
const flipsY = (orientation: number) => [3, 4, 6, 7].includes(orientation);

/** The size as shown from the size as stored, or the reverse. */
export function shownSize({ width, height }: PixelSize, orientation: number): PixelSize {
	return swapsSides(orientation) ? { width: height, height: width } : { width, height };
}

interface Box extends PixelSize {
	x: number;
	y: number;
}

/** A box of the picture as shown → of the picture as stored. */
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
