import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type NodeConnectionType,
} from 'n8n-workflow';
import { asPicWishError, type PicWishError } from './errors';
import { picWishApiTest } from './credentialTest';
import { readJob, type Job } from './input/job';
import { explained, uploadInstead } from './input/failedTask';
import { finishedWarning } from './input/turnedPhoto';
import { toErrorItem, toNodeError } from './errorOutput';
import { obtainTask, type ItemTask } from './itemTask';
import { itemWithoutTask, taskFields, toItem } from './output';
import { subtitle } from './form/operationProperties';
import { properties } from './form/properties';
import { storeResult } from './resultFile';
import { NodeRun, type Outcome } from './run';
import { runPool } from './schedule/itemPool';

/** A literal, because n8n before 1.83 does not export `NodeConnectionTypes`. */
const MAIN: NodeConnectionType = 'main';

export class PicWish implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'PicWish',
		name: 'picWish',
		icon: { light: 'file:picwish.svg', dark: 'file:picwish.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle,
		description: 'Remove objects and watermarks from images with PicWish',
		defaults: { name: 'PicWish' },
		usableAsTool: true,
		inputs: [MAIN],
		outputs: [MAIN],
		credentials: [
			{
				name: 'picWishApi',
				required: true,
				testedBy: 'picWishApiTest',
				displayOptions: { hide: { operation: ['previewArea'] } },
			},
		],
		properties,
	};

	methods = { credentialTest: { picWishApiTest } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const items = this.getInputData();
		if (items.length === 0) return [[]];
		const isPreview = this.getNodeParameter('operation', 0) === 'previewArea';
		const credential = isPreview ? undefined : await this.getCredentials('picWishApi');
		let run: NodeRun;
		try {
			run = new NodeRun(this, credential);
		} catch (error) {
			return [refuseAll(this, asPicWishError(error))];
		}
		const check = async (itemIndex: number) => {
			await readJob(this, itemIndex, { urlImages: run.urlImages, checkOnly: true });
		};
		const work = (itemIndex: number) => processItem(itemIndex, run);
		try {
			await run.checkAll(items.length, check);
			const outcomes = await runPool(items.length, run.itemsAtOnce, work, run.stop);
			return [run.finish(outcomes, items.length)];
		} finally {
			run.close();
		}
	}
}

/**
 * Fails every item, because the credential or a parameter shared by all items is invalid.
 *
 * @throws NodeOperationError if the workflow stops at errors
 */
function refuseAll(context: IExecuteFunctions, error: PicWishError): INodeExecutionData[] {
	if (!context.continueOnFail()) throw toNodeError(context.getNode(), error, 0);
	return context.getInputData().map((_, itemIndex) => toErrorItem(error, itemIndex));
}

/** Processes one item: read, submit, wait, download, emit. Never throws. */
async function processItem(itemIndex: number, run: NodeRun): Promise<Outcome> {
	const { context, urlImages } = run;
	let job: Job | undefined;
	let itemTask: ItemTask | undefined;
	try {
		job = await readJob(context, itemIndex, { urlImages });
		const taskless = await itemWithoutTask(context, itemIndex, job);
		if (taskless) return { item: taskless, warning: job.warning };
		({ job, itemTask } = await submitAndWait(job, itemIndex, run));
		const picture = await storeResult(job, itemTask, run);
		const item = toItem(context, itemIndex, job, taskFields(itemTask), picture);
		return { item, warning: finishedWarning(job, picture) };
	} catch (error) {
		return run.failed(error, itemIndex, job);
	} finally {
		if (itemTask) run.client.release(itemTask.task);
	}
}

/**
 * The job's task, finished if the job waits for it. If PicWish cannot download the image (which costs
 * nothing), n8n downloads and uploads it instead, as a new job with a new task.
 */
async function submitAndWait(
	job: Job,
	itemIndex: number,
	run: NodeRun,
): Promise<{ job: Job; itemTask: ItemTask }> {
	const { context, client, urlImages, paid } = run;
	let itemTask: ItemTask | undefined;
	try {
		itemTask = await obtainTask(job, itemIndex, run);
		const done = itemTask.report?.status === 'completed';
		if (job.options.wait && !done) {
			itemTask.report = await client.waitFor(itemTask.task);
		} else if (!job.order && !done) {
			itemTask.report = await client.poll(itemTask.task);
		}
		return { job, itemTask };
	} catch (thrown) {
		if (itemTask) client.release(itemTask.task);
		const error = asPicWishError(thrown);
		const readAnew = async () => await readJob(context, itemIndex, { urlImages, fetchedBy: 'n8n' });
		const upload = await uploadInstead(job, error, readAnew);
		if (!upload) return await Promise.reject(explained(job, error));
		paid.forget(itemIndex, job.inputs);
		return await submitAndWait(upload, itemIndex, run);
	}
}
