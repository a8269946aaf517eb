// Items that need no task: area previews, and images in which nothing was found.

import type { IBinaryData, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { Job } from './input/job';
import { nameAndType, taskFields, toItem } from './output';

/**
 * @returns the item, or undefined if the job needs a task
 * @throws PicWishError if an image behind a URL cannot be downloaded
 */
export async function finishWithoutTask(
	context: IExecuteFunctions,
	itemIndex: number,
	job: Job,
): Promise<INodeExecutionData | undefined> {
	const input = context.getInputData()[itemIndex] ?? { json: {} };
	const { preview, unchanged, options } = job;
	if (preview) {
		const { fileName, mimeType } = nameAndType(options.fileName, { format: 'png', name: 'PNG' });
		const mask = await context.helpers.prepareBinaryData(preview, fileName, mimeType);
		return toItem(job, { status: 'preview' }, input, itemIndex, mask);
	}
	if (!unchanged) return undefined;
	const { binary, url, download } = unchanged;
	const isLeftThere = url !== undefined && !options.download;
	const keep = async (_: unknown, file: IBinaryData) => await Promise.resolve(file);
	const image = isLeftThere ? undefined : (binary ?? (await download?.(keep)));
	const resultUrl = isLeftThere ? url : null;
	const fields = { ...taskFields({}), status: 'unchanged', resultUrl };
	return toItem(job, fields, input, itemIndex, image);
}
