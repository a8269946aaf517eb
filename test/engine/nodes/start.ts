/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { Readable } from 'node:stream';
import type {
	IBinaryKeyData,
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';

export interface InputBinary {
	/** A function is called once for each run, and its chunks are streamed into the store. */
	bytes: Buffer | (() => AsyncIterable<Uint8Array>);
	/** n8n needs one of these two to know what the bytes are. */
	fileName?: string;
	mimeType?: string;
}

/** An item as a trigger would emit it. Its `json` reaches the next node itself, not as a copy. */
export interface InputItem {
	json?: IDataObject;
	binary?: Record<string, InputBinary>;
}

/**
 * A node that emits the items given to its execution, their files stored through n8n as any node
 * does it.
 *
 * @param itemsByExecution looked up by execution id, when the node runs
 */
export function createStart(
	itemsByExecution: ReadonlyMap<string, readonly InputItem[]>,
): INodeType {
	return {
		description,
		async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
			const items: INodeExecutionData[] = [];
			for (const { json = {}, binary } of itemsByExecution.get(this.getExecutionId()) ?? []) {
				items.push(binary ? { json, binary: await storeFiles(this, binary) } : { json });
			}
			return [items];
		},
	};
}

const description: INodeTypeDescription = {
	displayName: 'Start',
	name: 'start',
	group: ['trigger'],
	version: 1,
	description: 'Emits the given items',
	defaults: { name: 'Start' },
	inputs: [],
	outputs: ['main'],
	properties: [],
};

async function storeFiles(
	context: IExecuteFunctions,
	files: Record<string, InputBinary>,
): Promise<IBinaryKeyData> {
	const stored: IBinaryKeyData = {};
	for (const [name, { bytes, fileName, mimeType }] of Object.entries(files)) {
		const content = Buffer.isBuffer(bytes) ? bytes : Readable.from(bytes());
		stored[name] = await context.helpers.prepareBinaryData(content, fileName, mimeType);
	}
	return stored;
}
