/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- test code, runs on a developer's machine */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { OnError } from 'n8n-workflow';

import type { Sandbox } from '../../sandbox/server';
import { createCredential, sandboxCredential } from '../server/credentials';
import { endedExecution, type Execution, outputOf } from '../server/executions';
import type { TestServer } from '../server/testServer';
import { publishWorkflow, type WorkflowFile } from '../server/workflows';

/** A workflow that takes a list of image addresses and gives the cleaned pictures. */
export interface Contestant {
	/** For the tables. */
	title: string;
	file: string;
	/** Whose output the pictures are. */
	lastNode: string;
	/** Changes the last node's *On Error*. */
	onError?: OnError;
}

export const oneByOne: Contestant = {
	title: 'Core nodes, Loop Over Items',
	file: 'core-one-by-one.json',
	lastNode: 'Download',
};
export const batched: Contestant = {
	title: 'Core nodes, HTTP Request with batching',
	file: 'core-batched.json',
	lastNode: 'Download',
};
export const picWish: Contestant = {
	title: 'PicWish node',
	file: 'picwish.json',
	lastNode: 'PicWish',
};
export const picWishGoingOn: Contestant = {
	...picWish,
	title: 'PicWish node, *On Error*: Continue',
	onError: 'continueRegularOutput',
};

/** The host in the files, as a user would have it there. */
const realHost = 'https://techhk.aoscdn.com';
const runTimeoutMs = 300_000;

/** The text as n8n's editor exports it. */
export async function readContestant({ file }: Contestant): Promise<string> {
	return await readFile(path.join(__dirname, file), 'utf8');
}

/** Runs it once against this sandbox, to its end. */
export async function runContestant(
	server: TestServer,
	contestant: Contestant,
	sandbox: Pick<Sandbox, 'apiKey' | 'apiUrl'>,
	requestsPerSecond: number,
	images: string[],
): Promise<Execution> {
	const { session } = server;
	const credentials = {
		httpHeaderAuth: await createCredential(session, 'httpHeaderAuth', 'Key for core nodes', {
			name: 'X-API-KEY',
			value: sandbox.apiKey,
		}),
		picWishApi: await createCredential(
			session,
			'picWishApi',
			'PicWish account',
			sandboxCredential(sandbox, requestsPerSecond),
		),
	};
	const text = (await readContestant(contestant)).replaceAll(realHost, sandbox.apiUrl);
	const { nodes, ...workflow }: WorkflowFile = JSON.parse(text);
	const { lastNode, onError } = contestant;
	const changed = nodes.map((node) => (node.name === lastNode ? { ...node, onError } : node));
	const { start } = await publishWorkflow(server, { ...workflow, nodes: changed }, credentials);
	return await endedExecution(session, await start({ images }), runTimeoutMs);
}

/** The finished pictures' items, in the order they came. */
export function picturesOf(contestant: Contestant, execution: Execution) {
	return outputOf(execution, contestant.lastNode).filter((item) => item.binary?.data);
}
