// One execution of the node: what its items share, how it stops, and how it ends.

import {
	sleep,
	type ICredentialDataDecryptedObject,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';
import { PicWishClient } from './api/client';
import type { Http } from './api/http';
import { asPicWishError, canceled } from './errors';
import { readCredential } from './input/credential';
import type { Job } from './input/job';
import { readMaxConcurrentTasks } from './input/jobOptions';
import { UrlImages } from './input/urlImages';
import { n8nHttp } from './n8nHttp';
import { failedHint, shorten, toErrorItem, toNodeError, type FailedItem } from './errorOutput';
import { PaidTasks } from './paidTasks';
import { accountFor } from './schedule/account';
import type { Clock } from './schedule/clock';
import { runPool } from './schedule/itemPool';
import { Stop } from './schedule/stop';

const clock: Clock = { now: () => performance.now(), sleep };

/** Once the execution is canceled, a create in flight gets this long to return its task ID… */
const GRACE_CANCELED_MS = 500;
/** …and after an item's error until its own deadline, so that no paid task is lost. */
const GRACE_FAILED_MS = Infinity;

export type Outcome = { item: INodeExecutionData; warning?: string } | FailedItem;

/** For a run that sends nothing to PicWish. */
const NO_ACCOUNT = {
	baseUrl: 'https://none.invalid',
	requestsPerSecond: 1,
	identity: '',
	redact: (text: string) => text,
};
/** Previews in progress at once by default; each holds its mask in memory. */
const PREVIEWS_AT_ONCE = 8;
/** Items checked at once before the first task is created. */
const CHECKS_AT_ONCE = 16;

/** What the items of one execution of the node share. */
export class NodeRun {
	readonly clock = clock;
	/** Stopped when the execution is canceled, or by a failed item if the workflow stops at errors. */
	readonly stop = new Stop(clock);
	readonly http: Http;
	readonly client: PicWishClient;
	readonly urlImages: UrlImages;
	readonly paid: PaidTasks;
	/** Whether result URLs must use HTTPS. */
	readonly httpsOnly: boolean;
	/** How many items may be in progress at the moment. */
	readonly itemsAtOnce: () => number;
	/** Must be called at the end: a loop can run the node many times in one execution. */
	readonly close: () => void;
	private readonly sends: boolean;
	private readonly redact: (text: string) => string;
	private endedBy?: FailedItem;

	/**
	 * @param credential undefined for a run that sends nothing to PicWish
	 * @throws PicWishError if the credential or a parameter shared by all items is invalid
	 */
	constructor(
		readonly context: IExecuteFunctions,
		credential: ICredentialDataDecryptedObject | undefined,
	) {
		const { baseUrl, requestsPerSecond, identity, redact } = credential
			? readCredential(credential)
			: NO_ACCOUNT;
		this.redact = redact;
		this.sends = credential !== undefined;
		const mostItems = readMaxConcurrentTasks(context);
		this.httpsOnly = baseUrl.startsWith('https:');
		this.http = n8nHttp(context, baseUrl);
		const account = accountFor(identity, clock);
		const automatic = this.sends ? account.itemsInHand : () => PREVIEWS_AT_ONCE;
		this.itemsAtOnce = mostItems > 0 ? () => mostItems : automatic;
		this.client = new PicWishClient(this.http, account, this.stop, requestsPerSecond);
		this.urlImages = new UrlImages(context, { http: this.http, clock, stop: this.stop });
		this.paid = new PaidTasks(context);
		const signal = context.getExecutionCancelSignal();
		const cancel = () => this.stop.stop(GRACE_CANCELED_MS);
		if (signal?.aborted) cancel();
		signal?.addEventListener('abort', cancel);
		this.close = () => {
			signal?.removeEventListener('abort', cancel);
			this.client.close();
		};
	}

	/**
	 * If the workflow stops at errors, checks all items before any is paid for. An item that fails ends
	 * the run. Only file headers are kept; the rest is read again per item, because holding the
	 * parameters of all items would cost memory.
	 */
	async checkAll(itemCount: number, check: (itemIndex: number) => Promise<void>): Promise<void> {
		if (itemCount < 2 || !this.sends || this.context.continueOnFail()) return;
		const work = async (itemIndex: number) =>
			await check(itemIndex).catch((thrown: unknown) => this.failed(thrown, itemIndex));
		const failures = await runPool(itemCount, () => CHECKS_AT_ONCE, work, this.stop);
		// Checks overlap: show the error of the first item that fails, in order.
		if (this.endedBy) this.endedBy = failures.find((failed) => failed !== undefined);
	}

	/** Records a failed item; ends the run if the workflow stops at errors. */
	failed(thrown: unknown, itemIndex: number, job?: Job): FailedItem {
		const raw = asPicWishError(thrown);
		const { message, description, taskId, fileName } = raw.details;
		// Redact before shortening: a key cut in half would not be recognized.
		const error = raw.with({
			message: shorten(this.redact(message)),
			description: this.redact(description),
			taskId: taskId ?? this.paid.idOf(itemIndex),
			fileName: fileName ?? job?.fileName ?? undefined,
		});
		const failed = { error, itemIndex };
		if (job) this.paid.noteFailed(itemIndex, job.inputs, error);
		if (!this.context.continueOnFail() && !this.stop.stopped) {
			this.endedBy = failed;
			this.stop.stop(GRACE_FAILED_MS);
		}
		return failed;
	}

	/**
	 * The output items, in order; failures and warnings go to a hint in the output pane.
	 *
	 * @throws NodeApiError, NodeOperationError if the run ended early; it lists all paid tasks
	 */
	finish(outcomes: Outcome[], itemCount: number): INodeExecutionData[] {
		if (this.stop.stopped) throw this.ended(itemCount);
		const failed = outcomes.filter((outcome) => 'error' in outcome);
		if (failed.length === 0) this.paid.forgetRun();
		else this.hint(failedHint(failed, itemCount));
		const [warning, ...others] = outcomes.flatMap((outcome, itemIndex) =>
			'item' in outcome && outcome.warning ? [`Item ${itemIndex}: ${outcome.warning}`] : [],
		);
		const more = others.length > 0 ? ` (and ${others.length} more)` : '';
		if (warning) this.hint(warning + more);
		return outcomes.map((outcome, itemIndex) =>
			'item' in outcome ? outcome.item : toErrorItem(outcome.error, itemIndex),
		);
	}

	/** The error of a run that ended early. */
	private ended(itemCount: number): Error {
		const by = this.endedBy && this.paid.firstEnd(this.endedBy);
		// n8n discards the output and error of a canceled run; only the log remains.
		if (!by) this.paid.log();
		const { error = canceled(), itemIndex } = by ?? {};
		const cost = this.paid.cost(itemIndex);
		const othersWait = by !== undefined && itemCount > 1;
		return toNodeError(this.context.getNode(), error, itemIndex, { ...cost, othersWait });
	}

	private hint(message: string): void {
		// n8n before 1.79 has no hints.
		this.context.addExecutionHints?.({ message, type: 'warning', location: 'outputPane' });
	}
}
