import type { PicWishError } from './api/errors';
import { RESULT_RETENTION_MS } from './api/tasks';

/** What is known of an item's create from an earlier try of the same run. */
type Submitted =
	/** `createdAt` on the schedule's clock, `submittedAt` in ms since 1970. */
	| { taskId: string; createdAt: number; submittedAt: number }
	/** Its answer was lost: a task may exist, so it must not be created again. */
	| { lost: PicWishError };

/** n8n waits at most 5 s between two tries. */
const KEPT_AFTER_END_MS = 60_000;

const byItem = new Map<string, { submitted: Submitted; at: number }>();

/**
 * What n8n's Retry On Fail may reuse. It runs the node again for all items, also for those whose
 * task is already paid for. Kept for the process, as long as PicWish keeps results.
 */
export class SubmittedTasks {
	/**
	 * @param runKey tells runs of a node apart and is the same in every try of one run:
	 *   execution, node and run index
	 */
	constructor(
		private readonly runKey: string,
		private readonly nowMs: () => number,
	) {
		for (const [key, { at }] of byItem) {
			if (nowMs() - at > RESULT_RETENTION_MS) byItem.delete(key);
		}
	}

	/** @param inputs what the task was made from; another input is another task */
	find(itemIndex: number, inputs: string): Submitted | undefined {
		return byItem.get(this.key(itemIndex, inputs))?.submitted;
	}

	remember(itemIndex: number, inputs: string, submitted: Submitted): void {
		byItem.set(this.key(itemIndex, inputs), { submitted, at: this.nowMs() });
	}

	/** The task failed at PicWish: the next try makes a new one. */
	forget(itemIndex: number, inputs: string): void {
		byItem.delete(this.key(itemIndex, inputs));
	}

	/** The run has ended well. Forgotten a little later: n8n before 1.100 tries again all the same. */
	forgetRun(): void {
		const forgetAt = this.nowMs() - RESULT_RETENTION_MS + KEPT_AFTER_END_MS;
		for (const [key, entry] of byItem) {
			if (key.startsWith(`${this.runKey}\n`)) entry.at = forgetAt;
		}
	}

	private key(itemIndex: number, inputs: string): string {
		return `${this.runKey}\n${itemIndex}\n${inputs}`;
	}
}
