/* eslint-disable @n8n/community-nodes/no-restricted-imports -- a command-line program for a developer's machine */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { BatchOrder } from './batch';

interface Envelope {
	data: { task_id: string; state?: number; file?: string };
}

/**
 * What a node that knows no other way does: submit, wait, ask, wait, ask, download, next image.
 *
 * @returns how long it took, in ms
 * @throws Error when a task does not end well
 */
export async function oneAfterAnother(
	api: { apiUrl: string; apiKey: string },
	picture: NonNullable<BatchOrder['picture']>,
	images: number,
	pollEveryMs: number,
): Promise<number> {
	const tasksUrl = `${api.apiUrl}/api/tasks/visual/external/watermark-remove`;
	const headers = { 'X-API-KEY': api.apiKey };
	const file = new File([await readFile(picture.path)], basename(picture.path), {
		type: picture.mimeType,
	});
	const ask = async (url: string, form?: FormData): Promise<Envelope['data']> => {
		const options = { method: form ? 'POST' : 'GET', headers, body: form };
		let answer = await fetch(url, options);
		while (answer.status === 429) {
			await wait(pollEveryMs);
			answer = await fetch(url, options);
		}
		const { data } = (await answer.json()) as Envelope;
		return data;
	};

	const startedAt = performance.now();
	for (let image = 0; image < images; image++) {
		const form = new FormData();
		form.append('file', file);
		const { task_id: taskId } = await ask(tasksUrl, form);
		let task: Envelope['data'];
		do {
			await wait(pollEveryMs);
			task = await ask(`${tasksUrl}/${taskId}`);
		} while ((task.state ?? 0) > 1 || task.state === 0);
		if (!task.file) throw new Error(`The task ended in state ${task.state}`);
		await (await fetch(task.file)).arrayBuffer();
	}
	return performance.now() - startedAt;
}
