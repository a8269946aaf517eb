// Reads all of an item's parameters in one place.

import type { IExecuteFunctions } from 'n8n-workflow';
import { aboutFile, invalidInput } from '../errors';
import { stem } from '../picture/fileName';
import type { TaskOrder } from '../api/order';
import { TASKS, TASK_TYPES, type TaskType } from '../api/tasks';
import { readImage, type FetchedBy, type Image } from './imageSource';
import { readArea, type RemovalArea } from './removalArea';
import { turning } from './turnedPhoto';
import type { Download, UrlImages } from './urlImages';
import { choice, itemOf, oneOf, text, type Item, type Values } from './fields';
import { readOptions, type JobOptions } from './jobOptions';
import { shown } from '../untrusted';

/** One item's parameters, read and checked, as plain values. */
export interface Job {
	operation: Operation;
	taskType: TaskType;
	/** Get Result: other types to try if PicWish knows no such task of `taskType`. */
	otherTypes?: TaskType[];
	/** The image's name; null for Get Result. */
	fileName: string | null;
	/** The task to create, if any. */
	order?: TaskOrder;
	/** The task to fetch; Get Result only. */
	taskId?: string;
	/**
	 * For an image behind a URL that n8n may download and upload. `first`: whether n8n downloads it at
	 * once; otherwise only if PicWish cannot.
	 */
	fetch?: { first: boolean; download: Download };
	/** The marked area; for object removal and its preview. */
	removalArea?: RemovalArea;
	/** The marked area as a PNG; only for the preview. */
	preview?: Buffer;
	/** Set if there is nothing to remove: the image is the result. */
	unchanged?: Pick<Image, 'binary' | 'url' | 'download'>;
	/** Identifies the inputs of the task: two tries with the same text share one task. */
	inputs: string;
	options: JobOptions;
	/** The EXIF orientation to give the result: that of the image. */
	resultOrientation?: number;
	/** A hint for the output pane about an item that succeeded. */
	warning?: string;
}

const OPERATIONS = [...TASK_TYPES, 'previewArea', 'getResult'] as const;
type Operation = (typeof OPERATIONS)[number];

interface Reading {
	urlImages: UrlImages;
	/** Overrides the option URL Fetched By. */
	fetchedBy?: FetchedBy;
	/**
	 * Check only parameters and file headers: no mask is opened or drawn, and no URL is opened. The job
	 * is incomplete.
	 */
	checkOnly?: boolean;
}

/**
 * Reads and checks all parameters of one item. Sends nothing to PicWish. Reads the header of an image
 * behind a URL if the area needs its size or n8n will upload it.
 *
 * @throws PicWishError INVALID_INPUT naming the field
 */
export async function readJob(
	context: IExecuteFunctions,
	itemIndex: number,
	{ urlImages, fetchedBy, checkOnly = false }: Reading,
): Promise<Job> {
	const item = itemOf(context, itemIndex);
	const operation = oneOf('operation', item.values('operation'), OPERATIONS);
	if (operation === 'getResult') return readGetResult(item.values);
	const taskType = operation === 'previewArea' ? 'removeObjects' : operation;
	const image = await readImage(item, taskType, urlImages, fetchedBy);
	const read = () => readImageJob(item, operation, taskType, image, checkOnly);
	return await aboutFile(image.fileName, read);
}

async function readImageJob(
	item: Item,
	operation: Operation,
	taskType: TaskType,
	image: Image,
	checkOnly: boolean,
): Promise<Job> {
	const { values } = item;
	const { fileName, source, url } = image;
	const { takesArea, givesBase64, fileNameSuffix } = TASKS[taskType];
	const isPreview = operation === 'previewArea';
	// An upload may have an EXIF orientation, which affects the area and the result.
	if (image.fetchedBy === 'n8n' && !checkOnly) await image.readHead();
	const drawing = isPreview ? 'preview' : checkOnly ? 'none' : 'asNeeded';
	const marked = takesArea ? await readArea(item, image, drawing) : undefined;
	const { area, removalArea, preview, warning } = marked ?? {};
	const options = readOptions(values, stem(fileName) + (isPreview ? '-area' : fileNameSuffix));
	const common = { operation, taskType, fileName, removalArea, options };
	if (isPreview) return { ...common, preview, inputs: '', warning };

	const sync = choice(values, 'requestMode', ['async', 'sync']) === 'sync';
	const transfer = choice(values, 'resultTransfer', ['url', 'base64']);
	const base64 = givesBase64 && transfer === 'base64';
	options.wait ||= sync;
	const { wait, download } = options;
	if (base64 && wait && !download) {
		throw invalidInput(
			'Download Result: must be on when Result Transfer is Inside the Reply, because there is no address then',
			'Switch it on, or set Result Transfer to Download From URL.',
		);
	}
	if (takesArea && !area && !checkOnly) {
		return { ...common, unchanged: image, inputs: '', warning };
	}
	const fetch = toFetch(image);
	const turned = turning(image.headRead, {
		uploaded: url === undefined || fetch?.first === true,
		fetched: wait && download,
		areaIsStored: marked?.isStored ?? true,
	});
	const upright = turned.resultOrientation !== undefined;
	return {
		...common,
		fetch,
		order: { image: source, upright, area, sync, base64 },
		resultOrientation: turned.resultOrientation,
		inputs: JSON.stringify([taskType, image.identity, marked?.identity, sync, base64]),
		warning: [warning, turned.warning].filter(Boolean).join('; ') || undefined,
	};
}

function toFetch({ download, fetchedBy, headRead }: Image): Job['fetch'] {
	if (!download || fetchedBy === 'picwish') return undefined;
	// Only an upload can have its orientation set to upright.
	const isTurned = (headRead?.orientation ?? 1) > 1;
	return { first: fetchedBy === 'n8n' || isTurned, download };
}

function readGetResult(values: Values): Job {
	const type = choice(values, 'taskType', [...TASK_TYPES, 'auto']);
	if (values('taskId') === null) {
		throw invalidInput(
			'Task ID: the value is null. There is no task, because the image came out unchanged',
			'The node before found nothing to remove. Route items with the status unchanged past this node, for example with an If node.',
		);
	}
	const taskId = text(values, 'taskId');
	if (!taskId) {
		throw invalidInput(
			'Task ID: no task ID is given',
			'Use the taskId of the run that created the task.',
		);
	}
	if (!/^[\w-]{1,128}$/.test(taskId)) {
		throw invalidInput(
			`Task ID: this is not a task ID: ${shown(taskId)}`,
			'Give only the taskId of the run that created the task, without quotes or spaces.',
		);
	}
	// PicWish has one endpoint per type, and each knows only its own tasks.
	const [taskType = 'removeObjects', ...otherTypes] = type === 'auto' ? TASK_TYPES : [type];
	return {
		operation: 'getResult',
		taskType,
		otherTypes,
		fileName: null,
		taskId,
		inputs: taskId,
		options: readOptions(values, ''),
	};
}
