import type {
	IConnections,
	ICredentialsHelper,
	INode,
	INodeTypes,
	IRun,
	IWorkflowBase,
	IWorkflowExecuteAdditionalData,
	IWorkflowSettings,
} from 'n8n-workflow';
import type { N8n, SavedData } from './n8n';

interface Execution {
	executionId: string;
	/** The workflow starts at the first. */
	nodes: [INode, ...INode[]];
	connections: IConnections;
	nodeTypes: INodeTypes;
	settings: IWorkflowSettings;
	credentialsHelper: ICredentialsHelper;
}

export interface Outcome {
	status: 'success' | 'error' | 'canceled';
	data: SavedData;
}

const workflowId = 'engine-runner';
const mode = 'trigger';

/** Runs one workflow as n8n does for a trigger, to its end or until `cancel` is called. */
export function execute(
	n8n: N8n,
	execution: Execution,
): { finished: Promise<Outcome>; cancel(): void } {
	const { executionId, nodes, connections, nodeTypes, settings } = execution;
	const workflow = new n8n.workflow.Workflow({
		id: workflowId,
		name: 'Engine runner',
		active: false,
		nodes,
		connections,
		nodeTypes,
		settings,
	});
	const additionalData = createAdditionalData(n8n, execution.credentialsHelper, executionId);
	// n8n lists an execution by the first end it reports: a cancelled one stays cancelled, even if the
	// node then fails.
	let listed: IRun | undefined;
	const workflowData = toWorkflowData(execution);
	additionalData.hooks = n8n.createHooks(mode, executionId, workflowData, (run) => {
		listed ??= run;
	});

	try {
		const running = n8n.execute(additionalData, mode, workflow, nodes[0]);
		return {
			finished: running.then(({ data, status }) => toOutcome(data, listed?.status ?? status)),
			cancel: () => running.cancel(),
		};
	} catch (error) {
		return { finished: refused(n8n, error), cancel: () => {} };
	}
}

/** n8n refuses to start a workflow whose nodes lack required parameters. */
async function refused({ workflow, createRunData }: N8n, error: unknown): Promise<Outcome> {
	if (!(error instanceof workflow.WorkflowOperationError)) {
		throw new Error('n8n could not start the workflow', { cause: error });
	}
	return { status: 'error', data: createRunData(error) };
}

/** What n8n's server passes to the engine. Nothing listens at the URLs. */
export function createAdditionalData(
	n8n: N8n,
	credentialsHelper: ICredentialsHelper,
	executionId?: string,
): IWorkflowExecuteAdditionalData {
	const unsupported = async (): Promise<never> => {
		throw new Error('The engine runner runs single workflows only');
	};
	const url = 'http://127.0.0.1:9';
	return {
		credentialsHelper,
		executionId,
		workflowId,
		currentNodeExecutionIndex: 0,
		variables: {},
		externalSecretsProxy: n8n.createSecretsProxy(),
		restApiUrl: url,
		instanceBaseUrl: `${url}/`,
		formBaseUrl: url,
		formWaitingBaseUrl: url,
		formTestBaseUrl: url,
		webhookBaseUrl: url,
		webhookWaitingBaseUrl: url,
		webhookTestBaseUrl: url,
		mcpBaseUrl: url,
		mcpTestBaseUrl: url,
		executeWorkflow: unsupported,
		startRunnerTask: unsupported,
		getRunExecutionData: async () => undefined,
		getRuntimeCredential: async () => undefined,
		logAiEvent: () => {},
	};
}

function toWorkflowData({ nodes, connections, settings }: Execution): IWorkflowBase {
	const now = new Date();
	return {
		id: workflowId,
		name: 'Engine runner',
		active: false,
		activeVersionId: null,
		isArchived: false,
		createdAt: now,
		updatedAt: now,
		nodes,
		connections,
		settings,
	};
}

function toOutcome(data: SavedData, status: IRun['status']): Outcome {
	return { status: status === 'success' || status === 'canceled' ? status : 'error', data };
}
