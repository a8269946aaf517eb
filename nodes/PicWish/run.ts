// One execution of the node: what its items share, how it is stopped, and how it ends.

import {
	sleep,
	type IBinaryData,
	type ICredentialDataDecryptedObject,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';
import { readCredential } from './credential';
import { PicWishClient } from './api/client';
import { downloadResult, storeDecoded, type FetchedPicture } from './api/download';
import { asPicWishError, canceled, type PicWishError } from './api/errors';
import type { Task } from './api/exchange';
import type { Http } from './api/http';
import type { TaskReport, TaskResult } from './api/wire';
import { readMaxConcurrentTasks, type Job } from './job';
import { n8nHttp } from './n8nHttp';
import {
	nameAndType,
	paidText,
	shorten,
	toErrorItem,
	toNodeError,
	unsuccessfulHint,
} from './output';
import { accountFor, type Account } from './schedule/account';
import type { Clock } from './schedule/clock';
import { Stop } from './schedule/stop';
import { SubmittedTasks } from './submittedTasks';

const clock: Clock = { now: () => performance.now(), sleep };

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
	private readonly http: Http;
	private readonly account: Account;
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
		credential: ICredentialDataDecryptedObject,
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
	itemsAtOnce = (): number => (this.mostItems > 0 ? this.mostItems : this.account.itemsInHand());

	/** On the clock by which requests are put in order, ms. */
	now = (): number => clock.now();

	/**
	 * The job's task: the one it names, the one an earlier try of this run has paid for, or a new one.
	 *
	 * @param begunAt of several that wait to be created, the one that was begun first is the next
	 */
	async obtainTask(job: Job, itemIndex: number, begunAt: number): Promise<ItemTask> {
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
		const created = await client.submit(order, task, begunAt);
		const submittedAt = Date.now();
		const { taskId } = created;
		submitted.remember(itemIndex, inputs, { taskId, createdAt: task.createdAt, submittedAt });
		this.paid.set(itemIndex, taskId);
		// What is left of a paid task when the process is killed: n8n keeps nothing of an unfinished node.
		const { context } = this;
		context.logger.info(
			`PicWish task ${taskId} (${taskType}) created for item ${itemIndex} of execution ${context.getExecutionId()} (node "${context.getNode().name}")`,
		);
		return { ...created, task, submittedAt };
	}

	/** The finished picture, in n8n's binary store. */
	async fetchPicture(
		job: Job,
		{ task, taskId }: ItemTask,
		result: TaskResult,
	): Promise<IBinaryData> {
		const { client, http, stop, httpsOnly } = this;
		const store = async ({ body, content }: FetchedPicture) => {
			const { fileName, mimeType } = nameAndType(job.options.fileName, content);
			return await this.context.helpers.prepareBinaryData(body, fileName, mimeType);
		};
		if ('base64' in result) return await storeDecoded(result.base64, store, taskId);
		const { url } = result;
		const renewUrl = async () => {
			const renewed = (await client.look(task)).result;
			return renewed && 'url' in renewed ? renewed.url : url;
		};
		const settings = { http, clock, stop, task, httpsOnly, taskId, renewUrl };
		return await downloadResult(url, store, settings);
	}

	/** Takes note of an unsuccessful item; ends the run where the workflow is to stop at errors. */
	failed(thrown: unknown, itemIndex: number, job: Job | undefined): Outcome {
		const raw = asPicWishError(thrown);
		const { code, maybeAccepted, message, description, taskId } = raw.details;
		// Shortened only then: half a key would not be found.
		const error = raw.with({
			message: shorten(this.redact(message)),
			description: this.redact(description),
			taskId: taskId ?? this.paid.get(itemIndex),
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
		const errors = outcomes.flatMap((outcome) => ('error' in outcome ? [outcome.error] : []));
		if (this.stop.stopped) {
			const { error, itemIndex } = this.endedBy ?? {
				error: canceled(),
				itemIndex: outcomes.length,
			};
			const uncertain = errors.filter((one) => one !== error && one.details.maybeAccepted).length;
			const paid = { taskIds: [...this.paid.values()], uncertain };
			// n8n drops the output and the error of a canceled run; its log is what remains.
			const text = paidText(paid);
			if (!this.endedBy && text) this.context.logger.info(`PicWish: ${text}`);
			throw toNodeError(this.context.getNode(), error, itemIndex, paid);
		}
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
