import type { ExecutionStatus, INodeExecutionData, IRunExecutionData } from 'n8n-workflow';

import { parseFlatted } from './flatted';
import type { N8nSession } from './n8nSession';
import { waitUntil } from './waitUntil';

/** An execution in whatever state it is, as n8n's execution list and its detail page show it. */
export interface Execution {
	id: string;
	workflowId: string;
	status: ExecutionStatus;
	/** ISO 8601; null while it waits in the queue. */
	startedAt: string | null;
	stoppedAt: string | null;
	waitTill: string | null;
	/** What has been saved of it; nearly empty after a crash. */
	data: Partial<Pick<IRunExecutionData, 'resultData'>>;
}

const open: ReadonlySet<ExecutionStatus> = new Set(['new', 'running', 'waiting', 'unknown']);

export async function readExecution(session: N8nSession, id: string): Promise<Execution> {
	const { data, ...stored } = await session.request<Omit<Execution, 'data'> & { data: string }>(
		`/rest/executions/${id}`,
	);
	return { ...stored, data: parseFlatted(data) as Execution['data'] };
}

/** The execution of a workflow that was started last. */
export async function lastExecution(session: N8nSession, workflowId: string): Promise<Execution> {
	const filter = encodeURIComponent(JSON.stringify({ workflowId }));
	const { results } = await session.request<{ results: Array<{ id: string }> }>(
		`/rest/executions?filter=${filter}&limit=1`,
	);
	const [latest] = results;
	if (!latest) throw new Error(`Workflow ${workflowId} has no execution`);
	return await readExecution(session, latest.id);
}

/** Waits until the execution has a status that no longer changes by itself. */
export async function endedExecution(
	session: N8nSession,
	id: string,
	timeoutMs: number,
): Promise<Execution> {
	return await waitUntil(
		`execution ${id} to end`,
		async () => {
			const execution = await readExecution(session, id);
			return open.has(execution.status) ? undefined : execution;
		},
		{ timeoutMs, everyMs: 1000 },
	);
}

/** Runs an ended execution again, as *Retry* in n8n's list of executions does, and waits for its end. */
export async function retriedExecution(
	session: N8nSession,
	{ id, workflowId }: Execution,
): Promise<Execution> {
	// In queue mode n8n never responds if the new execution ends before n8n waits for it.
	session.request(`/rest/executions/${id}/retry`, { loadWorkflow: false }).catch(() => undefined);
	return await waitUntil(
		`the retry of execution ${id} to end`,
		async () => {
			const last = await lastExecution(session, workflowId);
			return last.id === id || open.has(last.status) ? undefined : last;
		},
		{ timeoutMs: 60_000 },
	);
}

/** Seconds from start to end; NaN before the end. */
export function secondsOf({ startedAt, stoppedAt }: Execution): number {
	return (Date.parse(stoppedAt ?? '') - Date.parse(startedAt ?? '')) / 1000;
}

/**
 * All items that a node gave on one of its outputs, over all its runs; none if it did not run.
 *
 * @param output 1 is the error output of a node with one output; default 0
 */
export function outputOf({ data }: Execution, nodeName: string, output = 0): INodeExecutionData[] {
	const runs = data.resultData?.runData?.[nodeName] ?? [];
	return runs.flatMap((run) => run.data?.main?.[output] ?? []);
}

/** Message and description of what ended it, as the editor shows them; empty if nothing did. */
export function errorOf({ data }: Execution): string {
	const error = data.resultData?.error;
	if (!error) return '';
	const description = 'description' in error ? error.description : undefined;
	return [error.message, description].filter(Boolean).join(' ');
}

/** The file of an item, from n8n's binary store. */
export async function binaryOf(
	session: N8nSession,
	item: INodeExecutionData | undefined,
): Promise<Buffer> {
	const id = item?.binary?.data?.id;
	if (!id) throw new Error('The item has no stored file in "data"');
	return await session.bytes(`/rest/binary-data?id=${encodeURIComponent(id)}&action=download`);
}
