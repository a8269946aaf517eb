import type { INodeExecutionData } from 'n8n-workflow';

import { startSandbox, type Sandbox } from '../../sandbox/server';
import { sha256 } from '../../sandbox/sha256';
import { openAll, type Opened } from '../setup/opened';
import { setUpExamples, type Elsewhere } from './examples';
import { binaryOf, errorOf, type Execution, outputOf } from './executions';
import { startTestServer, type TestServer } from './testServer';
import { findWorkflow, runWorkflow } from './workflowRuns';

/** A server with the examples imported, and the stand-in for PicWish. */
export interface ExampleServer extends TestServer {
	sandbox: Sandbox;
	/** Where example 1 saves. */
	folder: string;
	picWishId: string;
	/** Runs the example whose number this is. */
	run(index: number, options?: Parameters<typeof runWorkflow>[2]): Promise<Execution>;
	/** The sandbox's result for a task, which must not be the source. */
	resultSha256(taskId: unknown): string;
	/** Of the file that a node gave. */
	pictureSha256(outcome: Execution, node: string, index?: number): Promise<string>;
}

const requestsPerSecond = 50;

/**
 * @param name names the log file
 * @param startStandIns starts what the examples talk to beside PicWish, and closes it with the server
 * @param replacements further changes of the examples' text
 */
export async function startExampleServer(
	name: string,
	startStandIns: (opened: Opened, sandbox: Sandbox) => Promise<Partial<Elsewhere>>,
	replacements?: Record<string, string>,
): Promise<ExampleServer> {
	return await openAll(async (opened) => {
		const sandbox = opened.add(await startSandbox({ requestsPerSecond, processingMs: 300 }));
		const elsewhere = await startStandIns(opened, sandbox);
		const server = opened.add(await startTestServer(name));
		const { folder, picWish } = await setUpExamples(server, {
			sandbox,
			requestsPerSecond,
			elsewhere,
			replacements,
		});
		return {
			...server,
			sandbox,
			folder,
			picWishId: picWish.id,
			async run(index, options) {
				const { id } = await findWorkflow(server.session, `PicWish example ${index}`);
				return await runWorkflow(server.session, id, options);
			},
			resultSha256: (taskId) => resultOf(sandbox, taskId),
			pictureSha256: async (outcome, node, index = 0) =>
				sha256(await binaryOf(server.session, outputOf(outcome, node)[index])),
			close: async () => await opened.close(),
		};
	});
}

export function expectSuccess(outcome: Execution): void {
	expect([outcome.status, errorOf(outcome)]).toEqual(['success', '']);
}

/** The `json` of items. */
export function jsonOf(items: INodeExecutionData[]) {
	return items.map(({ json }) => json);
}

function resultOf({ tasks }: Sandbox, taskId: unknown): string {
	const task = tasks.find((one) => one.taskId === taskId);
	const result = task?.resultSha256;
	if (!result) throw new Error(`The sandbox has no result for task ${String(taskId)}`);
	if (result === task.sourceSha256) throw new Error('The result is the source');
	return result;
}
