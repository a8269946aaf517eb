import type {
	IExecuteData,
	INode,
	INodeCredentialTestResult,
	INodeType,
	IWorkflowExecuteAdditionalData,
	ICredentialTestRequest,
	ICredentialsDecrypted,
} from 'n8n-workflow';
import { completeCredential, type PicWishCredential } from './credentialStore';
import type { N8n } from './n8n';
import { createNodeTypes, type NodePackage } from './nodePackage';

/**
 * Tests a credential as n8n's credential form does: sends the request that the credential type
 * declares, or calls the node's test function, and turns the outcome into one message.
 */
export async function testCredential(
	n8n: N8n,
	{ nodeType, credentialType }: NodePackage,
	additionalData: IWorkflowExecuteAdditionalData,
	credential: PicWishCredential,
): Promise<INodeCredentialTestResult> {
	const decrypted: ICredentialsDecrypted = {
		id: '1',
		name: credentialType.displayName,
		type: credentialType.name,
		data: completeCredential(n8n, credentialType, credential),
	};
	if (credentialType.test) {
		return await testByRequest(n8n, credentialType.test, additionalData, decrypted);
	}
	const usage = nodeType.description.credentials?.find(({ name }) => name === credentialType.name);
	const test = usage?.testedBy;
	if (typeof test === 'object') return await testByRequest(n8n, test, additionalData, decrypted);

	const testFunction = nodeType.methods?.credentialTest?.[test ?? ''];
	if (!testFunction) return error('No testing function found for this credential.');
	return await testFunction.call(n8n.createCredentialTestContext(additionalData), decrypted);
}

async function testByRequest(
	{ core, workflow: { Workflow, createRunExecutionData } }: N8n,
	test: ICredentialTestRequest,
	additionalData: IWorkflowExecuteAdditionalData,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	const nodeType: INodeType = {
		description: {
			displayName: 'Credential test',
			name: 'credentialTest',
			group: [],
			version: 1,
			description: 'Sends the request of a credential test',
			defaults: {},
			inputs: ['main'],
			outputs: ['main'],
			credentials: [{ name: credential.type, required: true }],
			properties: [
				{
					displayName: 'Request',
					name: 'request',
					type: 'string',
					default: '',
					routing: { request: test.request },
				},
			],
		},
	};
	const node: INode = {
		id: 'credentialTest',
		name: 'Credential test',
		type: 'credentialTest',
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
		credentials: { [credential.type]: { id: credential.id, name: credential.name } },
	};
	const workflow = new Workflow({
		nodes: [node],
		connections: {},
		active: false,
		nodeTypes: createNodeTypes({ credentialTest: nodeType }),
	});
	const executeData: IExecuteData = { node, data: {}, source: null };
	const context = new core.ExecuteContext(
		workflow,
		node,
		additionalData,
		'internal',
		createRunExecutionData(),
		0,
		[],
		{ main: [[{ json: {} }]] },
		executeData,
		[],
	);
	const rules = test.rules ?? [];
	try {
		const output = await new core.RoutingNode(context, nodeType, credential).runNode();
		const body = output?.[0]?.[0]?.json ?? {};
		for (const { type, properties } of rules) {
			if (type !== 'responseSuccessBody' || !('key' in properties)) continue;
			const value = properties.key.split('.').reduce<unknown>(field, body);
			if (value === properties.value) return error(properties.message);
		}
		return { status: 'OK', message: 'Connection successful!' };
	} catch (thrown) {
		return explainFailure(thrown, rules);
	}
}

function explainFailure(
	thrown: unknown,
	rules: NonNullable<ICredentialTestRequest['rules']>,
): INodeCredentialTestResult {
	const cause = field(thrown, 'cause');
	const response = field(cause, 'response');
	if (response === undefined) return error(field(cause, 'code') ?? field(thrown, 'message'));

	const status = field(response, 'status');
	for (const { type, properties } of rules) {
		if (type === 'responseCode' && properties.value === status) return error(properties.message);
	}
	return error(field(response, 'statusText') || `Received HTTP status code: ${String(status)}`);
}

function field(value: unknown, name: string): unknown {
	return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function error(message: unknown): INodeCredentialTestResult {
	return { status: 'Error', message: String(message) };
}
