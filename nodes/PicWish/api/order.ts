// What to do with an image, and the form that the API gets for it.

import { StreamedFile, type Picture, type PixelSize } from '../picture/picture';
import { uprightView } from '../picture/turned';
import { TASKS, type TaskType } from './tasks';

/** In whole pixels of the image, from its top left corner. */
export interface Rectangle extends PixelSize {
	x: number;
	y: number;
}

/** One image's order. Images and masks are pictures to upload, or URLs that PicWish downloads. */
export interface TaskOrder {
	image: Picture | string;
	/** Whether to upload JPEGs with the EXIF orientation set to upright. */
	upright?: boolean;
	/** Object removal only. */
	area?: { rectangles: Rectangle[] } | { mask: Picture | string };
	/** Whether PicWish answers the create only when the task is done. */
	sync: boolean;
	/** Whether the reply contains the result as base64 text instead of a URL. Object removal only. */
	base64: boolean;
}

/**
 * The order as multipart fields, files last. Each try needs a new form: a file can be sent only once.
 *
 * @returns the form, and its files, which distinguish read errors from network errors
 */
export function toForm(order: TaskOrder, kind: TaskType) {
	const { imageFileField, imageUrlField } = TASKS[kind];
	const form = new FormData();
	const files: Array<[field: string, file: StreamedFile]> = [];
	const add = (fileField: string, urlField: string, value: Picture | string) => {
		if (typeof value === 'string') form.append(urlField, value);
		else files.push([fileField, new StreamedFile(order.upright ? uprightView(value) : value)]);
	};
	form.append('sync', order.sync ? '1' : '0');
	if (order.base64) form.append('return_type', '2');
	const { area, image } = order;
	if (area && 'rectangles' in area) form.append('rectangles', JSON.stringify(area.rectangles));
	add(imageFileField, imageUrlField, image);
	if (area && 'mask' in area) add('mask_file', 'mask_url', area.mask);
	// No third argument: the form would replace the file with a copy that cannot stream.
	for (const [field, file] of files) form.append(field, file);
	return { form, files: files.map(([, file]) => file) };
}
