import type { IBinaryData, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { clock, readCredential } from './credential';
import { PicWishClient, type Task } from './api/client';
import { decodeResult, downloadResult, type FetchedPicture } from './api/download';
import { asPicWishError, canceled, type PicWishError } from './api/errors';
import type { TaskReport } from './api/wire';
import { n8nHttp } from './http';
import { readMaxConcurrentTasks, type Job } from './job';
import {
	looksLikeUrl,
	nameAndType,
	paidTasksText,
	toErrorItem,
	toNodeError,
	unsuccessfulHint,
} from './output';
import { accountFor } from './schedule/account';
import { Stop } from './stop';
import { SubmittedTasks } from './submittedTasks';

/** Items in hand beyond the tasks in progress: being read, waiting for their turn, or being stored. */
const SPARE_ITEMS = 16;

/** How long creates under way may still take to name their tasks, so that no paid one is lost. */
const GRACE_FAILED_MS = 3000;
const GRACE_CANCELED_MS = 500;

/** What became of an item. */
export type Outcome = { item: INodeExecutionData; warning?: string } | { error: PicWishError };

/** A task that an item has, whether made just now or before. */
export interface ItemTask {
	task: Task;
	taskId: string;
	/** ms since 1970; null for a task that an earlier run created. */
	submittedAt: number | null;
	/** Where the create's answer said more than the id. */
	report?: TaskReport;
}

/** What the items of one execution of the node share. */
export class NodeRun {
	/** When the execution is canceled, or at the first error of a run that stops at errors. */
	readonly stop = new Stop();
	readonly client: PicWishClient;
	private readonly http;
	private readonly account;
	private readonly mostItems: number;
	private readonly httpsOnly: boolean;
	private readonly redact: (text: string) => string;
	private readonly submitted: SubmittedTasks;
	/** Task ids by item: what the user has paid for, to be named when the run ends early. */
	private readonly paid = new Map<number, string>();
	/** To be called when the run is over: one execution may run the node many times, in a loop. */
	readonly close: () => void;
	private endedBy?: { error: PicWishError; itemIndex: number };

	/** @throws PicWishError when the credential, or a parameter read once for all, is not usable */
	constructor(
		private readonly context: IExecuteFunctions,
		credential: Parameters<typeof readCredential>[0],
	) {
		const { baseUrl, requestsPerSecond, identity, redact } = readCredential(credential);
		this.redact = redact;
		this.mostItems = readMaxConcurrentTasks(context);
		this.httpsOnly = baseUrl.startsWith('https:');
		this.http = n8nHttp(context, baseUrl);
		this.account = accountFor(identity, requestsPerSecond, clock);
		this.client = new PicWishClient(this.http, this.account, this.stop);
		this.submitted = new SubmittedTasks(runKey(context), Date.now);
		const signal = context.getExecutionCancelSignal();
		const cancel = () => this.stop.stop(GRACE_CANCELED_MS);
		if (signal?.aborted) cancel();
		signal?.addEventListener('abort', cancel);
		this.close = () => signal?.removeEventListener('abort', cancel);
	}

	/** How many items to have in hand at the moment. */
	itemsAtOnce = (): number =>
		this.mostItems > 0 ? this.mostItems : this.account.tasksAtOnce() + SPARE_ITEMS;

	/** The job's task: the one it names, the one an earlier try of this run has paid for, or a new one. */
	async obtainTask(job: Job, itemIndex: number): Promise<ItemTask> {
		const { client, submitted } = this;
		const { taskType, order, inputs, options } = job;
		if (!order) {
			const { taskId = '' } = job;
			return {
				task: client.task(taskType, options.patience, { taskId }),
				taskId,
				submittedAt: null,
			};
		}
		const before = submitted.find(itemIndex, inputs);
		if (before && 'lost' in before) throw before.lost;
		if (before) {
			this.paid.set(itemIndex, before.taskId);
			return { ...before, task: client.task(taskType, options.patience, before) };
		}
		const task = client.task(taskType, options.patience);
		const created = await client.submit(order, task);
		const submittedAt = Date.now();
		const { taskId } = created;
		submitted.remember(itemIndex, inputs, { taskId, createdAt: task.createdAt, submittedAt });
		this.paid.set(itemIndex, taskId);
		// What is left of a paid task when the process is killed: n8n keeps nothing of an unfinished node.
		const { context } = this;
		context.logger.info(
			`PicWish task ${taskId} created for item ${itemIndex} of execution ${context.getExecutionId()} (node "${context.getNode().name}")`,
		);
		return { ...created, task, submittedAt };
	}

	/** The finished picture, in n8n's binary store. */
	async fetchPicture(job: Job, { task, taskId }: ItemTask, result: string): Promise<IBinaryData> {
		const { client, http, stop, httpsOnly } = this;
		const store = async ({ body, content }: FetchedPicture) => {
			const { fileName, mimeType } = nameAndType(job.options.fileName, content);
			return await this.context.helpers.prepareBinaryData(body, fileName, mimeType);
		};
		if (!looksLikeUrl(result)) return await store(decodeResult(result, taskId));
		const renewUrl = async () => (await client.look(task)).result ?? result;
		const { deadline } = task;
		const settings = { http, clock, stop, deadline, httpsOnly, taskId, renewUrl };
		return await downloadResult(result, store, settings);
	}

	/** Takes note of an unsuccessful item; ends the run where the workflow is to stop at errors. */
	failed(thrown: unknown, itemIndex: number, job: Job | undefined): Outcome {
		const raw = asPicWishError(thrown);
		const { code, maybeAccepted, message, description } = raw.details;
		const error = raw.with({
			message: this.redact(message),
			description: this.redact(description),
		});
		if (job && maybeAccepted) this.submitted.remember(itemIndex, job.inputs, { lost: error });
		if (job && code === 'TASK_FAILED') {
			this.submitted.forget(itemIndex, job.inputs);
			this.paid.delete(itemIndex);
		}
		if (!this.context.continueOnFail() && !this.stop.stopped) {
			this.endedBy = { error, itemIndex };
			this.stop.stop(GRACE_FAILED_MS);
		}
		return { error };
	}

	/**
	 * All items in order, and a line in the output pane about what was not as wished.
	 *
	 * @throws NodeApiError, NodeOperationError when the run was ended early; names all paid tasks
	 */
	finish(outcomes: Outcome[], itemCount: number): INodeExecutionData[] {
		const paid = [...this.paid.values()];
		if (this.endedBy) {
			const { error, itemIndex } = this.endedBy;
			throw toNodeError(this.context.getNode(), error, itemIndex, paid);
		}
		if (this.stop.stopped) {
			// n8n drops the output and the error of a canceled run; its log is what remains.
			if (paid.length > 0) this.context.logger.info(`PicWish: ${paidTasksText(paid)}`);
			throw toNodeError(this.context.getNode(), canceled(), outcomes.length, paid);
		}
		const errors = outcomes.flatMap((outcome) => ('error' in outcome ? [outcome.error] : []));
		if (errors.length === 0) this.submitted.forgetRun();
		else this.hint(unsuccessfulHint(errors, itemCount));
		const warnings = outcomes.flatMap((outcome, index) =>
			'item' in outcome && outcome.warning ? [`Item ${index}: ${outcome.warning}`] : [],
		);
		const [first] = warnings;
		if (first) this.hint(first + (warnings.length > 1 ? ` (and ${warnings.length - 1} more)` : ''));
		return outcomes.map((outcome, index) =>
			'item' in outcome ? outcome.item : toErrorItem(outcome.error, index),
		);
	}

	private hint(message: string): void {
		// n8n before 1.79 has no hints.
		this.context.addExecutionHints?.({ message, type: 'warning', location: 'outputPane' });
	}
}

/** The same in each try of one run of the node, another in every other run. */
function runKey(context: IExecuteFunctions): string {
	const { $runIndex } = context.getWorkflowDataProxy(0);
	return [context.getExecutionId(), context.getNode().id, $runIndex].join(' ');
}
