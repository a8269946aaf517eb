// Reads all of an item's parameters in one place.

import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import { aboutFile, invalidInput } from '../errors';
import { stem } from '../picture/fileName';
import type { TaskOrder } from '../api/order';
import { TASKS, TASK_TYPES, type TaskType } from '../api/tasks';
import { FETCHED_BY, readImage, type FetchedBy, type Image } from './imageSource';
import { readArea, type RemovalArea } from './removalArea';
import { turning } from './turnedPhoto';
import type { Download, UrlImages } from './urlImages';
import { choice, labelOf, oneOf, optionsOf, parametersOf, text, type Values } from './fields';
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
	/** For an image behind a URL that n8n may download and upload. */
	fetch?: ImageFetch;
	/** The marked area; for object removal and its preview. */
	removalArea?: RemovalArea;
	/** The marked area as a PNG; only for the preview. */
	preview?: Buffer;
	/** Set if there is nothing to remove: the image is the result. */
	unchanged?: Unchanged;
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

/** The type that Get Result tries first if none is given. */
const FIRST_ASKED = 'removeObjects';

/** An image to pass through unchanged: the item's own file, or one behind a URL. */
interface Unchanged {
	binary?: IBinaryData;
	url?: string;
	download?: Download;
}

/** How n8n gets an image behind a URL. */
interface ImageFetch {
	/** Whether n8n downloads it at once; otherwise only if PicWish cannot. */
	first: boolean;
	download: Download;
}

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
	reading: Reading,
): Promise<Job> {
	const given = context.getNodeParameter('operation', itemIndex);
	const operation = oneOf(given, OPERATIONS, labelOf('operation'));
	const options = optionsOf(context, itemIndex);
	if (operation === 'getResult') return readGetResult(context, itemIndex, options);

	const taskType = operation === 'previewArea' ? 'removeObjects' : operation;
	const { urlImages, fetchedBy } = reading;
	const urlFetchedBy = fetchedBy ?? choice(options, 'urlFetchedBy', FETCHED_BY);
	const image = await readImage(context, itemIndex, taskType, { urlImages, urlFetchedBy });
	return await aboutFile(image.fileName, async () => {
		if (operation === 'previewArea') return await readPreview(context, itemIndex, image, options);
		return await readRemoval(context, itemIndex, taskType, image, options, reading);
	});
}

async function readPreview(
	context: IExecuteFunctions,
	itemIndex: number,
	image: Image,
	options: Values,
): Promise<Job> {
	const marked = await readArea(context, itemIndex, image, options, 'preview');
	return {
		operation: 'previewArea',
		taskType: 'removeObjects',
		fileName: image.fileName,
		removalArea: marked.removalArea,
		preview: marked.preview,
		inputs: '',
		options: readOptions(options, `${stem(image.fileName)}-area`),
		warning: marked.hints.join('; ') || undefined,
	};
}

async function readRemoval(
	context: IExecuteFunctions,
	itemIndex: number,
	taskType: TaskType,
	image: Image,
	options: Values,
	{ checkOnly = false }: Reading,
): Promise<Job> {
	const { takesArea, givesBase64, fileNameSuffix } = TASKS[taskType];
	// An upload may have an EXIF orientation, which affects the area and the result.
	if (image.fetchedBy === 'n8n' && !checkOnly) await image.readHead();
	const drawing = checkOnly ? 'none' : 'asNeeded';
	const marked = takesArea
		? await readArea(context, itemIndex, image, options, drawing)
		: undefined;
	const sync = choice(options, 'requestMode', ['async', 'sync']) === 'sync';
	const transfer = choice(options, 'resultTransfer', ['url', 'base64']);
	const base64 = givesBase64 && transfer === 'base64';
	const read = readOptions(options, stem(image.fileName) + fileNameSuffix);
	const wait = sync || read.wait;
	if (base64 && wait && !read.download) {
		throw invalidInput(
			'Download Result: must be on when Result Transfer is Inside the Reply, because there is no address then',
			'Switch it on, or set Result Transfer to Download From URL.',
		);
	}
	const common = {
		operation: taskType,
		taskType,
		fileName: image.fileName,
		removalArea: marked?.removalArea,
		options: { ...read, wait },
	};
	if (marked && !marked.area && !checkOnly) {
		const { binary, source, download } = image;
		const url = typeof source === 'string' ? source : undefined;
		const warning = marked.hints.join('; ') || undefined;
		return { ...common, unchanged: { binary, url, download }, inputs: '', warning };
	}
	const fetch = toFetch(image);
	const turned = turning(image.headRead, {
		uploaded: typeof image.source !== 'string' || fetch?.first === true,
		fetched: wait && read.download,
		areaIsStored: marked?.isStored ?? true,
	});
	const upright = turned.resultOrientation !== undefined;
	return {
		...common,
		fetch,
		order: { image: image.source, upright, area: marked?.area, sync, base64 },
		resultOrientation: turned.resultOrientation,
		inputs: JSON.stringify([taskType, image.identity, marked?.identity, sync, base64]),
		warning: [...(marked?.hints ?? []), turned.warning].filter(Boolean).join('; ') || undefined,
	};
}

function toFetch({ download, fetchedBy, headRead }: Image): ImageFetch | undefined {
	if (!download || fetchedBy === 'picwish') return undefined;
	// Only an upload can have its orientation set to upright.
	const isTurned = (headRead?.orientation ?? 1) > 1;
	return { first: fetchedBy === 'n8n' || isTurned, download };
}

function readGetResult(context: IExecuteFunctions, itemIndex: number, options: Values): Job {
	const parameter = parametersOf(context, itemIndex);
	const type = choice(parameter, 'taskType', [...TASK_TYPES, 'auto']);
	if (parameter('taskId') === null) {
		throw invalidInput(
			'Task ID: the value is null. There is no task, because the image came out unchanged',
			'The node before found nothing to remove. Route items with the status unchanged past this node, for example with an If node.',
		);
	}
	const taskId = text(parameter, 'taskId');
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
	return {
		operation: 'getResult',
		// PicWish has one endpoint per type, and each knows only its own tasks.
		taskType: type === 'auto' ? FIRST_ASKED : type,
		otherTypes: type === 'auto' ? TASK_TYPES.filter((one) => one !== FIRST_ASKED) : undefined,
		fileName: null,
		taskId,
		inputs: taskId,
		options: readOptions(options, ''),
	};
}
