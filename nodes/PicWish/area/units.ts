// Units of areas, and their conversion to pixels.

import type { PixelSize } from '../picture/picture';

export const UNITS = ['pixels', 'percent', 'fraction', 'thousandths'] as const;
export type Unit = (typeof UNITS)[number];

/** The whole image in each relative unit. */
const WHOLE = { percent: 100, fraction: 1, thousandths: 1000 };

/**
 * Pixels of the image per unit, horizontally and vertically.
 *
 * @param frame the size to which pixels refer, if a detector got a scaled copy of the image
 */
export function pixelsPerUnit(
	unit: Unit,
	size: PixelSize,
	frame: PixelSize = size,
): { x: number; y: number } {
	if (unit === 'pixels') {
		return { x: size.width / frame.width, y: size.height / frame.height };
	}
	return { x: size.width / WHOLE[unit], y: size.height / WHOLE[unit] };
}

/** The maximum of a set of numbers, and whether all are whole. */
export class NumberRange {
	most = -Infinity;
	private allWhole = true;

	constructor(numbers: Iterable<number> = []) {
		for (const number of numbers) this.add(number);
	}

	add(number: number): void {
		if (number > this.most) this.most = number;
		if (this.allWhole) this.allWhole = Number.isInteger(number);
	}

	/** All are at most `most` and some have decimals: fractions of the image, not a larger unit. */
	looksLikeFractions(most = 1): boolean {
		return this.most <= most && !this.allWhole;
	}
}
