// Refuses what PicWish would not accept, before it is paid for.

import { MEGABYTE, TASKS, type TaskType } from '../api/tasks';
import { invalidInput, type PicWishError } from '../errors';
import { CONVERT } from '../picture/formats';
import type { Picture } from '../picture/picture';

/** What is known of a picture; the rest is not checked. */
type Known = Pick<Picture, 'fileName'> & Partial<Pick<Picture, 'bytes' | 'content' | 'size'>>;

/**
 * @param field the field's label, for the message
 * @param mostBytes the size limit; by default the task's limit for uploads
 * @throws PicWishError INVALID_INPUT if the API would not accept the picture
 */
export function checkPicture(
	{ bytes, content, size, fileName }: Known,
	taskType: TaskType,
	field: string,
	mostBytes = TASKS[taskType].maxBytes,
): void {
	const { label, minPixels, maxPixels, formats, formatNames } = TASKS[taskType];
	if (bytes === 0) {
		throw invalidInput(
			`${field}: the file "${fileName}" is empty`,
			'It has 0 bytes. Check the node that created or downloaded it.',
		);
	}
	if (content && !(content.format && formats.includes(content.format))) {
		// Format names begin with a capital letter; other names describe the content.
		const isFormat = /^[A-Z]/.test(content.name);
		throw invalidInput(
			isFormat
				? `${field}: ${label} does not accept ${content.name} files (${fileName})`
				: `${field}: the file "${fileName}" is ${content.name}, which ${label} does not accept`,
			`Use ${formatNames}. ${content.advice ?? CONVERT}`,
		);
	}
	if (bytes !== undefined && bytes > mostBytes) {
		throw tooLarge(fileName, taskType, field, mostBytes);
	}
	if (!size) return;
	const sides = [size.width, size.height];
	if (Math.max(...sides) > maxPixels || Math.min(...sides) < minPixels) {
		const allowed =
			minPixels > 1
				? `sides of ${minPixels} to ${maxPixels}`
				: `at most ${maxPixels} × ${maxPixels}`;
		throw invalidInput(
			`${field}: the image "${fileName}" has ${size.width} × ${size.height} pixels, ${label} accepts ${allowed}`,
			'Resize the image first, for example with the Edit Image node.',
		);
	}
}

export function tooLarge(
	fileName: string,
	taskType: TaskType,
	field: string,
	mostBytes = TASKS[taskType].maxBytes,
): PicWishError {
	return invalidInput(
		`${field}: the file "${fileName}" is larger than ${mostBytes / MEGABYTE} MB, the most that ${TASKS[taskType].label} accepts`,
		'Make the image smaller first, for example with the Edit Image node.',
	);
}
