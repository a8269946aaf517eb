import type { INodeExecutionData, ITaskData, IWorkflowBase } from 'n8n-workflow';

import { parseFlatted } from './flatted';
import type { N8nSession } from './n8nSession';
import { waitUntil } from './waitUntil';

export type SavedWorkflow = Pick<IWorkflowBase, 'id' | 'name' | 'nodes' | 'connections'>;

/** An execution as n8n has stored it. */
export interface FinishedRun {
	executionId: string;
	status: string;
	/** Message and description of what ended the run. */
	error?: string;
	/** Items of a node's last run, by output; an empty list when it did not run. */
	outputs(nodeName: string): INodeExecutionData[][];
	/** Items that a node gave to an agent, over all its runs. */
	toolAnswers(nodeName: string): INodeExecutionData[];
}

export interface RunOptions {
	/** Name of the trigger to start from; default `Start`. */
	trigger?: string;
	/** Items that the trigger gives. */
	triggerItems?: INodeExecutionData[];
	/** Default 60 000. */
	timeoutMs?: number;
}

interface StoredExecution {
	status: string;
	data: string;
}

interface StoredData {
	resultData: {
		error?: { message: string; description?: string | null };
		runData: Record<string, ITaskData[]>;
	};
}

/** The workflows of the server, found by what their names begin with. */
export async function findWorkflow(session: N8nSession, name: string): Promise<SavedWorkflow> {
	const all = await session.request<Array<{ id: string; name: string }>>('/rest/workflows');
	const found = all.filter((workflow) => workflow.name.startsWith(name));
	const [first] = found;
	if (!first || found.length > 1) throw new Error(`${found.length} workflows begin with ${name}`);
	return await session.request<SavedWorkflow>(`/rest/workflows/${first.id}`);
}

/** Starts a workflow as the editor's "Execute workflow" does, and waits for its end. */
export async function runWorkflow(
	session: N8nSession,
	workflowId: string,
	options: RunOptions = {},
): Promise<FinishedRun> {
	const executionId = await startWorkflow(session, workflowId, options);
	return await waitForRun(session, executionId, options.timeoutMs);
}

/** @returns the execution's id */
export async function startWorkflow(
	session: N8nSession,
	workflowId: string,
	{ trigger = 'Start', triggerItems }: Omit<RunOptions, 'timeoutMs'> = {},
): Promise<string> {
	const now = Date.now();
	const data = triggerItems && {
		startTime: now,
		executionTime: 0,
		executionIndex: 0,
		executionStatus: 'success',
		source: [],
		data: { main: [triggerItems] },
	};
	const { executionId } = await session.request<{ executionId: string }>(
		`/rest/workflows/${workflowId}/run`,
		{ triggerToStartFrom: { name: trigger, ...(data && { data }) } },
	);
	return executionId;
}

/** Waits until an execution has ended, well or not. */
export async function waitForRun(
	session: N8nSession,
	executionId: string,
	timeoutMs = 60_000,
): Promise<FinishedRun> {
	const ended = new Set(['success', 'error', 'crashed', 'canceled']);
	const execution = await waitUntil(
		`execution ${executionId} to end`,
		async () => {
			const now = await session.request<StoredExecution>(`/rest/executions/${executionId}`);
			return ended.has(now.status) ? now : undefined;
		},
		{ timeoutMs },
	);
	const { resultData } = parseFlatted(execution.data) as StoredData;
	const { error, runData } = resultData;
	return {
		executionId,
		status: execution.status,
		error: error && [error.message, error.description].filter(Boolean).join(' '),
		outputs: (nodeName) => items(runData[nodeName]?.at(-1), 'main'),
		toolAnswers: (nodeName) =>
			(runData[nodeName] ?? []).flatMap((run) => items(run, 'ai_tool').flat()),
	};
}

/** The file of an item, from n8n's binary store. */
export async function binaryOf(
	session: N8nSession,
	item: INodeExecutionData | undefined,
	field = 'data',
): Promise<Buffer> {
	const id = item?.binary?.[field]?.id;
	if (!id) throw new Error(`The item has no stored file in "${field}"`);
	return await session.bytes(`/rest/binary-data?id=${encodeURIComponent(id)}&action=download`);
}

function items(run: ITaskData | undefined, connection: string): INodeExecutionData[][] {
	return (run?.data?.[connection] ?? []).map((output) => output ?? []);
}
