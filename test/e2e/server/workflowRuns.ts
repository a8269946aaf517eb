import type { INodeExecutionData, IWorkflowBase } from 'n8n-workflow';

import { endedExecution, type Execution } from './executions';
import type { N8nSession } from './n8nSession';

export type SavedWorkflow = Pick<IWorkflowBase, 'id' | 'name' | 'nodes' | 'connections'>;

interface RunOptions {
	/** Name of the trigger to start from; default `Start`. */
	trigger?: string;
	/** Items that the trigger gives. */
	triggerItems?: INodeExecutionData[];
}

const runTimeoutMs = 120_000;

/** The workflow of the server whose name begins so. */
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
	{ trigger = 'Start', triggerItems }: RunOptions = {},
): Promise<Execution> {
	const data = triggerItems && {
		startTime: Date.now(),
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
	return await endedExecution(session, executionId, runTimeoutMs);
}
