import { NodeConnectionTypes } from 'n8n-workflow';
import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';

/** Uploads as most nodes do it: the file as a buffer, in a Blob, in a form; one after another. */
export class BlobUpload implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Blob Upload',
		name: 'blobUpload',
		group: ['transform'],
		version: 1,
		description: 'Uploads pictures by FormData and Blob, for comparison',
		defaults: { name: 'Blob Upload' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'blobUploadApi', required: true }],
		properties: [],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const { baseUrl } = await this.getCredentials('blobUploadApi');
		const items: INodeExecutionData[] = [];
		for (let itemIndex = 0; itemIndex < this.getInputData().length; itemIndex++) {
			const reply = await upload(this, itemIndex, `${String(baseUrl)}/api/tasks/visual/inpaint`);
			items.push({ json: reply, pairedItem: { item: itemIndex } });
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
	return await context.helpers.httpRequestWithAuthentication.call(context, 'blobUploadApi', {
		method: 'POST',
		url,
		body,
	});
}
