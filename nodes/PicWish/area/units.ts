// Units of areas, and their conversion to pixels.

import type { PixelSize } from '../picture/picture';
import type { Point } from './shapes';

export const UNITS = ['pixels', 'percent', 'fraction', 'thousandths'] as const;
export type Unit = (typeof UNITS)[number];

/** The whole image in each relative unit. */
const WHOLE = { percent: 100, fraction: 1, thousandths: 1000 };

/**
 * Pixels of the image per unit, horizontally and vertically.
 *
 * @param frame the size to which pixels refer, if a detector got a scaled copy of the image
 */
export function pixelsPerUnit(unit: Unit, size: PixelSize, frame: PixelSize = size): Point {
	const whole = unit === 'pixels' ? frame : { width: WHOLE[unit], height: WHOLE[unit] };
	return { x: size.width / whole.width, y: size.height / whole.height };
}

/** All are at most `most` and some have decimals: fractions of the image, not a larger unit. */
export function looksLikeFractions(lists: ReadonlyArray<readonly number[]>, most = 1): boolean {
	const every = (test: (number: number) => boolean) => lists.every((list) => list.every(test));
	return every((number) => number <= most) && !every(Number.isInteger);
}
