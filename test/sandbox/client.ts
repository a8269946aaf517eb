/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { setTimeout as wait } from 'node:timers/promises';

import { paint } from '../contract/pictures';
import type { Sandbox } from './server';
import { type TaskType, taskTypes } from './taskTypes';

export type Parts = ReadonlyArray<[name: string, value: string | Buffer]>;

interface Reply {
	status: number;
	headers: Headers;
	message?: string;
	data: Record<string, unknown>;
}

/** A plain client, so that the sandbox is tested by something other than the node. */
export class SandboxClient {
	constructor(private readonly sandbox: Sandbox) {}

	async create(taskType: TaskType, parts: Parts, key = this.sandbox.apiKey): Promise<Reply> {
		const body = new FormData();
		for (const [name, value] of parts) {
			if (typeof value === 'string') body.append(name, value);
			else body.append(name, new Blob([Uint8Array.from(value)]), `${name}.bin`);
		}
		const url = this.sandbox.apiUrl + taskTypes[taskType].path;
		return await readReply(
			await fetch(url, { method: 'POST', headers: { 'X-API-KEY': key }, body }),
		);
	}

	/** Creates with the parts of a sound request. @returns the task id */
	async createSound(taskType: TaskType = 'removeWatermark', more: Parts = []): Promise<string> {
		const reply = await this.create(taskType, [...(await soundParts(taskType)), ...more]);
		return String(reply.data.task_id);
	}

	async query(taskType: TaskType, taskId: string, key = this.sandbox.apiKey): Promise<Reply> {
		const url = `${this.sandbox.apiUrl}${taskTypes[taskType].path}/${taskId}`;
		return await readReply(await fetch(url, { headers: { 'X-API-KEY': key } }));
	}

	/** Asks until the task has ended: the clock may say so before the work is really done. */
	async ended(taskType: TaskType, taskId: string): Promise<Record<string, unknown>> {
		for (;;) {
			const { data } = await this.query(taskType, taskId);
			const state = Number(data.state);
			if (state === 1 || state < 0) return data;
			await wait(10);
		}
	}
}

async function readReply(response: Response): Promise<Reply> {
	const body = (await response.json()) as { message?: string; data?: Record<string, unknown> };
	const { status, headers } = response;
	return { status, headers, message: body.message, data: body.data ?? {} };
}

export async function soundParts(taskType: TaskType): Promise<Parts> {
	const picture = await paint('png', { width: 60, height: 40 });
	if (taskType === 'removeWatermark') return [['file', picture]];
	return [
		['image_file', picture],
		['rectangles', '[{"x":5,"y":5,"width":10,"height":10}]'],
	];
}
