import { randomUUID } from 'node:crypto';

import type { TaskOrder } from './order';
import { type Processing, TaskFailure, type TaskResult, failureKnownAtCreate } from './processing';
import type { TaskType } from './taskTypes';

export interface SandboxTask {
	taskId: string;
	taskType: TaskType;
	/** ms since 1970, by the sandbox's clock. */
	createdAt: number;
	/** When the state turns 1 or negative; same clock. */
	doneAt: number;
	/** As of this read: 0, 2, 4, then 1 or a negative state. */
	state: number;
	sourceSha256?: string;
	resultSha256?: string;
}

/** What a poll of a task returns. */
export interface TaskView {
	state: number;
	/** 0…100 */
	progress: number;
	/** Only for state 1. */
	result?: TaskResult;
	/** Only for negative states. */
	failure?: TaskFailure;
}

export interface Task {
	taskId: string;
	order: TaskOrder;
	createdAt: number;
	startedAt: number;
	doneAt: number;
	outcome?: TaskResult | TaskFailure;
}

/**
 * How long tasks take from create to done, in ms: fixed, random within a range (uniform), or a list in
 * order of creation (per type), whose last entry applies to all that follow.
 */
export type Duration = number | [min: number, max: number] | { inOrder: readonly number[] };

/** The same for all tasks, or by type; a type that is not listed takes as long as the other. */
export type ProcessingTimes = Duration | Partial<Record<TaskType, Duration>>;

/** The shares of the processing time at which states 0 (queued) and 2 (preparing) end. */
const QUEUED_UNTIL = 0.1;
const PREPARING_UNTIL = 0.25;

/** All tasks; their states follow the clock. */
export class TaskBook {
	private readonly tasks = new Map<string, Task>();
	private readonly random: () => number;
	private readonly created = new Map<TaskType, number>();

	constructor(
		private readonly processing: Processing,
		private readonly now: () => number,
		private readonly processingMs: ProcessingTimes,
		private readonly lifetimeMs: number,
		seed: number,
	) {
		this.random = seededRandom(seed);
	}

	/**
	 * Starts a task.
	 *
	 * @param forcedFailure how it ends when its time is over, whatever the picture
	 */
	create(order: TaskOrder, forcedFailure?: TaskFailure): Task {
		const createdAt = this.now();
		const known = failureKnownAtCreate(order);
		const durationMs = known ? 0 : this.nextDurationMs(order.taskType);
		const task: Task = {
			taskId: randomUUID(),
			order,
			createdAt,
			startedAt: createdAt + durationMs * QUEUED_UNTIL,
			doneAt: createdAt + durationMs,
			outcome: known ?? forcedFailure,
		};
		this.tasks.set(task.taskId, task);
		if (!task.outcome) void this.process(task);
		return task;
	}

	/** The task, unless it is unknown, of the other type, or expired. */
	find(taskId: string, taskType: TaskType): Task | undefined {
		const task = this.tasks.get(taskId);
		if (task?.order.taskType !== taskType) return undefined;
		return this.now() < task.createdAt + this.lifetimeMs ? task : undefined;
	}

	typeOf(taskId: string): TaskType | undefined {
		return this.tasks.get(taskId)?.order.taskType;
	}

	/** The finished result of any task, for the result host. */
	resultOf(taskId: string): TaskResult | undefined {
		const task = this.tasks.get(taskId);
		return task && this.view(task).result;
	}

	view(task: Task): TaskView {
		const { outcome, createdAt, doneAt } = task;
		const now = this.now();
		if (outcome && now >= doneAt) {
			if (outcome instanceof TaskFailure) {
				return { state: outcome.state, progress: 100, failure: outcome };
			}
			return { state: 1, progress: 100, result: outcome };
		}
		const share = doneAt > createdAt ? (now - createdAt) / (doneAt - createdAt) : 1;
		const progress = Math.max(0, Math.min(99, Math.floor(share * 100)));
		if (share < QUEUED_UNTIL) return { state: 0, progress };
		return { state: share < PREPARING_UNTIL ? 2 : 4, progress };
	}

	list(): SandboxTask[] {
		return [...this.tasks.values()].map((task) => {
			const { taskId, order, createdAt, doneAt, outcome } = task;
			const result = outcome instanceof TaskFailure ? undefined : outcome;
			return {
				taskId,
				taskType: order.taskType,
				createdAt,
				doneAt,
				state: this.view(task).state,
				sourceSha256:
					result?.sourceSha256 ?? ('file' in order.source ? order.source.file.sha256 : undefined),
				resultSha256: result?.sha256,
			};
		});
	}

	reset(): void {
		this.tasks.clear();
		this.created.clear();
	}

	private async process(task: Task): Promise<void> {
		try {
			task.outcome = await this.processing.run(task.order);
		} catch (error) {
			task.outcome =
				error instanceof TaskFailure ? error : new TaskFailure(-9, `Sandbox: ${String(error)}`);
		}
		// Inpainting may take longer than planned: a task is not done before its result exists.
		task.doneAt = Math.max(task.doneAt, this.now());
	}

	private nextDurationMs(taskType: TaskType): number {
		const index = this.created.get(taskType) ?? 0;
		this.created.set(taskType, index + 1);
		const duration = durationOf(this.processingMs, taskType);
		if (typeof duration === 'number') return duration;
		if ('inOrder' in duration) return duration.inOrder[index] ?? duration.inOrder.at(-1) ?? 0;
		const [min, max] = duration;
		return min + this.random() * (max - min);
	}
}

function durationOf(times: ProcessingTimes, taskType: TaskType): Duration {
	if (typeof times === 'number' || Array.isArray(times) || 'inOrder' in times) return times;
	return times[taskType] ?? times.removeObjects ?? times.removeWatermark ?? 0;
}

/** A linear congruential generator: uniform enough for durations, reproducible by seed. */
function seededRandom(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return state / 2 ** 32;
	};
}
