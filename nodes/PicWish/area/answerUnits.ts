// Determines the unit of an answer's numbers from all of its boxes.

import { invalidInput } from '../errors';
import type { Mark } from './answer';
import type { BoxForm } from './detectors';
import { looksLikeFractions, type Unit } from './units';

/** A mark whose numbers have a known form: chosen in Box Format (`isChosen`), or given by its keys. */
export interface Measured extends Mark {
	form: BoxForm | 'outline';
	isChosen?: boolean;
}

/**
 * Determines the units from all boxes of the answer: one small box alone may be ambiguous.
 *
 * @throws PicWishError INVALID_INPUT if the numbers do not fit their unit
 */
export function inOneUnit(marks: Measured[], field: string): Measured[] {
	const numbersIn = (unit: Unit, isChosen = false) =>
		marks
			.filter((mark) => mark.unit === unit && !!mark.isChosen === isChosen)
			.map(({ numbers }) => numbers);
	for (const unit of ['pixels', 'percent', 'thousandths'] as const) {
		if (looksLikeFractions(numbersIn(unit, true))) {
			throw invalidInput(
				`${field}: all numbers are at most 1; these look like fractions of the image, not ${unit}`,
				'Set Unit to Fraction of Image.',
			);
		}
		if (unit !== 'pixels' && looksLikeFractions(numbersIn(unit))) {
			throw invalidInput(
				`${field}: all numbers are at most 1; these keys stand for ${unit} of the image`,
				'Give fractions as x_min, y_min, x_max, y_max.',
			);
		}
	}
	const readAs: Record<Unit, Unit> = {
		pixels: looksLikeFractions(numbersIn('pixels'), 2) ? 'fraction' : 'pixels',
		percent: 'percent',
		fraction: numbersIn('fraction').some((list) => list.some((number) => number > 2))
			? 'pixels'
			: 'fraction',
		thousandths: 'thousandths',
	};
	return marks.map((mark) => (mark.isChosen ? mark : { ...mark, unit: readAs[mark.unit] }));
}
