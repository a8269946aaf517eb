// What is to be done with an image, and the form that says so to the API.

import { StreamedFile, type Picture } from '../picture/picture';
import { uprightView } from '../picture/turned';
import { TASKS, type TaskType } from './tasks';

/** In whole pixels of the image, from its top left corner. */
export interface Rectangle {
	x: number;
	y: number;
	width: number;
	height: number;
}

/** One image's order. An image or mask is a picture to upload, or a URL that PicWish downloads. */
export interface TaskOrder {
	image: Picture | string;
	/** Whether uploaded JPEGs are to say that they are upright, whatever their files say. */
	upright?: boolean;
	/** Object removal only. */
	area?: { rectangles: Rectangle[] } | { mask: Picture | string };
	/** Whether the create is answered only when the task is done. */
	sync: boolean;
	/** Whether the result comes as text inside the reply instead of as a URL. Object removal only. */
	base64: boolean;
}

/**
 * The order as multipart fields, files last. Made anew for each try: a file can be sent only once.
 *
 * @returns the form, and its files so that the caller can tell a reading error from a network error
 */
export function toForm(
	order: TaskOrder,
	kind: TaskType,
): { form: FormData; files: StreamedFile[] } {
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
	// Without a third argument, or the form would replace the file by a copy that cannot stream.
	for (const [field, file] of files) form.append(field, file);
	return { form, files: files.map(([, file]) => file) };
}
