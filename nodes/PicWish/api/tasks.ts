export type TaskType = 'removeObjects' | 'removeWatermark';

/** The picture formats that are told apart by their first bytes. */
export type PictureFormat = 'jpeg' | 'png' | 'bmp' | 'webp' | 'tiff';

/** 1 MB as PicWish's size limits are read here; the larger reading, so that nothing allowed is refused. */
const MEGABYTE = 1024 * 1024;

interface TaskDefinition {
	/** As the operation is called in the editor. */
	label: string;
	/** Below the base URL; a query adds `/{task_id}`. */
	path: string;
	/** Wire names of the source image's two forms. */
	sourceFileField: string;
	sourceUrlField: string;
	/** Whether it is told where to work: by rectangles or a mask. */
	takesArea: boolean;
	/** Wire name of the finished picture in the reply's data. */
	resultField: string;
	/** Whether it can give the picture itself instead of its URL (`return_type`). */
	givesBase64: boolean;
	/** Added to the source's file name for the result. */
	fileNameSuffix: string;
	/** Limits for uploads (PicWish documentation, "Guidelines and Limits"). */
	maxBytes: number;
	minPixels: number;
	maxPixels: number;
	formats: readonly PictureFormat[];
	formatNames: string;
}

/** All that differs between the two tasks. */
export const TASKS: Record<TaskType, TaskDefinition> = {
	removeObjects: {
		label: 'Remove Objects',
		path: '/api/tasks/visual/inpaint',
		sourceFileField: 'image_file',
		sourceUrlField: 'image_url',
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
		path: '/api/tasks/visual/external/watermark-remove',
		sourceFileField: 'file',
		sourceUrlField: 'url',
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
};

export const TASK_TYPES = ['removeObjects', 'removeWatermark'] as const satisfies TaskType[];

/** Rectangles per task (PicWish documentation, "rectangles"). */
export const MAX_RECTANGLES = 50;

/** How long PicWish keeps a result after the task was created (documentation: 1 hour). */
export const RESULT_RETENTION_MS = 60 * 60 * 1000;
