// The form's Options, except those for the area and the request.

import type { IExecuteFunctions } from 'n8n-workflow';
import { toNumber } from '../untrusted';
import { bool, itemOf, mustBe, numberIn, text, valueOrDefault, type Values } from './fields';

export type JobOptions = ReturnType<typeof readOptions>;

/** @throws PicWishError INVALID_INPUT naming the field */
export function readOptions(values: Values, defaultFileName: string) {
	return {
		patience: {
			pollIntervalMs: 1000 * numberIn(values, 'pollInterval'),
			maxWaitMs: 1000 * numberIn(values, 'maxWait'),
		},
		wait: bool(values, 'waitForCompletion'),
		download: bool(values, 'downloadResult'),
		outputField: text(values, 'outputBinaryPropertyName'),
		/** The extension is replaced by that of the result's format. Empty = named after the task. */
		fileName: text(values, 'fileName') || defaultFileName,
		includeInputFields: bool(values, 'includeInputFields'),
	};
}

/**
 * How many images may be in progress at once in this run; 0 = automatic.
 *
 * @throws PicWishError INVALID_INPUT
 */
export function readMaxConcurrentTasks(context: IExecuteFunctions): number {
	const name = 'maxConcurrentTasks';
	const value = valueOrDefault(itemOf(context, 0).values, name);
	const read = toNumber(value);
	if (read !== undefined && Number.isInteger(read) && read >= 0) return read;
	throw mustBe(name, 'a whole number of at least 0', value, 'Use 0 to let the node choose.');
}
