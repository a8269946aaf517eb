import { NodeConnectionTypes, sleep } from 'n8n-workflow';
import type {
	IExecuteFunctions,
	IHttpRequestOptions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';

interface Envelope {
	data: { task_id: string; image?: string };
}

/** For comparison: the fewest calls of n8n's own helpers that do the work, one after another. */
export class PlainNode implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Plain Node',
		name: 'plainNode',
		group: ['transform'],
		version: 1,
		description: 'Uploads pictures by FormData and Blob, for comparison',
		defaults: { name: 'Plain Node' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'probeApi', required: true }],
		properties: [
			{
				displayName: 'Fetch Result',
				name: 'fetchResult',
				type: 'boolean',
				default: false,
				description: 'Whether to ask for the result, which must be there at once, and store it',
			},
			{
				displayName: 'Begin Every',
				name: 'beginEvery',
				type: 'number',
				default: 0,
				description: 'Milliseconds from the beginning of one image to that of the next',
			},
		],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const { baseUrl } = await this.getCredentials('probeApi');
		const url = `${String(baseUrl)}/api/tasks/visual/inpaint`;
		const beginEvery = this.getNodeParameter('beginEvery', 0) as number;
		const startedAt = Date.now();
		const items: INodeExecutionData[] = [];
		for (let itemIndex = 0; itemIndex < this.getInputData().length; itemIndex++) {
			await sleep(Math.max(0, startedAt + itemIndex * beginEvery - Date.now()));
			const { data } = await upload(this, itemIndex, url);
			const binary = this.getNodeParameter('fetchResult', itemIndex)
				? { data: await fetchResult(this, `${url}/${data.task_id}`) }
				: undefined;
			items.push({ json: data, binary, pairedItem: { item: itemIndex } });
		}
		return [items];
	}
}

async function upload(context: IExecuteFunctions, itemIndex: number, url: string) {
	const { mimeType } = context.helpers.assertBinaryData(itemIndex, 'data');
	const bytes = await context.helpers.getBinaryDataBuffer(itemIndex, 'data');
	const body = new FormData();
	body.append('image_file', new Blob([bytes], { type: mimeType }), 'picture');
	body.append('rectangles', JSON.stringify([{ x: 10, y: 10, width: 200, height: 200 }]));
	return await callApi(context, { method: 'POST', url, body });
}

async function fetchResult(context: IExecuteFunctions, url: string) {
	const { data } = await callApi(context, { method: 'GET', url });
	const request = { url: data.image ?? '', encoding: 'stream' } as const;
	const stream = await context.helpers.httpRequest(request);
	return await context.helpers.prepareBinaryData(stream, 'picture.jpg', 'image/jpeg');
}

async function callApi(context: IExecuteFunctions, options: IHttpRequestOptions) {
	return (await context.helpers.httpRequestWithAuthentication.call(
		context,
		'probeApi',
		options,
	)) as Envelope;
}
