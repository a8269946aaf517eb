import type {
	IDataObject,
	INode,
	INodeType,
	INodeTypes,
	IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';
import type { N8n } from './n8n';

/** The node as an agent's tool, in one execution. */
export interface Tool {
	/**
	 * One call by the agent's model, with the retries of Retry On Fail. Calls may overlap.
	 *
	 * @param args the values for `$fromAI`
	 * @returns what the model gets
	 * @throws NodeOperationError of the last try
	 */
	call(args: IDataObject): Promise<unknown>;
}

const agent: INode = {
	id: 'agent',
	name: 'Agent',
	type: 'noOp',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

/** How n8n turns a node into a tool: the same code, with another name and an output for an agent. */
export function asToolType(nodeType: INodeType): INodeType {
	const { description } = nodeType;
	const toolDescription: INodeType['description'] = {
		...description,
		name: `${description.name}Tool`,
		inputs: [],
		outputs: ['ai_tool'],
	};
	return Object.assign(Object.create(nodeType), { description: toolDescription });
}

/**
 * Wraps the node in n8n's own code for tool calls, which MCP and agents before version 3 use: each try
 * has its own run index, and all tries of a call have the same input.
 *
 * @param node of a type that `asToolType` made
 */
export function createTool(
	n8n: N8n,
	{
		node,
		nodeTypes,
		additionalData,
	}: { node: INode; nodeTypes: INodeTypes; additionalData: IWorkflowExecuteAdditionalData },
): Tool {
	const { core, workflow: library } = n8n;
	const workflow = new library.Workflow({
		id: additionalData.workflowId,
		name: 'Engine runner',
		active: false,
		nodes: [agent, node],
		connections: { [node.name]: { ai_tool: [[{ node: agent.name, type: 'ai_tool', index: 0 }]] } },
		nodeTypes,
		settings: { executionOrder: 'v1' },
	});
	const runData = library.createRunExecutionData();
	const agentInput = [{ json: {} }];
	const contextFactory = (runIndex: number) =>
		new core.SupplyDataContext(
			workflow,
			node,
			additionalData,
			'trigger',
			runData,
			runIndex,
			agentInput,
			{},
			'ai_tool',
			{ node: agent, data: { main: [agentInput] }, source: null },
			[],
			undefined,
			agent,
		);
	const nodeType = nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
	const invoke = n8n.makeToolInvocation(contextFactory, node, nodeType, runData);
	return {
		async call(args) {
			const answer: unknown = JSON.parse(await invoke(args));
			return answer;
		},
	};
}
