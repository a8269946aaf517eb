// All of an item's parameters, read in one place.

import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { Patience } from './api/client';
import { invalidInput } from './api/errors';
import type { TaskOrder } from './api/order';
import { TASKS, TASK_TYPES, type TaskType } from './api/tasks';
import { readArea, readImage } from './jobSources';
import { bool, oneOf, shown } from './fields';
import { toNumber, toTyped } from './api/untrusted';

/** One item's parameters, read once and checked: nothing of n8n is in it. */
export interface Job {
	operation: TaskType | 'getResult';
	taskType: TaskType;
	/** The task to create; undefined for Get Result. */
	order?: TaskOrder;
	/** The task to fetch; Get Result only. */
	taskId?: string;
	/** What the task is made from, as text: two tries with the same text want the same task. */
	inputs: string;
	options: JobOptions;
	/** For the output pane: the item is fine, but the user may want to know. */
	warning?: string;
}

interface JobOptions {
	patience: Patience;
	wait: boolean;
	download: boolean;
	outputField: string;
	/** Without the right extension, which only the result's bytes tell. */
	fileName: string;
	includeInputFields: boolean;
}

/** PicWish documentation, "Recommended asynchronous flow": every second; not faster. */
const SHORTEST_POLL_INTERVAL_S = 1;
const DEFAULT_MAX_WAIT_S = 300;
/** Timers and dates stay sane; the task is gone after an hour anyway. */
const LONGEST_S = 24 * 60 * 60;

/**
 * Reads and checks all parameters of one item. Sends nothing.
 *
 * @throws PicWishError INVALID_INPUT naming the field
 */
export async function readJob(context: IExecuteFunctions, itemIndex: number): Promise<Job> {
	const operation = oneOf(
		context.getNodeParameter('operation', itemIndex),
		[...TASK_TYPES, 'getResult'] as const,
		'Operation',
	);
	const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	if (operation === 'getResult') return readGetResult(context, itemIndex, options);

	const taskType = operation;
	const image = await readImage(context, itemIndex, taskType);
	const { takesArea, givesBase64, fileNameSuffix } = TASKS[taskType];
	const marked = takesArea ? await readArea(context, itemIndex, image) : undefined;
	const mode = oneOf(options.requestMode ?? 'async', ['async', 'sync'] as const, 'Request Mode');
	const sync = mode === 'sync';
	const transfer = oneOf(
		options.resultTransfer ?? 'url',
		['url', 'base64'] as const,
		'Result Transfer',
	);
	const base64 = givesBase64 && transfer === 'base64';
	const read = readOptions(options, stem(image.fileName) + fileNameSuffix);
	const wait = sync || read.wait;
	if (base64 && wait && !read.download) {
		throw invalidInput(
			'Download Result: must be on when the result comes inside the reply, as there is no address then',
			'Switch it on, or set Result Transfer to Download From URL.',
		);
	}
	return {
		operation,
		taskType,
		order: { taskType, source: image.source, area: marked?.area, sync, base64 },
		inputs: JSON.stringify([taskType, image.identity, marked?.identity, sync, base64]),
		options: { ...read, wait },
		warning: marked?.warning,
	};
}

function readGetResult(context: IExecuteFunctions, itemIndex: number, options: IDataObject): Job {
	const taskType = oneOf(context.getNodeParameter('taskType', itemIndex), TASK_TYPES, 'Task Type');
	const taskId = toTyped(context.getNodeParameter('taskId', itemIndex));
	if (!taskId) {
		throw invalidInput(
			'Task ID: no task ID is given',
			'Use the taskId of the run that created the task.',
		);
	}
	if (!/^[\w-]{1,128}$/.test(taskId)) {
		throw invalidInput(
			'Task ID: has characters that no task ID has',
			'Give only the taskId of the run that created the task, without quotes or spaces.',
		);
	}
	return {
		operation: 'getResult',
		taskType,
		taskId,
		inputs: taskId,
		options: readOptions(options, taskId + TASKS[taskType].fileNameSuffix),
	};
}

function readOptions(options: IDataObject, defaultFileName: string): JobOptions {
	const seconds = (name: string, field: string, fallback: number, least: number) => {
		const value = options[name] ?? fallback;
		const read = toNumber(value);
		if (read !== undefined && read >= least && read <= LONGEST_S) return read * 1000;
		throw invalidInput(
			`${field}: must be a number of seconds from ${least} to ${LONGEST_S}, not ${shown(value)}`,
			'Correct it in the options of the node.',
		);
	};
	const outputField = toTyped(options.outputBinaryPropertyName ?? 'data');
	if (outputField === undefined) {
		throw invalidInput('Output Binary Field: no name is given', 'Give a name such as data.');
	}
	return {
		patience: {
			pollIntervalMs: seconds('pollInterval', 'Poll Interval', 1, SHORTEST_POLL_INTERVAL_S),
			maxWaitMs: seconds('maxWait', 'Max Wait', DEFAULT_MAX_WAIT_S, 1),
		},
		wait: bool(options.waitForCompletion, true, 'Wait for Completion'),
		download: bool(options.downloadResult, true, 'Download Result'),
		outputField,
		fileName: toTyped(options.fileName) ?? defaultFileName,
		includeInputFields: bool(options.includeInputFields, false, 'Include Input Fields'),
	};
}

/**
 * How many images may be in progress at once, of all items; 0 = automatic.
 *
 * @throws PicWishError INVALID_INPUT
 */
export function readMaxConcurrentTasks(context: IExecuteFunctions): number {
	const value = context.getNodeParameter('options.maxConcurrentTasks', 0, 0) ?? 0;
	const read = toNumber(value);
	if (read !== undefined && Number.isInteger(read) && read >= 0) return read;
	throw invalidInput(
		`Max Concurrent Tasks: must be a whole number from 0, not ${shown(value)}`,
		'Use 0 to let the node choose.',
	);
}

/** A file name without its extension. */
function stem(fileName: string): string {
	return fileName.replace(/(.)\.[^.]{1,5}$/, '$1');
}
