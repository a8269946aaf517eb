// What a run has paid for: what Retry On Fail may reuse, what errors name, what the log says.

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

/** What is known of an item's create from an earlier try: a lost answer means that a task may exist. */
type Submitted = Created | { lost: PicWishError };

/** What a run has cost so far. */
export interface Cost {
	taskIds: string[];
	/** Images whose create was sent, but whose answer never came. */
	uncertain: number;
}

/** All tries of one run of the node. */
interface Tries {
	items: Map<string, Submitted>;
	/** What the first try ended with, for the person to read at the last one, too. */
	endedBy?: { error: PicWishError; itemIndex: number };
	forgetAt: number;
}

/** After a run that ended well; n8n waits at most 5 s between two tries. */
const KEPT_AFTER_END_MS = 60_000;

/** More ids than this would make an error that nobody can read. */
const MOST_IDS = 500;

const triesByRun = new Map<string, Tries>();
/** Numbers for the calls of a tool: n8n hands over the same object in each try of a call. */
const callNumbers = new WeakMap<object, number>();
let lastCallNumber = 0;

/** The paid tasks of one run of the node, over all its tries. Kept as long as PicWish keeps results. */
export class PaidTasks {
	private readonly tries: Tries;
	/** Task ids of this try by item, whether made by it or by an earlier one. */
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
		// n8n versions that do not say what is a tool's call: all calls look like one run.
		this.comparesInputs = context.isToolExecution === undefined;
	}

	idOf(itemIndex: number): string | undefined {
		return this.taskIds.get(itemIndex);
	}

	/** @param exceptItem the one whose error says it already */
	cost(exceptItem?: number): Cost {
		const uncertain = [...this.uncertain].filter((item) => item !== exceptItem).length;
		return { taskIds: [...this.taskIds.values()], uncertain };
	}

	/** @param inputs what the task is made from, as text */
	find(itemIndex: number, inputs: string): Submitted | undefined {
		const found = this.tries.items.get(this.itemKey(itemIndex, inputs));
		if (found && 'taskId' in found) this.taskIds.set(itemIndex, found.taskId);
		return found;
	}

	remember(itemIndex: number, inputs: string, created: Created): void {
		this.tries.items.set(this.itemKey(itemIndex, inputs), created);
		const { taskId, taskType } = created;
		this.taskIds.set(itemIndex, taskId);
		// What is left of a paid task when the process is killed: n8n keeps nothing of an unfinished node.
		const { context } = this;
		context.logger.info(
			`PicWish task ${taskId} (${taskType}) created for item ${itemIndex} of execution ${context.getExecutionId()} (node "${context.getNode().name}")`,
		);
	}

	/** Notes what an item's error says about its task. */
	noteFailed(itemIndex: number, inputs: string, error: PicWishError): void {
		const { code, maybeAccepted } = error.details;
		if (maybeAccepted) {
			this.uncertain.add(itemIndex);
			this.tries.items.set(this.itemKey(itemIndex, inputs), { lost: error });
		}
		if (code === 'TASK_FAILED') this.forget(itemIndex, inputs);
	}

	/** The task failed at PicWish, so it costs nothing: the next try makes a new one. */
	forget(itemIndex: number, inputs: string): void {
		this.tries.items.delete(this.itemKey(itemIndex, inputs));
		this.taskIds.delete(itemIndex);
	}

	/** Writes all of them into n8n's log, in one line. */
	log(): void {
		const text = paidText(this.cost());
		if (text) this.context.logger.info(`PicWish: ${text}`);
	}

	/**
	 * What the person is to read when a try ends: what the first one ended with, where this one only
	 * meets what that one left behind.
	 */
	firstEnd(ended: { error: PicWishError; itemIndex: number }) {
		const { endedBy } = this.tries;
		const isLeftBehind = endedBy !== undefined && ended.error.details.maybeAccepted === true;
		if (isLeftBehind) return endedBy;
		this.tries.endedBy = ended;
		return ended;
	}

	/** The run has ended well. Forgotten a little later: n8n before 1.100 tries again all the same. */
	forgetRun(): void {
		this.tries.forgetAt = this.nowMs() + KEPT_AFTER_END_MS;
	}

	private itemKey(itemIndex: number, inputs: string): string {
		return this.comparesInputs ? `${itemIndex}\n${inputs}` : String(itemIndex);
	}
}

/**
 * The same in each try of one run of the node, another in every other run. A tool call gets a run index
 * for each try, but the same input; calls of newer agents carry an id of their own.
 */
function runKey(context: IExecuteFunctions): string {
	const json = context.getInputData()[0]?.json ?? {};
	const { $runIndex } = context.getWorkflowDataProxy(0);
	const run = context.isToolExecution?.()
		? `call ${callNumber(json)}`
		: `${$runIndex} ${typeof json.toolCallId === 'string' ? json.toolCallId : ''}`;
	// Without an id executions cannot be told apart, so nothing is kept for a later try.
	const execution = context.getExecutionId() ?? `none ${callNumber({})}`;
	return [execution, context.getNode().id, run].join(' ');
}

function callNumber(input: object): number {
	const number = callNumbers.get(input) ?? ++lastCallNumber;
	callNumbers.set(input, number);
	return number;
}

/** Names tasks so that none is lost; empty when nothing is paid. */
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
