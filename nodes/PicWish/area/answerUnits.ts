// Determines the unit of an answer's numbers from all of its boxes.

import { invalidInput } from '../errors';
import type { Mark } from './answer';
import { NumberRange, type Unit } from './units';

/** A mark whose numbers have a known form: chosen in Box Format (`isChosen`), or given by its keys. */
export type Measured = Mark & {
	shape: Exclude<Mark['shape'], { kind: 'plain' }>;
	isChosen?: boolean;
};

/**
 * Determines the units from all boxes of the answer: one small box alone may be ambiguous.
 *
 * @throws PicWishError INVALID_INPUT if the numbers do not fit their unit
 */
export function inOneUnit(marks: Measured[], field: string): Measured[] {
	const byKeys = rangesByUnit(marks.filter(({ isChosen }) => !isChosen));
	const byChoice = rangesByUnit(marks.filter(({ isChosen }) => isChosen));
	for (const unit of ['pixels', 'percent', 'thousandths'] as const) {
		if (byChoice[unit].looksLikeFractions()) {
			throw invalidInput(
				`${field}: all numbers are at most 1; these look like fractions of the image, not ${unit}`,
				'Set Unit to Fraction of Image.',
			);
		}
		if (unit !== 'pixels' && byKeys[unit].looksLikeFractions()) {
			throw invalidInput(
				`${field}: all numbers are at most 1; these keys stand for ${unit} of the image`,
				'Give fractions as x_min, y_min, x_max, y_max.',
			);
		}
	}
	const pixelsAre: Unit = byKeys.pixels.looksLikeFractions(2) ? 'fraction' : 'pixels';
	const fractionsAre: Unit = byKeys.fraction.most > 2 ? 'pixels' : 'fraction';
	const readAs = {
		pixels: pixelsAre,
		fraction: fractionsAre,
		percent: 'percent',
		thousandths: 'thousandths',
	} as const;
	return marks.map((mark) => {
		const unit = mark.isChosen ? mark.unit : readAs[mark.unit];
		return unit === mark.unit ? mark : { ...mark, unit };
	});
}

function rangesByUnit(marks: Measured[]): Record<Unit, NumberRange> {
	const ranges = {
		pixels: new NumberRange(),
		percent: new NumberRange(),
		fraction: new NumberRange(),
		thousandths: new NumberRange(),
	};
	for (const { unit, shape, numbers } of marks) {
		for (const number of numbers) ranges[unit].add(number);
		for (const { x, y } of shape.kind === 'outline' ? shape.points : []) {
			ranges[unit].add(x);
			ranges[unit].add(y);
		}
	}
	return ranges;
}
