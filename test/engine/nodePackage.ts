import type { PackageDirectoryLoader } from 'n8n-core';
import type { ICredentialType, INodeType, INodeTypes } from 'n8n-workflow';
import type { N8n } from './n8n';
import { loopOverItems } from './nodes/loopOverItems';
import { noOp } from './nodes/noOp';
import { asToolType } from './tool';

/** One community package as loaded by n8n: its node and its credential type. */
export interface NodePackage {
	/** The full name in a workflow, e.g. `n8n-nodes-picwish.picWish`. */
	nodeTypeName: string;
	/** The same node as a tool of an agent. */
	toolTypeName: string;
	nodeType: INodeType;
	credentialType: ICredentialType;
	/** The package's node beside the runner's own `start`, `noOp` and `loopOverItems`. */
	nodeTypes: INodeTypes;
}

/**
 * Loads the package as n8n does at startup: what `package.json` lists, from the built files.
 *
 * @throws Error if it does not have exactly one node with one credential
 */
export async function loadNodePackage(
	{ core, workflow }: N8n,
	directory: string,
	start: INodeType,
): Promise<NodePackage> {
	const loader = new core.PackageDirectoryLoader(directory);
	await loader.loadAll();
	const [nodeName, node] = onlyOne(loader.nodeTypes, 'node', loader);
	const [, credential] = onlyOne(loader.credentialTypes, 'credential', loader);
	const nodeType = workflow.NodeHelpers.getVersionedNodeType(node.type);
	const nodeTypeName = `${loader.packageName}.${nodeName}`;
	const toolTypeName = `${nodeTypeName}Tool`;
	return {
		nodeTypeName,
		toolTypeName,
		nodeType,
		credentialType: credential.type,
		nodeTypes: createNodeTypes({
			[nodeTypeName]: nodeType,
			[toolTypeName]: asToolType(nodeType),
			start,
			noOp,
			loopOverItems,
		}),
	};
}

export function createNodeTypes(typesByName: Record<string, INodeType>): INodeTypes {
	const find = (name: string): INodeType => {
		const nodeType = typesByName[name];
		if (!nodeType) throw new Error(`The engine runner has no node type "${name}"`);
		return nodeType;
	};
	return {
		getByName: find,
		getByNameAndVersion: find,
		getKnownTypes: () => ({}),
	};
}

function onlyOne<Loaded>(
	loaded: Record<string, Loaded>,
	what: string,
	{ packageName }: PackageDirectoryLoader,
): [name: string, loaded: Loaded] {
	const [first, ...others] = Object.entries(loaded);
	if (first === undefined || others.length > 0) {
		const count = Object.keys(loaded).length;
		throw new Error(`${packageName} should hold one ${what}, it holds ${count}`);
	}
	return first;
}
