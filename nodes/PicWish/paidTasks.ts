// The tasks a run has paid for: reused by Retry On Fail, listed in errors and in the log.

import type { IExecuteFunctions } from 'n8n-workflow';
import { RESULT_RETENTION_MS, type TaskType } from './api/tasks';
import type { PicWishError } from './errors';

/** A task; `createdAt` on the schedule's clock, `submittedAt` in ms since 1970. */
interface Created {
	taskId: string;
	taskType: TaskType;
	createdAt: number;
	submittedAt: number;
}

/** The outcome of an item's create in an earlier try. After a lost answer a task may exist. */
type Submitted = Created | { lost: PicWishError };

/** What a run has cost so far. */
export interface Cost {
	taskIds: string[];
	/** How many creates were sent without an answer that names the task. */
	uncertain: number;
}

/** All tries of one run of the node. */
interface Tries {
	items: Map<string, Submitted>;
	/** How the first try ended, so that later tries can report it. */
	endedBy?: { error: PicWishError; itemIndex: number };
	forgetAt: number;
}

/** How long a successful run is remembered; n8n waits at most 5 s between two tries. */
const KEPT_AFTER_END_MS = 60_000;

/** More IDs than this would make an error unreadable. */
const MOST_IDS = 500;

const triesByRun = new Map<string, Tries>();
/** Tool calls by their input: n8n passes the same object in every try of a call. */
const callNumbers = new WeakMap<object, number>();
let lastCallNumber = 0;

/** The paid tasks of one run of the node across all tries, kept as long as PicWish keeps results. */
export class PaidTasks {
	private readonly tries: Tries;
	/** The task ID per item of this try, whether created in this try or an earlier one. */
	private readonly taskIds = new Map<number, string>();
	/** Items of this try for which a task may exist. */
	private readonly uncertain = new Set<number>();
	private readonly comparesInputs: boolean;

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly nowMs: () => number = Date.now,
	) {
		for (const [key, { forgetAt }] of triesByRun) {
			if (nowMs() >= forgetAt) triesByRun.delete(key);
		}
		const key = runKey(context);
		this.tries = triesByRun.get(key) ?? { items: new Map(), forgetAt: 0 };
		this.tries.forgetAt = nowMs() + RESULT_RETENTION_MS;
		triesByRun.set(key, this.tries);
		// Older n8n does not identify tool calls, so all calls appear to be one run.
		this.comparesInputs = context.isToolExecution === undefined;
	}

	idOf(itemIndex: number): string | undefined {
		return this.taskIds.get(itemIndex);
	}

	/** @param exceptItem left out of `uncertain`, because its own error says so already */
	cost(exceptItem?: number): Cost {
		const uncertain = [...this.uncertain].filter((item) => item !== exceptItem).length;
		return { taskIds: [...this.taskIds.values()], uncertain };
	}

	/** @param inputs identifies the inputs of the task */
	find(itemIndex: number, inputs: string): Submitted | undefined {
		const found = this.tries.items.get(this.itemKey(itemIndex, inputs));
		if (found && 'taskId' in found) this.taskIds.set(itemIndex, found.taskId);
		return found;
	}

	remember(itemIndex: number, inputs: string, created: Created): void {
		this.tries.items.set(this.itemKey(itemIndex, inputs), created);
		const { taskId, taskType } = created;
		this.taskIds.set(itemIndex, taskId);
		// The only trace of a paid task if the process is killed: n8n saves nothing of an unfinished node.
		const { context } = this;
		context.logger.info(
			`PicWish task ${taskId} (${taskType}) created for item ${itemIndex} of execution ${context.getExecutionId()} (node "${context.getNode().name}")`,
		);
	}

	/** Records what an item's error implies for its task. */
	noteFailed(itemIndex: number, inputs: string, error: PicWishError): void {
		const { code, maybeAccepted } = error.details;
		if (maybeAccepted) {
			this.uncertain.add(itemIndex);
			this.tries.items.set(this.itemKey(itemIndex, inputs), { lost: error });
		}
		if (code === 'TASK_FAILED') this.forget(itemIndex, inputs);
	}

	/** A task that failed at PicWish costs nothing, so the next try creates a new one. */
	forget(itemIndex: number, inputs: string): void {
		this.tries.items.delete(this.itemKey(itemIndex, inputs));
		this.taskIds.delete(itemIndex);
	}

	/** Writes all paid tasks to n8n's log, on one line. */
	log(): void {
		const text = paidText(this.cost());
		if (text) this.context.logger.info(`PicWish: ${text}`);
	}

	/**
	 * The error to report when a try ends. If this try only ran into a create that an earlier one left
	 * uncertain, that is the earlier try's error.
	 */
	firstEnd(ended: { error: PicWishError; itemIndex: number }) {
		const { endedBy } = this.tries;
		const isLeftBehind = endedBy !== undefined && ended.error.details.maybeAccepted === true;
		if (isLeftBehind) return endedBy;
		this.tries.endedBy = ended;
		return ended;
	}

	/** Forgets a successful run, with a delay: n8n before 1.100 retries even then. */
	forgetRun(): void {
		this.tries.forgetAt = this.nowMs() + KEPT_AFTER_END_MS;
	}

	private itemKey(itemIndex: number, inputs: string): string {
		return this.comparesInputs ? `${itemIndex}\n${inputs}` : String(itemIndex);
	}
}

/**
 * Identifies a run of the node: the same in all its tries. For a tool call the run index changes with
 * each try, but the input object stays the same; newer agents give each call its own ID.
 */
function runKey(context: IExecuteFunctions): string {
	const json = context.getInputData()[0]?.json ?? {};
	const { $runIndex } = context.getWorkflowDataProxy(0);
	const run = context.isToolExecution?.()
		? `call ${callNumber(json)}`
		: `${$runIndex} ${typeof json.toolCallId === 'string' ? json.toolCallId : ''}`;
	// Without an ID executions cannot be distinguished, so later tries find nothing.
	const execution = context.getExecutionId() ?? `none ${callNumber({})}`;
	return [execution, context.getNode().id, run].join(' ');
}

function callNumber(input: object): number {
	const number = callNumbers.get(input) ?? ++lastCallNumber;
	callNumbers.set(input, number);
	return number;
}

/** Lists the paid tasks so that none is lost; empty if there are none. */
export function paidText({ taskIds, uncertain }: Cost): string {
	const named = taskIds.slice(0, MOST_IDS).join(', ');
	const more = taskIds.length - MOST_IDS;
	const texts = [
		taskIds.length > 0 &&
			`Tasks already paid for in this run (fetch them with the Get Result operation within an hour): ${named}`,
		more > 0 && `${more} more task IDs are in n8n’s log`,
		uncertain > 0 &&
			`${uncertain} more ${uncertain === 1 ? 'image was' : 'images were'} sent but got no answer; ${uncertain === 1 ? 'it' : 'they'} may have been charged`,
	];
	return texts.flatMap((text) => (text ? [`${text}.`] : [])).join(' ');
}
