// An item's task: given by its ID, paid for by an earlier try, or new.

import type { Task } from './api/exchange';
import type { TaskReport } from './api/wire';
import type { Job } from './input/job';
import type { NodeRun } from './run';

export interface ItemTask {
	task: Task;
	taskId: string;
	/** ms since 1970; null for a task that an earlier run created. */
	submittedAt: number | null;
	/** Present if the create's answer contained more than the ID. */
	report?: TaskReport;
}

/** @throws PicWishError; with `maybeAccepted` if a task with an unknown ID may exist */
export async function obtainTask(job: Job, itemIndex: number, run: NodeRun): Promise<ItemTask> {
	const { client, paid, clock } = run;
	const { taskType, order, inputs, options } = job;
	if (!order) {
		const { taskId = '', otherTypes: otherKinds } = job;
		const task = client.task(taskType, itemIndex, options.patience, { taskId, otherKinds });
		return { task, taskId, submittedAt: null };
	}
	const before = paid.find(itemIndex, inputs);
	if (before && 'lost' in before) throw before.lost;
	const task = client.task(taskType, itemIndex, options.patience, before);
	if (before) return { ...before, task };
	const created = job.fetch?.first
		? await job.fetch.download(async (image) => await client.submit({ ...order, image }, task))
		: await client.submit(order, task);
	const submittedAt = Date.now();
	const { taskId } = created;
	paid.remember(itemIndex, inputs, { taskId, taskType, createdAt: clock.now(), submittedAt });
	return { ...created, task, submittedAt };
}
