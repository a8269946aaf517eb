// A finished task, or a job that needs none → the item that n8n outputs.

import type { IBinaryData, IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { RESULT_RETENTION_MS } from './api/tasks';
import { safeName } from './picture/fileName';
import { FILE_TYPES, type PictureContent } from './picture/formats';
import type { Job } from './input/job';
import type { ItemTask } from './itemTask';
import { toObject } from './untrusted';

/**
 * The output fields of a task; null for what is not known.
 *
 * @param task without `taskId` if no task was needed; without `report` if it was only submitted
 */
export function taskFields(task: Partial<ItemTask>): IDataObject {
	const { taskId = null, submittedAt = null, report } = task;
	const createdAt = report?.createdAt ?? submittedAt;
	return {
		taskId,
		status: report?.status ?? 'submitted',
		state: report?.state ?? null,
		progress: report?.progress ?? null,
		createdAt: toIso(createdAt),
		processedAt: toIso(report?.processedAt ?? null),
		completedAt: toIso(report?.completedAt ?? null),
		resultUrl: report?.result?.url ?? null,
		resultExpiresAt: toIso(createdAt === null ? null : createdAt + RESULT_RETENTION_MS),
	};
}

/** @param fields output fields besides the operation, the image and its area */
export function toItem(
	context: IExecuteFunctions,
	itemIndex: number,
	{ operation, fileName, removalArea, options }: Job,
	fields: IDataObject,
	picture: IBinaryData | undefined,
): INodeExecutionData {
	const { includeInputFields, outputField } = options;
	const input = includeInputFields ? context.getInputData()[itemIndex] : undefined;
	const { json, binary } = inputFields(input ?? { json: {} }, outputField);
	const files = picture ? { ...binary, [outputField]: picture } : binary;
	const area = removalArea && { removalArea: { ...removalArea } };
	return {
		json: { ...json, operation, ...fields, fileName, ...area },
		...(Object.keys(files).length > 0 && { binary: files }),
		pairedItem: { item: itemIndex },
	};
}

/**
 * The item of an area preview, or of an image in which nothing was found.
 *
 * @returns undefined if the job needs a task
 * @throws PicWishError if an image behind a URL cannot be downloaded
 */
export async function itemWithoutTask(
	context: IExecuteFunctions,
	itemIndex: number,
	job: Job,
): Promise<INodeExecutionData | undefined> {
	const { preview, unchanged, options } = job;
	if (preview) {
		const { fileName, mimeType } = nameAndType(options.fileName, { format: 'png', name: 'PNG' });
		const mask = await context.helpers.prepareBinaryData(preview, fileName, mimeType);
		return toItem(context, itemIndex, job, { status: 'preview' }, mask);
	}
	if (!unchanged) return undefined;
	const { binary, url, download } = unchanged;
	const isLeftThere = url !== undefined && !options.download;
	const keep = async (_: unknown, file: IBinaryData) => await Promise.resolve(file);
	const image = isLeftThere ? undefined : (binary ?? (await download?.(keep)));
	const resultUrl = isLeftThere ? url : null;
	const fields = { ...taskFields({}), status: 'unchanged', resultUrl };
	return toItem(context, itemIndex, job, fields, image);
}

/**
 * The input item's fields, except those that could be mistaken for this node's own: `error`, and a file
 * under the name of the output field.
 */
function inputFields({ json, binary }: INodeExecutionData, outputField: string) {
	const fields = without(json, 'error');
	// n8n's combined binary mode keeps files in the JSON fields.
	const combined = toObject(fields._files);
	if (combined) fields._files = without(combined, outputField);
	return { json: fields, binary: without(binary ?? {}, outputField) };
}

function without<T>(fields: Record<string, T>, name: string): Record<string, T> {
	return Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name));
}

/** The file name with the extension of the picture's actual format, and its MIME type. */
export function nameAndType(fileName: string, { format }: PictureContent) {
	const { extension, mimeType } = FILE_TYPES[format];
	const name = safeName(fileName).replace(/\.(jpe?g|jfif|png|bmp|webp|tiff?|gif)$/i, '');
	return { fileName: `${name || 'image'}.${extension}`, mimeType };
}

function toIso(ms: number | null): string | null {
	return ms === null ? null : new Date(ms).toISOString();
}
