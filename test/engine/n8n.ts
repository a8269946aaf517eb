/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- test code, runs on a developer's machine */
import './errorRealm';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import type * as Core from 'n8n-core';
import type {
	ExecutionError,
	ICredentialTestFunctions,
	INode,
	IRun,
	IRunExecutionData,
	IWorkflowBase,
	IWorkflowExecuteAdditionalData,
	Workflow,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import type * as N8nWorkflow from 'n8n-workflow';
import type * as ToolCalls from 'n8n-core/dist/execution-engine/node-execution-context/utils/get-input-connection-data';
import { DatabaseLikeStore } from './databaseLikeStore';
import { olderN8n } from './olderN8n';

/**
 * Everything that differs between n8n versions is in this file, written for the newest, and in
 * `olderN8n.ts`, for what older ones do differently.
 */

/** How n8n keeps binary data: in the item itself, in files, or (as queue mode does) elsewhere. */
export type BinaryMode = 'default' | 'filesystem' | 'database';

export type BinaryStore = Pick<Core.BinaryDataService, 'getAsBuffer'>;

/** What every version saves of an execution. */
export type SavedData = Pick<IRunExecutionData, 'resultData'>;

export interface N8n {
	core: typeof Core;
	workflow: typeof N8nWorkflow;
	/** @param onEnd called at each end of the execution: a cancelled one has two */
	createHooks(
		mode: WorkflowExecuteMode,
		executionId: string,
		workflow: IWorkflowBase,
		onEnd: (run: IRun) => void,
	): Core.ExecutionLifecycleHooks;
	createCredentialTestContext(
		additionalData: IWorkflowExecuteAdditionalData,
	): ICredentialTestFunctions;
	createSecretsProxy(): Core.ExternalSecretsProxy;
	createRunData(error: ExecutionError): SavedData;
	/** n8n-core's own retry loop for one tool; throws in versions without one. */
	makeToolInvocation: typeof ToolCalls.makeHandleToolInvocation;
	/** @throws Error synchronously, if n8n refuses the workflow */
	execute(
		additionalData: IWorkflowExecuteAdditionalData,
		mode: WorkflowExecuteMode,
		workflow: Workflow,
		startNode: INode,
	): ReturnType<Core.WorkflowExecute['run']>;
	/** Sets the mode of the process's one binary store; files go below `folder`. */
	useBinaryStore(mode: BinaryMode, folder: string): Promise<BinaryStore>;
}

export interface DependencyContainer {
	get<T>(type: abstract new (...args: never[]) => T): T;
}

let loaded: N8n | undefined;

/**
 * Loads n8n-core, once, from the `node_modules` folder in `N8N_ENGINE_DIR` (default: this project's).
 * n8n reads its settings while it loads, so they must be in the environment before.
 *
 * @param userFolder where n8n writes its own files; only the first call's counts
 */
export function loadN8n(userFolder: string): N8n {
	loaded ??= load(userFolder);
	return loaded;
}

function load(userFolder: string): N8n {
	Object.assign(process.env, {
		N8N_USER_FOLDER: userFolder,
		N8N_LOG_LEVEL: process.env.N8N_LOG_LEVEL ?? 'silent',
		N8N_DIAGNOSTICS_ENABLED: 'false',
		// n8n honours the machine's proxy settings, but the tests' servers are local.
		no_proxy: [process.env.no_proxy ?? process.env.NO_PROXY ?? [], '127.0.0.1'].flat().join(','),
	});
	const engineFolder = process.env.N8N_ENGINE_DIR ?? resolve(__dirname, '../../node_modules');
	// Resolved from n8n-core's folder, to find its own n8n-workflow and container.
	const engineRequire = createRequire(resolve(engineFolder, 'n8n-core/package.json'));
	const core: typeof Core = engineRequire('n8n-core');
	const workflow: typeof N8nWorkflow = engineRequire('n8n-workflow');
	const container = loadContainer(engineRequire);
	const newest: N8n = {
		core,
		workflow,
		createHooks(mode, executionId, workflowData, onEnd) {
			const hooks = new core.ExecutionLifecycleHooks(mode, executionId, workflowData);
			hooks.addHandler('workflowExecuteAfter', onEnd);
			return hooks;
		},
		createCredentialTestContext: (additionalData) => new core.CredentialTestContext(additionalData),
		createSecretsProxy: () => new core.ExternalSecretsProxy(),
		makeToolInvocation: (...args) => {
			const path = 'execution-engine/node-execution-context/utils/get-input-connection-data';
			const toolCalls: typeof ToolCalls = engineRequire(`n8n-core/dist/${path}`);
			return toolCalls.makeHandleToolInvocation(...args);
		},
		createRunData: (error) => workflow.createRunExecutionData({ resultData: { error } }),
		execute: (additionalData, mode, theWorkflow, startNode) =>
			new core.WorkflowExecute(additionalData, mode).run({ workflow: theWorkflow, startNode }),
		async useBinaryStore(mode, folder) {
			const config = container.get(core.BinaryDataConfig);
			config.mode = mode;
			config.localStoragePath = folder;
			const service = container.get(core.BinaryDataService);
			await service.init();
			// The real one is part of n8n's server; this one is as opaque.
			if (mode === 'database') service.setManager('database', new DatabaseLikeStore());
			return service;
		},
	};
	return {
		...newest,
		...olderN8n(engineRequire('n8n-core'), engineRequire('n8n-workflow'), container),
	};
}

function loadContainer(engineRequire: NodeJS.Require): DependencyContainer {
	// n8n 1.70 has no container of its own yet.
	const { typedi } = engineRequire('./package.json').dependencies;
	return engineRequire(typedi ? 'typedi' : '@n8n/di').Container;
}
