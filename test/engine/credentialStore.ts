import type {
	ICredentialDataDecryptedObject,
	ICredentialsHelper,
	ICredentialType,
	IDataObject,
	IHttpRequestOptions,
	INode,
	Workflow,
} from 'n8n-workflow';
import type { N8n } from './n8n';
import { createNodeTypes } from './nodePackage';

/** What a user enters in the credential's form; n8n adds the defaults. */
export interface PicWishCredential {
	apiKey: string;
	region?: string;
	baseUrl?: string;
	requestsPerSecond?: number;
}

/**
 * Replaces the one part that n8n's server supplies, not n8n-core: holds a credential (without a
 * database), completes it with the defaults of its type, and applies `authenticate` to requests.
 */
export function createCredentialsHelper(
	n8n: N8n,
	credentialType: ICredentialType,
	credential: PicWishCredential,
): ICredentialsHelper {
	const unsupported = async (): Promise<never> => {
		throw new Error('The engine runner has no stored credentials');
	};
	return {
		getParentTypes: () => credentialType.extends ?? [],
		isCredentialUsableByNode: () => true,
		getCredentialsProperties: () => credentialType.properties,
		getDecrypted: async () => completeCredential(n8n, credentialType, credential),
		preAuthentication: async () => undefined,
		runPreAuthentication: async () => undefined,
		async authenticate(data, _typeName, request, workflow, node) {
			if (!('url' in request)) throw new Error('The engine runner authenticates URLs only');
			return await authenticate(credentialType, data, request, workflow, node);
		},
		getCredentials: unsupported,
		updateCredentials: unsupported,
		updateCredentialsOauthTokenData: unsupported,
	};
}

/** Adds defaults, drops what the form would not show, and resolves expressions between fields. */
export function completeCredential(
	{ workflow: { NodeHelpers, Workflow } }: N8n,
	{ properties }: ICredentialType,
	credential: PicWishCredential,
): ICredentialDataDecryptedObject {
	const data = NodeHelpers.getNodeParameters(
		properties,
		{ ...credential },
		true,
		false,
		null,
		null,
	);
	const node: INode = {
		id: 'credential',
		name: 'Credential',
		type: 'noOp',
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
	};
	const { expression } = new Workflow({
		nodes: [],
		connections: {},
		active: false,
		nodeTypes: createNodeTypes({}),
	});
	const resolved = expression.getComplexParameterValue(
		node,
		data ?? {},
		'internal',
		{},
		undefined,
		undefined,
		data ?? {},
	);
	return JSON.parse(JSON.stringify(resolved));
}

/** Like n8n, modifies the request object in place. */
async function authenticate(
	{ authenticate: method }: ICredentialType,
	credential: ICredentialDataDecryptedObject,
	request: IHttpRequestOptions,
	workflow: Workflow | undefined,
	node: INode | undefined,
): Promise<IHttpRequestOptions> {
	if (method === undefined) return request;
	if (typeof method === 'function') return await method(credential, request);
	if (!workflow || !node) throw new Error('Generic authentication needs a workflow and a node');

	const { headers, qs, ...others } = method.properties;
	if (Object.keys(others).length > 0) {
		throw new Error(`The engine runner cannot authenticate by ${Object.keys(others).join(', ')}`);
	}
	const resolve = (value: string) =>
		workflow.expression.getSimpleParameterValue(node, value, 'internal', {
			$credentials: credential,
		});
	const resolveAll = (section: IDataObject): IDataObject => {
		const resolved: IDataObject = {};
		for (const [key, value] of Object.entries(section)) {
			resolved[String(resolve(key))] = String(resolve(String(value)) ?? '');
		}
		return resolved;
	};
	if (headers) request.headers = Object.assign(request.headers ?? {}, resolveAll(headers));
	if (qs) request.qs = Object.assign(request.qs ?? {}, resolveAll(qs));
	return request;
}
