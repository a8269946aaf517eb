/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- test code, runs on a developer's machine */
import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { type Sandbox, startSandbox } from '../../sandbox/server';
import { sha256 } from '../../sandbox/sha256';
import { createCredential, sandboxCredential, type SavedCredential } from '../server/credentials';
import { examplesFolder } from '../server/examples';
import { binaryOf, endedExecution, type Execution, outputOf } from '../server/executions';
import type { ImageHost } from '../server/imageHost';
import type { N8nInstance } from '../server/n8nInstance';
import type { N8nSession } from '../server/n8nSession';
import { waitUntil } from '../server/waitUntil';
import { publishWorkflow, type WorkflowFile } from '../server/workflows';
import { logFolder } from '../setup/output';

interface Server {
	n8n: N8nInstance;
	session: N8nSession;
}

/** One execution that a process is killed under, with an account of its own. */
export interface Victim {
	executionId: string;
	sandbox: Sandbox;
	credential: SavedCredential;
	/** Addresses of the images it was given. */
	images: string[];
}

/** What the user gets by *Get Result* with the task ids that a process has logged. */
export interface Rescue {
	/** Of this execution, from the log. */
	taskIds: string[];
	/** SHA-256 of the pictures, sorted. */
	pictures: string[];
	/** Tasks that the account has paid in all, afterwards. */
	paidTasks: number;
}

export const batchSize = 12;
const requestsPerSecond = 2;
/** So wide that at the kill some pictures are there and others are not, on a slow machine too. */
const processingMs: [number, number] = [2000, 60_000];
/** Wait nodes of 65 s and more store the execution in the database. */
export const waitSeconds = 66;

/** The nodes whose output n8n's page of the execution can show. */
export function nodesShown({ data }: Execution): string[] {
	const runs = Object.entries(data.resultData?.runData ?? {});
	return runs
		.filter(([, [first]]) => (first?.data?.main?.[0] ?? []).length > 0)
		.map(([name]) => name);
}

/** Creates that the account has seen, accepted or not. */
export function createsOf({ sandbox }: Victim): number {
	return sandbox.requests.filter(({ kind }) => kind === 'create').length;
}

/** Starts a workflow on the images, with a sandbox and a key of its own. */
export async function startVictim(
	server: Server,
	workflow: WorkflowFile,
	images: string[],
): Promise<Victim> {
	const sandbox = await startSandbox({ requestsPerSecond, processingMs, inpaint: false });
	const credential = await createCredential(
		server.session,
		'picWishApi',
		'PicWish account',
		sandboxCredential(sandbox, requestsPerSecond),
	);
	const { start } = await publishWorkflow(server, workflow, { picWishApi: credential });
	return { executionId: await start({ images }), sandbox, credential, images };
}

/**
 * Waits until all its tasks are paid and named in the log (the answer to the last create may still be
 * on its way to n8n), and some of its pictures are fetched but not all.
 */
export async function midBatch(victim: Victim, logFile: string): Promise<void> {
	const { sandbox, images } = victim;
	await waitUntil(
		'the middle of the batch',
		async () => {
			const downloads = sandbox.requests.filter(({ kind }) => kind === 'download').length;
			if (downloads >= images.length) throw new Error('The batch was over before the kill');
			const logged = await loggedTasks(victim, logFile);
			return (logged.length === images.length && downloads > 0) || undefined;
		},
		{ timeoutMs: 90_000 },
	);
}

/** Ids of the tasks that the log names for the victim's execution. */
async function loggedTasks({ executionId }: Victim, logFile: string): Promise<string[]> {
	const log = await readFile(path.join(logFolder, logFile), 'utf8');
	const line = new RegExp(
		`PicWish task (\\S+) \\(removeWatermark\\) created for item \\d+ of execution ${executionId} `,
		'g',
	);
	return [...log.matchAll(line)].flatMap(([, taskId]) => taskId ?? []);
}

export async function readWorkflow(file: string): Promise<WorkflowFile> {
	const workflow: WorkflowFile = JSON.parse(await readFile(path.join(__dirname, file), 'utf8'));
	return workflow;
}

/** Example 3, for this image, begun by a webhook instead of by hand, with the shortest stored wait. */
export async function durableExample(image: string): Promise<WorkflowFile> {
	const file = path.join(examplesFolder, '3-submit-wait-get-result.json');
	const text = await readFile(file, 'utf8');
	const workflow: WorkflowFile = JSON.parse(
		text.replace(/https:\/\/raw\.githubusercontent\.com\/[^"]+/, image),
	);
	const nodes = workflow.nodes.map((node) => {
		switch (node.type) {
			case 'n8n-nodes-base.manualTrigger':
				return { ...node, type: 'n8n-nodes-base.webhook', typeVersion: 2.1 };
			case 'n8n-nodes-base.wait':
				return { ...node, parameters: { ...node.parameters, amount: waitSeconds } };
			default:
				return node;
		}
	});
	return { ...workflow, nodes };
}

/** Runs *Get Result* for every task that the log names for the victim's execution. */
export async function rescueFromLog(
	server: Server,
	victim: Victim,
	logFile: string,
): Promise<Rescue> {
	const { sandbox, credential } = victim;
	const taskIds = await loggedTasks(victim, logFile);
	const workflow = await readWorkflow('get-results.json');
	const { start } = await publishWorkflow(server, workflow, { picWishApi: credential });
	const rescued = await endedExecution(server.session, await start({ taskIds }), 120_000);
	const items = outputOf(rescued, 'Get result');
	return {
		taskIds,
		pictures: await sumsOf(server.session, items),
		paidTasks: sandbox.tasks.length,
	};
}

/** @returns SHA-256 of the items' pictures, sorted */
export async function sumsOf(
	session: N8nSession,
	items: ReturnType<typeof outputOf>,
): Promise<string[]> {
	const pictures = await Promise.all(items.map(async (item) => await binaryOf(session, item)));
	return pictures.map(sha256).sort();
}

/** @returns SHA-256 of the images at these addresses, sorted */
export function wantedSums(images: ImageHost, urls: string[]): string[] {
	return urls.map((url) => images.sha256(url)).sort();
}
