import type { IExecuteFunctions, INodeExecutionData, INodeType, ISourceData } from 'n8n-workflow';

/** Kept by n8n between the runs of one loop. */
interface LoopState {
	waiting?: INodeExecutionData[];
	processed?: INodeExecutionData[];
}

/**
 * Hands out its first input in batches and collects what comes back, as version 3 of n8n's
 * "Loop Over Items" does: first output when done, second output for each batch.
 */
export const loopOverItems: INodeType = {
	description: {
		displayName: 'Loop Over Items',
		name: 'loopOverItems',
		group: ['organization'],
		version: 1,
		description: 'Hands out its items in batches',
		defaults: { name: 'Loop Over Items' },
		inputs: ['main'],
		outputs: ['main', 'main'],
		outputNames: ['done', 'loop'],
		properties: [{ displayName: 'Batch Size', name: 'batchSize', type: 'number', default: 1 }],
	},

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const state: LoopState = this.getContext('node');
		const input = this.getInputData();
		if (state.waiting === undefined) {
			// Later runs get their input from inside the loop; the items still come from here.
			const source = this.getInputSourceData();
			state.waiting = input.map((item, index) => withSource(item, index, source));
			state.processed = [];
		} else {
			state.processed?.push(...input);
		}
		const batch = state.waiting.splice(0, Number(this.getNodeParameter('batchSize', 0)));
		return batch.length > 0 ? [[], batch] : [state.processed ?? [], []];
	},
};

function withSource(
	item: INodeExecutionData,
	index: number,
	sourceOverwrite: ISourceData,
): INodeExecutionData {
	return { ...item, pairedItem: { item: index, sourceOverwrite } };
}
