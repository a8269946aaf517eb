/** The two task types, as data. Source: the vendor's documentation. */

export type TaskType = 'removeObjects' | 'removeWatermark';
export type PictureFormat = 'jpeg' | 'png' | 'webp' | 'tiff' | 'bmp';

export interface TaskTypeRules {
	/** Path of create; a query is this path, a slash and the task id. */
	path: string;
	sourceUrlField: string;
	sourceFileField: string;
	/** Everything the multipart form may contain, by kind of part. */
	textFields: readonly string[];
	fileFields: readonly string[];
	needsArea: boolean;
	formats: readonly PictureFormat[];
	maxFileBytes: number;
	/** Bounds for width and for height, in pixels. */
	minSidePx: number;
	maxSidePx: number;
	/** The field of `data` that carries the result. */
	resultField: 'image' | 'file';
}

export const MEGABYTE = 1024 * 1024;

export const taskTypes: Record<TaskType, TaskTypeRules> = {
	removeObjects: {
		path: '/api/tasks/visual/inpaint',
		sourceUrlField: 'image_url',
		sourceFileField: 'image_file',
		textFields: ['image_url', 'mask_url', 'rectangles', 'return_type', 'sync'],
		fileFields: ['image_file', 'mask_file'],
		needsArea: true,
		formats: ['jpeg', 'png', 'webp', 'tiff', 'bmp'],
		maxFileBytes: 20 * MEGABYTE,
		minSidePx: 1,
		maxSidePx: 4096,
		resultField: 'image',
	},
	removeWatermark: {
		path: '/api/tasks/visual/external/watermark-remove',
		sourceUrlField: 'url',
		sourceFileField: 'file',
		textFields: ['url', 'sync'],
		fileFields: ['file'],
		needsArea: false,
		formats: ['jpeg', 'png', 'bmp'],
		maxFileBytes: 50 * MEGABYTE,
		minSidePx: 20,
		maxSidePx: 10_000,
		resultField: 'file',
	},
};

/** "The image_url image exceeds the size limit (30MB)": state -5 in the vendor's table. */
export const MAX_URL_PICTURE_BYTES = 30 * MEGABYTE;
export const MAX_RECTANGLES = 50;

export interface PixelRectangle {
	x: number;
	y: number;
	width: number;
	height: number;
}
