import type {
	ExecutionError,
	IBinaryData,
	INodeExecutionData,
	ITaskData,
	NodeExecutionHint,
} from 'n8n-workflow';
import type { SavedData } from './n8n';

/** An error as n8n shows it. */
interface RunError {
	name: string;
	message: string;
	description?: string;
	httpCode?: string;
	itemIndex?: number;
}

/** One run of one node. */
export interface NodeRun {
	/** What stopped the node, or what n8n passed on because the node's settings say "continue". */
	error?: RunError;
	/** One list per output, e.g. `[main, error branch]`. Files are references to the store. */
	outputs: INodeExecutionData[][];
	/** What the editor would show below the output. */
	hints: NodeExecutionHint[];
	/** From the start of the first try to the end of the last, waits between tries included. */
	elapsedMs: number;
}

interface FinishedExecution {
	/** As n8n lists the execution. */
	status: 'success' | 'error' | 'canceled';
	error?: RunError;
	executionId: string;
	/** Everything that n8n would save of this execution: search it for what must not be there. */
	saved: SavedData;
	/** Reads an item's file from the binary store. */
	bytes(binary: IBinaryData): Promise<Buffer>;
}

export interface Run extends FinishedExecution, NodeRun {
	/** The items that the node got; their `json` is the same object. */
	input: INodeExecutionData[];
}

export interface WorkflowRun extends FinishedExecution {
	/** By node name, in order of the runs; a node that never ran is missing. */
	nodes: Record<string, NodeRun[]>;
}

function toNodeRun(task: ITaskData): NodeRun {
	return {
		...(task.error && { error: toRunError(task.error) }),
		outputs: (task.data?.main ?? []).map((items) => items ?? []),
		hints: task.hints ?? [],
		elapsedMs: task.executionTime,
	};
}

function toRunError(error: ExecutionError): RunError {
	// Errors that are not n8n's own have no context.
	const itemIndex = error.context?.itemIndex;
	return {
		name: error.name,
		message: error.message,
		...(error.description && { description: error.description }),
		...('httpCode' in error && error.httpCode && { httpCode: error.httpCode }),
		...(typeof itemIndex === 'number' && { itemIndex }),
	};
}

export function toWorkflowRun(
	status: WorkflowRun['status'],
	saved: SavedData,
): Omit<WorkflowRun, 'executionId' | 'bytes'> {
	const { runData, error } = saved.resultData;
	const nodes: WorkflowRun['nodes'] = {};
	for (const [name, tasks] of Object.entries(runData)) nodes[name] = tasks.map(toNodeRun);
	return { status, ...(error && { error: toRunError(error) }), saved, nodes };
}

/** The run of one node, whose input is the output of another. */
export function toRun(run: WorkflowRun, inputName: string, name: string): Run {
	const { nodes, ...execution } = run;
	const neverRan: NodeRun = { outputs: [], hints: [], elapsedMs: 0 };
	const node = nodes[name]?.[0] ?? neverRan;
	return { ...node, ...execution, input: nodes[inputName]?.[0]?.outputs[0] ?? [] };
}
