// An item's task: the one it names, the one an earlier try has paid for, or a new one.

import type { Task } from './api/exchange';
import type { TaskReport } from './api/wire';
import type { Job } from './input/job';
import type { NodeRun } from './run';

/** A task that an item has, whether made just now or before. */
export interface ItemTask {
	task: Task;
	taskId: string;
	/** ms since 1970; null for a task that an earlier run created. */
	submittedAt: number | null;
	/** Where the create's answer said more than the id. */
	report?: TaskReport;
}

/** @throws PicWishError; with `maybeAccepted` where a task may exist without us knowing its id */
export async function obtainTask(job: Job, itemIndex: number, run: NodeRun): Promise<ItemTask> {
	const { client, paid, clock } = run;
	const { taskType, order, inputs, options } = job;
	if (!order) {
		const { taskId = '', otherTypes: otherKinds } = job;
		const known = { taskId, otherKinds };
		const task = client.task(taskType, itemIndex, options.patience, known);
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
