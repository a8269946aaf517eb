import type { INode, INodeParameters, OnError } from 'n8n-workflow';
import type { NodePackage } from './nodePackage';

export interface NodeSettings {
	onError?: OnError;
	retryOnFail?: boolean;
	/** 2 to 5, as in n8n. */
	maxTries?: number;
	/** Milliseconds, at most 5000, as in n8n. */
	waitBetweenTries?: number;
	/** Default true. Without a credential, n8n does not request its values. */
	hasCredential?: boolean;
}

export interface WorkflowNode extends NodeSettings {
	name: string;
	/** `package` is the package's node, `tool` the same as a tool of an agent; `loopOverItems` has the parameter `batchSize`. */
	type: 'package' | 'tool' | 'noOp' | 'loopOverItems';
	/** Expressions as n8n saves them: `={{ $json.x }}`. */
	parameters?: Record<string, unknown>;
}

/** Emits the items of the run; every workflow begins with it. */
export const startNode: INode = {
	id: 'start',
	name: 'Start',
	type: 'start',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

/** @param column position on the canvas: n8n runs branches from the top left */
export function toNode(nodePackage: NodePackage, node: WorkflowNode, column: number): INode {
	const { name, type, parameters = {}, hasCredential = true, ...settings } = node;
	const common = {
		id: name,
		name,
		position: [200 * column, 0] satisfies INode['position'],
		parameters: asSaved(parameters),
		...settings,
	};
	if (type !== 'package' && type !== 'tool') return { ...common, type, typeVersion: 1 };

	const { nodeTypeName, toolTypeName, nodeType, credentialType } = nodePackage;
	return {
		...common,
		type: type === 'tool' ? toolTypeName : nodeTypeName,
		typeVersion: Math.max(...[nodeType.description.version].flat()),
		...(hasCredential && {
			credentials: { [credentialType.name]: { id: '1', name: credentialType.displayName } },
		}),
	};
}

/** A workflow is stored as JSON, so a node never gets parameters that JSON cannot hold. */
function asSaved(parameters: Record<string, unknown>): INodeParameters {
	return JSON.parse(JSON.stringify(parameters));
}
