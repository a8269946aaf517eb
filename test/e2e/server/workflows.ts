import { randomUUID } from 'node:crypto';
import type { IConnections, INode, IWorkflowSettings } from 'n8n-workflow';

import type { SavedCredential } from './credentials';
import type { N8nInstance } from './n8nInstance';
import type { N8nSession } from './n8nSession';
import { waitUntil } from './waitUntil';

const publishTimeoutMs = 30_000;

/** What n8n's editor exports. */
export interface WorkflowFile {
	name: string;
	nodes: INode[];
	connections: IConnections;
	settings: IWorkflowSettings;
}

/** A published workflow that begins with a Webhook node. */
interface PublishedWorkflow {
	id: string;
	/**
	 * Calls the webhook, as whoever sends pictures to such a workflow would.
	 *
	 * @param body becomes the trigger item's `body`
	 * @returns the id of the execution
	 */
	start(body: unknown): Promise<string>;
}

/**
 * Saves and publishes a workflow. Its Webhook node gets a path of its own and answers with the
 * execution's id.
 *
 * @param credentials by type; they replace those that the file names
 */
export async function publishWorkflow(
	{ n8n, session }: { n8n: N8nInstance; session: N8nSession },
	{ name, nodes, connections, settings }: WorkflowFile,
	credentials: Record<string, SavedCredential>,
): Promise<PublishedWorkflow> {
	const path = randomUUID();
	const ownNodes = nodes.map((node) => {
		const types = Object.keys(node.credentials ?? {});
		const chosen = types.map((type) => [type, credentials[type]] as const);
		return {
			...node,
			...(node.credentials && { credentials: Object.fromEntries(chosen) }),
			...(node.type === 'n8n-nodes-base.webhook' && {
				webhookId: path,
				parameters: {
					httpMethod: 'POST',
					path,
					options: { responseData: '={{ $execution.id }}' },
				},
			}),
		};
	});
	const { id, versionId } = await session.request<{ id: string; versionId: string }>(
		'/rest/workflows',
		{ name, nodes: ownNodes, connections, settings },
	);
	await session.request(`/rest/workflows/${id}/activate`, { versionId });
	return {
		id,
		async start(body) {
			// n8n publishes in the background: until then nobody is at home.
			const text = await waitUntil(
				`the webhook of ${name}`,
				async () => await callWebhook(`${n8n.url}/webhook/${path}`, body),
				{ timeoutMs: publishTimeoutMs },
			);
			if (!/^\d+$/.test(text)) throw new Error(`The webhook of ${name} answered ${text}`);
			return text;
		},
	};
}

/** @returns undefined when n8n knows no such webhook (yet) */
async function callWebhook(url: string, body: unknown): Promise<string | undefined> {
	const response = await fetch(url, {
		method: 'POST',
		headers: { 'content-type': 'application/json', connection: 'close' },
		body: JSON.stringify(body),
	});
	const text = await response.text();
	if (response.status === 404) return undefined;
	if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`);
	return text;
}
