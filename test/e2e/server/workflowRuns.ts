import type { INode, INodeExecutionData, IWorkflowBase } from 'n8n-workflow';

import { endedExecution, type Execution } from './executions';
import type { N8nInstance } from './n8nInstance';
import type { N8nSession } from './n8nSession';
import { waitUntil } from './waitUntil';

export type SavedWorkflow = Pick<IWorkflowBase, 'id' | 'name' | 'nodes' | 'connections'> & {
	versionId?: string;
};

interface RunOptions {
	/** Name of the trigger to start from; default `Start`. */
	trigger?: string;
	/** Items that the trigger gives. */
	triggerItems?: INodeExecutionData[];
}

const runTimeoutMs = 120_000;
const formTimeoutMs = 30_000;

/** The workflow of the server whose name begins so, the next character being no digit. */
export async function findWorkflow(session: N8nSession, name: string): Promise<SavedWorkflow> {
	const all = await session.request<Array<{ id: string; name: string }>>('/rest/workflows');
	const found = all.filter(
		(workflow) => workflow.name.startsWith(name) && !/^\d/.test(workflow.name.slice(name.length)),
	);
	const [first] = found;
	if (!first || found.length > 1) throw new Error(`${found.length} workflows begin with ${name}`);
	return await session.request<SavedWorkflow>(`/rest/workflows/${first.id}`);
}

/**
 * Saves a copy of a workflow with other nodes in it.
 *
 * @param change gives the node that takes the place of the one it is given; both have one name
 * @returns the copy's id
 */
export async function copyWorkflow(
	session: N8nSession,
	{ name, nodes, connections }: SavedWorkflow,
	change: (node: INode) => INode,
): Promise<string> {
	const { id } = await session.request<{ id: string }>('/rest/workflows', {
		name: `Copy of ${name}`,
		nodes: nodes.map(change),
		connections,
		settings: { executionOrder: 'v1' },
	});
	return id;
}

/** Publishes a workflow: its triggers listen from now on. */
export async function publish(session: N8nSession, workflowId: string): Promise<void> {
	const { versionId } = await session.request<SavedWorkflow>(`/rest/workflows/${workflowId}`);
	await session.request(`/rest/workflows/${workflowId}/activate`, { versionId });
}

/**
 * Publishes a workflow that begins with a form.
 *
 * @returns the form's address, once it opens: n8n publishes in the background
 */
export async function publishForm(
	{ n8n, session }: { n8n: N8nInstance; session: N8nSession },
	workflowId: string,
): Promise<string> {
	const { nodes } = await session.request<SavedWorkflow>(`/rest/workflows/${workflowId}`);
	const form = nodes.find(({ type }) => type === 'n8n-nodes-base.formTrigger');
	await publish(session, workflowId);
	const url = `${n8n.url}/form/${form?.webhookId}`;
	const opens = async () => ((await fetch(url)).ok ? true : undefined);
	await waitUntil('the form to open', opens, { timeoutMs: formTimeoutMs });
	return url;
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
