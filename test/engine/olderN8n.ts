/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import type { Readable } from 'node:stream';
import type { BinaryData, ExecutionLifecycleHooks } from 'n8n-core';
import type * as Core from 'n8n-core';
import type {
	ICredentialTestFunctions,
	INode,
	IRun,
	IWorkflowExecuteAdditionalData,
	Workflow,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { DatabaseLikeStore } from './databaseLikeStore';
import type { BinaryStore, DependencyContainer, N8n } from './n8n';

/** n8n-core of any supported version: newer and older names may be missing. */
interface OlderCore {
	BinaryDataConfig?: typeof Core.BinaryDataConfig;
	BinaryDataService: new () => OlderBinaryDataService;
	CredentialTestContext?: typeof Core.CredentialTestContext;
	ExecutionLifecycleHooks?: typeof ExecutionLifecycleHooks;
	ExternalSecretsProxy?: typeof Core.ExternalSecretsProxy;
	WorkflowExecute: new (
		additionalData: IWorkflowExecuteAdditionalData,
		mode: WorkflowExecuteMode,
	) => { run(workflow: Workflow, startNode: INode): ReturnType<Core.WorkflowExecute['run']> };
	getCredentialTestFunctions(): ICredentialTestFunctions;
}

interface OlderBinaryDataService extends BinaryStore {
	managers: Record<string, object>;
	setManager?: unknown;
	init(config: { mode: string; availableModes: string[]; localStoragePath: string }): Promise<void>;
}

interface OlderWorkflow {
	WorkflowHooks: new (
		hooks: Record<string, Array<(run: IRun) => Promise<void>>>,
		...rest: ConstructorParameters<typeof ExecutionLifecycleHooks>
	) => ExecutionLifecycleHooks;
	createRunExecutionData?: unknown;
}

/**
 * What the loaded version does differently from the newest; empty for the newest. Detected by feature,
 * as the changes came one by one between 1.70 and 2.20.
 */
export function olderN8n(
	core: OlderCore,
	workflow: OlderWorkflow,
	container: DependencyContainer,
): Partial<N8n> {
	const older: Partial<N8n> = {};
	if (!core.ExecutionLifecycleHooks) {
		older.createHooks = (mode, executionId, workflowData, onEnd) => {
			const hooks = { workflowExecuteAfter: [async (run: IRun) => onEnd(run)] };
			return new workflow.WorkflowHooks(hooks, mode, executionId, workflowData);
		};
	}
	if (!core.CredentialTestContext) {
		older.createCredentialTestContext = () => core.getCredentialTestFunctions();
	}
	// Never called: these versions get secrets elsewhere, and only if they are used.
	if (!core.ExternalSecretsProxy) older.createSecretsProxy = () => Object.create(null);
	if (!workflow.createRunExecutionData) {
		older.createRunData = (error) => ({ resultData: { error, runData: {} } });
	}
	if (core.WorkflowExecute.prototype.run.length > 1) {
		older.execute = (additionalData, mode, theWorkflow, startNode) =>
			new core.WorkflowExecute(additionalData, mode).run(theWorkflow, startNode);
	}
	const { BinaryDataConfig, BinaryDataService } = core;
	if (!BinaryDataService.prototype.setManager) {
		older.useBinaryStore = async (mode, folder) => {
			const config = BinaryDataConfig ? container.get(BinaryDataConfig) : {};
			const service = container.get(BinaryDataService);
			const settings = { mode, availableModes: ['filesystem'], localStoragePath: folder };
			await service.init(Object.assign(config, settings));
			if (mode === 'database') service.managers.database = takingTwoIds(new DatabaseLikeStore());
			return service;
		};
	}
	return older;
}

/** Adapts a store to versions that pass workflow and execution separately, not as one location. */
function takingTwoIds(store: DatabaseLikeStore): object {
	const location = (workflowId: string, executionId: string) =>
		({ type: 'execution', workflowId, executionId }) satisfies BinaryData.FileLocation;
	return Object.assign(Object.create(store), {
		store: async (
			workflowId: string,
			executionId: string,
			...content: [Buffer | Readable, BinaryData.PreWriteMetadata]
		) => await store.store(location(workflowId, executionId), ...content),
		copyByFileId: async (workflowId: string, executionId: string, sourceFileId: string) =>
			await store.copyByFileId(location(workflowId, executionId), sourceFileId),
	});
}
