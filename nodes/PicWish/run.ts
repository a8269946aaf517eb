// One execution of the node: what its items share, how it is stopped, and how it ends.

import {
	sleep,
	type ICredentialDataDecryptedObject,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';
import { PicWishClient } from './api/client';
import type { Http } from './api/http';
import { asPicWishError, canceled, type PicWishError } from './errors';
import { readCredential } from './input/credential';
import type { Job } from './input/job';
import { readMaxConcurrentTasks } from './input/jobOptions';
import { UrlImages } from './input/urlImages';
import { n8nHttp } from './n8nHttp';
import { failedHint, shorten, toErrorItem, toNodeError, type FailedItem } from './errorOutput';
import { PaidTasks } from './paidTasks';
import { accountFor, type Account } from './schedule/account';
import type { Clock } from './schedule/clock';
import { runPool } from './schedule/itemPool';
import { Stop } from './schedule/stop';

const clock: Clock = { now: () => performance.now(), sleep };

/** How long a create that was sent may still take to name its task when the execution is canceled… */
const GRACE_CANCELED_MS = 500;
/** …and at an item's error: to its own deadline, so that no paid task is lost. */
const GRACE_FAILED_MS = Infinity;

/** What became of an item. */
export type Outcome = { item: INodeExecutionData; warning?: string } | { error: PicWishError };

/** For a run that sends nothing to PicWish. */
const NO_ACCOUNT = {
	baseUrl: 'https://none.invalid',
	requestsPerSecond: 1,
	identity: '',
	redact: (text: string) => text,
};
/** How many areas are drawn at once where nothing else limits it; each holds its mask. */
const PREVIEWS_AT_ONCE = 8;
/** How many items are checked at once before the first task is made. */
const CHECKS_AT_ONCE = 16;

/** What the items of one execution of the node share. */
export class NodeRun {
	readonly clock = clock;
	/** When the execution is canceled, or at the first error of a run that stops at errors. */
	readonly stop = new Stop(clock);
	readonly http: Http;
	readonly client: PicWishClient;
	readonly urlImages: UrlImages;
	readonly paid: PaidTasks;
	/** Whether results must come from addresses with https. */
	readonly httpsOnly: boolean;
	/** To be called when the run is over: one execution may run the node many times, in a loop. */
	readonly close: () => void;
	private readonly sends: boolean;
	private readonly account: Account;
	private readonly mostItems: number;
	private readonly redact: (text: string) => string;
	private endedBy?: FailedItem;

	/**
	 * @param credential undefined for a run that sends nothing to PicWish
	 * @throws PicWishError when the credential, or a parameter read once for all, is not usable
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
		this.mostItems = readMaxConcurrentTasks(context);
		this.httpsOnly = baseUrl.startsWith('https:');
		this.http = n8nHttp(context, baseUrl);
		this.account = accountFor(identity, clock);
		this.client = new PicWishClient(this.http, this.account, this.stop, requestsPerSecond);
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

	/** How many items to have in hand at the moment. */
	itemsAtOnce = (): number => {
		if (this.mostItems > 0) return this.mostItems;
		return this.sends ? this.account.itemsInHand() : PREVIEWS_AT_ONCE;
	};

	/**
	 * Where the workflow stops at errors: checks all items before the first of them is paid for. An item
	 * that fails ends the run. What was read is not kept, so items are read again when their turn comes:
	 * names, rectangles and headers of all items at once would take more memory than reading takes time.
	 */
	async checkAll(itemCount: number, check: (itemIndex: number) => Promise<unknown>): Promise<void> {
		if (itemCount < 2 || !this.sends || this.context.continueOnFail()) return;
		const work = async (itemIndex: number) => {
			await check(itemIndex).catch((thrown: unknown) => {
				const outcome = this.failed(thrown, itemIndex, undefined);
				// Checks overlap: of those that fail, the first item's error is shown.
				const isEarlier = this.endedBy !== undefined && itemIndex < this.endedBy.itemIndex;
				if (isEarlier && 'error' in outcome) this.endedBy = { error: outcome.error, itemIndex };
			});
		};
		await runPool(itemCount, () => CHECKS_AT_ONCE, work, this.stop);
	}

	/** Notes a failed item; ends the run where the workflow is to stop at errors. */
	failed(thrown: unknown, itemIndex: number, job: Job | undefined): Outcome {
		const raw = asPicWishError(thrown);
		const { message, description, taskId, fileName } = raw.details;
		// Redacted before it is shortened: half a key would not be found.
		const error = raw.with({
			message: shorten(this.redact(message)),
			description: this.redact(description),
			taskId: taskId ?? this.paid.idOf(itemIndex),
			fileName: fileName ?? job?.fileName ?? undefined,
		});
		if (job) this.paid.noteFailed(itemIndex, job.inputs, error);
		if (!this.context.continueOnFail() && !this.stop.stopped) {
			this.endedBy = { error, itemIndex };
			this.stop.stop(GRACE_FAILED_MS);
		}
		return { error };
	}

	/**
	 * All items in order, and a line in the output pane about what was not as expected.
	 *
	 * @throws NodeApiError, NodeOperationError when the run was ended early; names all paid tasks
	 */
	finish(outcomes: Outcome[], itemCount: number): INodeExecutionData[] {
		if (this.stop.stopped) throw this.ended(itemCount);
		const failed = outcomes.flatMap((outcome, itemIndex) =>
			'error' in outcome ? [{ error: outcome.error, itemIndex }] : [],
		);
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

	/** The error of a run that was ended early. */
	private ended(itemCount: number): Error {
		const by = this.endedBy && this.paid.firstEnd(this.endedBy);
		// n8n drops the output and the error of a canceled run; its log is what remains.
		if (!by) this.paid.log();
		const paid = {
			...this.paid.cost(by?.itemIndex),
			othersWait: by !== undefined && itemCount > 1,
		};
		return toNodeError(this.context.getNode(), by?.error ?? canceled(), by?.itemIndex, paid);
	}

	private hint(message: string): void {
		// n8n before 1.79 has no hints.
		this.context.addExecutionHints?.({ message, type: 'warning', location: 'outputPane' });
	}
}
