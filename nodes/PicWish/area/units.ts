// Numbers of areas: what they count, and what one of them is in pixels.

import type { PixelSize } from '../picture/picture';

export const UNITS = ['pixels', 'percent', 'fraction', 'thousandths'] as const;
export type Unit = (typeof UNITS)[number];

/** What the whole image measures in a unit that is relative to it. */
const WHOLE = { percent: 100, fraction: 1, thousandths: 1000 };

/**
 * Pixels of the image for each unit, to the right and down.
 *
 * @param frame the size that pixels refer to, where a detector looked at a scaled copy of the image
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

/** What a set of numbers has in common. */
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

	/** All are at most `most` and some have decimals: 0…1 of the image, hardly a larger unit. */
	looksLikeFractions(most = 1): boolean {
		return this.most <= most && !this.allWhole;
	}
}
