// Stores a task's result as a file in n8n's binary store.

import type { IBinaryData } from 'n8n-workflow';
import { downloadResult, storeDecoded, type Store } from './api/download';
import { TASKS } from './api/tasks';
import { turnedResult } from './api/turnedResult';
import type { Job } from './input/job';
import type { ItemTask } from './itemTask';
import { nameAndType } from './output';
import type { NodeRun } from './run';

/**
 * @returns undefined if the task is not finished, or the job leaves the result at PicWish
 * @throws PicWishError as `downloadResult` and `storeDecoded` do
 */
export async function storeResult(
	{ options, resultOrientation }: Job,
	{ task, taskId, report }: ItemTask,
	{ context, client, http, clock, stop, httpsOnly }: NodeRun,
): Promise<IBinaryData | undefined> {
	const result = report?.result;
	if (!result || !options.download) return undefined;
	const store: Store<IBinaryData> = async (body, content) => {
		const name = options.fileName || taskId + TASKS[task.kind].fileNameSuffix;
		const { fileName, mimeType } = nameAndType(name, content);
		const isTurned = resultOrientation !== undefined && content.format === 'jpeg';
		const bytes = isTurned ? await turnedResult(body, resultOrientation) : body;
		return await context.helpers.prepareBinaryData(bytes, fileName, mimeType);
	};
	if (result.url === undefined) return await storeDecoded(result.base64, store, taskId);
	const { url } = result;
	const renewUrl = async () => (await client.poll(task)).result?.url ?? url;
	const settings = { http, clock, stop, task, httpsOnly, taskId, renewUrl };
	return await downloadResult(url, store, settings);
}
