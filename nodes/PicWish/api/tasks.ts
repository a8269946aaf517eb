export type TaskType = 'removeObjects' | 'removeWatermark';

/** The picture formats that are told apart by their first bytes. */
export type PictureFormat = 'jpeg' | 'png' | 'bmp' | 'webp' | 'tiff';

/** 1 MB as PicWish's size limits are read here; the larger reading, so that nothing allowed is refused. */
const MEGABYTE = 1024 * 1024;

export interface TaskDefinition {
	/** As the operation is called in the editor. */
	label: string;
	/** Below the base URL; a query adds `/{task_id}`. */
	path: string;
	/** Wire names of the source image's two forms. */
	sourceFileField: string;
	sourceUrlField: string;
	/** Wire name of the finished picture in the reply's data. */
	resultField: string;
	/** Added to the source's file name for the result. */
	fileNameSuffix: string;
	/** Limits for uploads (PicWish documentation, "Guidelines and Limits"). */
	maxBytes: number;
	minPixels: number;
	maxPixels: number;
	formats: readonly PictureFormat[];
	formatNames: string;
}

/** All that differs between the two tasks. A third task is a third row. */
export const TASKS: Record<TaskType, TaskDefinition> = {
	removeObjects: {
		label: 'Remove Objects',
		path: '/api/tasks/visual/inpaint',
		sourceFileField: 'image_file',
		sourceUrlField: 'image_url',
		resultField: 'image',
		fileNameSuffix: '-no-objects',
		maxBytes: 20 * MEGABYTE,
		minPixels: 1,
		maxPixels: 4096,
		formats: ['jpeg', 'png', 'bmp', 'webp', 'tiff'],
		formatNames: 'JPEG, PNG, BMP, WebP or TIFF',
	},
	removeWatermark: {
		label: 'Remove Watermark',
		path: '/api/tasks/visual/external/watermark-remove',
		sourceFileField: 'file',
		sourceUrlField: 'url',
		resultField: 'file',
		fileNameSuffix: '-no-watermark',
		maxBytes: 50 * MEGABYTE,
		minPixels: 20,
		maxPixels: 10000,
		formats: ['jpeg', 'png', 'bmp'],
		formatNames: 'JPEG, PNG or BMP',
	},
};

/** Rectangles per task (PicWish documentation, "rectangles"). */
export const MAX_RECTANGLES = 50;

/** How long PicWish keeps a result after the task was created (documentation: 1 hour). */
export const RESULT_RETENTION_MS = 60 * 60 * 1000;
