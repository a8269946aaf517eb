import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type NodeConnectionType,
} from 'n8n-workflow';
import { asPicWishError, type PicWishError } from './api/errors';
import { picWishApiTest } from './credentialTest';
import { readJob, type Job } from './job';
import { toErrorItem, toItem, toNodeError } from './output';
import { properties } from './properties';
import { NodeRun, type ItemTask, type Outcome } from './run';
import { runWindow } from './schedule/taskWindow';

/** By its name: n8n before 1.83 has no `NodeConnectionTypes` to take it from. */
const MAIN: NodeConnectionType = 'main';

export class PicWish implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'PicWish',
		name: 'picWish',
		icon: { light: 'file:picwish.svg', dark: 'file:picwish.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle:
			'={{ { removeObjects: "Remove Objects", removeWatermark: "Remove Watermark", getResult: "Get Result" }[$parameter["operation"]] }}',
		description: 'Remove objects and watermarks from images with PicWish',
		defaults: { name: 'PicWish' },
		usableAsTool: true,
		inputs: [MAIN],
		outputs: [MAIN],
		credentials: [{ name: 'picWishApi', required: true, testedBy: 'picWishApiTest' }],
		properties,
	};

	methods = { credentialTest: { picWishApiTest } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const items = this.getInputData();
		if (items.length === 0) return [[]];
		const credential = await this.getCredentials('picWishApi');
		let run: NodeRun;
		try {
			run = new NodeRun(this, credential);
		} catch (error) {
			return [refuseAll(this, items.length, asPicWishError(error))];
		}
		const work = async (itemIndex: number) => await processItem(this, itemIndex, run);
		try {
			const outcomes = await runWindow(items.length, run.itemsAtOnce, work, run.stop);
			return [run.finish(outcomes, items.length)];
		} finally {
			run.close();
		}
	}
}

/**
 * What holds for all items is not usable, so none can be begun.
 *
 * @throws NodeOperationError where the workflow is to stop at errors
 */
function refuseAll(
	context: IExecuteFunctions,
	itemCount: number,
	error: PicWishError,
): INodeExecutionData[] {
	if (!context.continueOnFail()) throw toNodeError(context.getNode(), error, 0);
	return Array.from({ length: itemCount }, (_, itemIndex) => toErrorItem(error, itemIndex));
}

/** One item's way: read, submit, wait, download, emit. Never throws. */
async function processItem(
	context: IExecuteFunctions,
	itemIndex: number,
	run: NodeRun,
): Promise<Outcome> {
	let job: Job | undefined;
	let itemTask: ItemTask | undefined;
	// Before it is read: so creates leave in the order of the items, whichever is read first.
	const begunAt = run.now();
	try {
		job = await readJob(context, itemIndex);
		itemTask = await run.obtainTask(job, itemIndex, begunAt);
		const { wait, download } = job.options;
		const done = itemTask.report?.status === 'completed';
		if (wait && !done) {
			itemTask.report = await run.client.waitFor(itemTask.task);
		} else if (!job.order && !done) {
			itemTask.report = await run.client.look(itemTask.task);
		}
		const result = itemTask.report?.result;
		const picture =
			download && result !== undefined ? await run.fetchPicture(job, itemTask, result) : undefined;
		const input = context.getInputData()[itemIndex] ?? { json: {} };
		return { item: toItem(job, itemTask, input, itemIndex, picture), warning: job.warning };
	} catch (error) {
		return run.failed(error, itemIndex, job);
	} finally {
		if (itemTask) run.client.release(itemTask.task);
	}
}
