import type { PictureFormat } from '../picture/formats';

/** 1 MB in PicWish's size limits, in the larger sense so that no allowed file is refused. */
export const MEGABYTE = 1024 * 1024;

interface TaskDefinition {
	/** The operation in the editor: its name, its action and its description. */
	label: string;
	action: string;
	description: string;
	/** Relative to the base URL; a query adds `/{task_id}`. */
	path: string;
	/** Wire names of the image as an upload and as a URL. */
	imageFileField: string;
	imageUrlField: string;
	/** Whether the task takes a removal area: rectangles or a mask. */
	takesArea: boolean;
	/** Wire name of the result in the reply's data. */
	resultField: string;
	/** Whether the reply can contain the picture itself instead of its URL (`return_type`). */
	givesBase64: boolean;
	/** Appended to the image's file name for the result. */
	fileNameSuffix: string;
	/** Limits for uploads (PicWish documentation, "Guidelines and Limits"). */
	maxBytes: number;
	minPixels: number;
	maxPixels: number;
	formats: readonly PictureFormat[];
	formatNames: string;
}

const ROWS = {
	removeObjects: {
		label: 'Remove Objects',
		action: 'Remove objects from image',
		description: 'Erase the areas you mark and fill them from their surroundings',
		path: '/api/tasks/visual/inpaint',
		imageFileField: 'image_file',
		imageUrlField: 'image_url',
		takesArea: true,
		resultField: 'image',
		givesBase64: true,
		fileNameSuffix: '-no-objects',
		maxBytes: 20 * MEGABYTE,
		minPixels: 1,
		maxPixels: 4096,
		formats: ['jpeg', 'png', 'bmp', 'webp', 'tiff'],
		formatNames: 'JPEG, PNG, BMP, WebP or TIFF',
	},
	removeWatermark: {
		label: 'Remove Watermark',
		action: 'Remove watermark from image',
		description: 'Find watermarks and erase them; nothing needs to be marked',
		path: '/api/tasks/visual/external/watermark-remove',
		imageFileField: 'file',
		imageUrlField: 'url',
		takesArea: false,
		resultField: 'file',
		givesBase64: false,
		fileNameSuffix: '-no-watermark',
		maxBytes: 50 * MEGABYTE,
		minPixels: 20,
		maxPixels: 10000,
		formats: ['jpeg', 'png', 'bmp'],
		formatNames: 'JPEG, PNG or BMP',
	},
} satisfies Record<string, TaskDefinition>;

export type TaskType = keyof typeof ROWS;

/** All differences between the task types. */
export const TASKS: Readonly<Record<TaskType, TaskDefinition>> = ROWS;

export const TASK_TYPES = Object.keys(TASKS).filter((key): key is TaskType => key in TASKS);

/** PicWish documentation, task state -5: "the image exceeds the size limit (30 MB)". */
export const MAX_BYTES_BY_URL = 30 * MEGABYTE;

/** The most rectangles per task (PicWish documentation, "rectangles"). */
export const MAX_RECTANGLES = 50;

/** How long PicWish keeps a result after the task was created (documentation: 1 hour). */
export const RESULT_RETENTION_MS = 60 * 60 * 1000;
