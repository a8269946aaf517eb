/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- test code, runs on a developer's machine */
import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type {
	IBinaryData,
	IConnections,
	INodeCredentialTestResult,
	IWorkflowSettings,
} from 'n8n-workflow';
import { createCredentialsHelper, type PicWishCredential } from './credentialStore';
import { testCredential } from './credentialTest';
import { createAdditionalData, execute, type Outcome } from './execution';
import { loadN8n, type BinaryMode, type BinaryStore, type N8n } from './n8n';
import { loadNodePackage } from './nodePackage';
import { createStart, type InputItem } from './nodes/start';
import { createTool, type Tool } from './tool';
import { toRun, toWorkflowRun, type Run, type WorkflowRun } from './runResult';
import { startNode, toNode, type NodeSettings, type WorkflowNode } from './workflowNodes';

export interface RunOptions {
	items: readonly InputItem[];
	/** Of the package's node; expressions as n8n saves them: `={{ $json.x }}`. */
	parameters: Record<string, unknown>;
	credential: PicWishCredential;
	node?: NodeSettings & { name?: string };
	workflowSettings?: IWorkflowSettings;
}

export interface WorkflowOptions {
	/** Emitted by a node named `Start`, which the runner adds. */
	items: readonly InputItem[];
	nodes: readonly WorkflowNode[];
	connections: IConnections;
	credential: PicWishCredential;
	workflowSettings?: IWorkflowSettings;
}

export interface Running<Result> {
	finished: Promise<Result>;
	/** Like n8n's stop button: aborts the node's signal; the run ends when the node does. */
	cancel(): void;
}

/** Runs a built community package in n8n's own engine. Runs may overlap. */
export interface Engine {
	run(options: RunOptions): Promise<Run>;
	start(options: RunOptions): Running<Run>;
	runWorkflow(options: WorkflowOptions): Promise<WorkflowRun>;
	startWorkflow(options: WorkflowOptions): Running<WorkflowRun>;
	/** The node as an agent's tool, in an execution of its own. */
	createTool(options: Omit<RunOptions, 'items' | 'workflowSettings'>): Tool;
	/** Like the test in the credential form. */
	testCredential(credential: PicWishCredential): Promise<INodeCredentialTestResult>;
	/** Deletes all files of this engine. */
	close(): Promise<void>;
}

export interface EngineOptions {
	/** Default `default`: in memory. */
	binaryMode?: BinaryMode;
	/** Holds `package.json` and what it lists, built. Default: this repository. */
	packageDirectory?: string;
}

/** n8n writes its own files here, and the binary store's `filesystem` mode the items' files. */
const home = join(tmpdir(), `n8n-engine-${randomUUID()}`);
/** n8n has one binary store per process, so only one engine can be open at a time. */
let isOpen = false;
/** Never reused in a process, as in n8n: the node keeps its tasks by execution ID. */
let lastExecutionId = 0;

/** @throws Error if another engine of this process is open, or the package is not built */
export async function startEngine({
	binaryMode = 'default',
	packageDirectory = resolve(__dirname, '../..'),
}: EngineOptions = {}): Promise<Engine> {
	if (isOpen) throw new Error('Close the other engine first');
	isOpen = true;
	let engine: Engine | undefined;
	try {
		await mkdir(home, { recursive: true });
		const n8n = loadN8n(home);
		const store = await n8n.useBinaryStore(binaryMode, join(home, 'storage'));
		engine = await createEngine(n8n, store, packageDirectory);
		return engine;
	} finally {
		if (!engine) await close();
	}
}

async function close(): Promise<void> {
	await rm(home, { recursive: true, force: true });
	isOpen = false;
}

async function createEngine(
	n8n: N8n,
	store: BinaryStore,
	packageDirectory: string,
): Promise<Engine> {
	const itemsByExecution = new Map<string, readonly InputItem[]>();
	const start = createStart(itemsByExecution);
	const nodePackage = await loadNodePackage(n8n, packageDirectory, start);
	const { credentialType, nodeTypes } = nodePackage;
	const bytes = async (binary: IBinaryData) => await store.getAsBuffer(binary);

	function startWorkflow(options: WorkflowOptions): Running<WorkflowRun> {
		const { items, nodes, connections, credential, workflowSettings } = options;
		const executionId = String(++lastExecutionId);
		itemsByExecution.set(executionId, items);
		const { finished, cancel } = execute(n8n, {
			executionId,
			nodes: [startNode, ...nodes.map((node, index) => toNode(nodePackage, node, index + 1))],
			connections,
			nodeTypes,
			settings: { executionOrder: 'v1', ...workflowSettings },
			credentialsHelper: createCredentialsHelper(n8n, credentialType, credential),
		});
		const toRun = ({ status, data }: Outcome): WorkflowRun => ({
			...toWorkflowRun(status, data),
			executionId,
			bytes,
		});
		return {
			finished: finished.then(toRun).finally(() => itemsByExecution.delete(executionId)),
			cancel,
		};
	}

	function startNodeOnly(options: RunOptions): Running<Run> {
		const { node, parameters, ...common } = options;
		const name = node?.name ?? nodePackage.nodeType.description.displayName;
		const { finished, cancel } = startWorkflow({
			...common,
			nodes: [{ ...node, name, type: 'package', parameters }],
			connections: { [startNode.name]: { main: [[{ node: name, type: 'main', index: 0 }]] } },
		});
		return { finished: finished.then((run) => toRun(run, startNode.name, name)), cancel };
	}

	return {
		startWorkflow,
		start: startNodeOnly,
		runWorkflow: async (options) => await startWorkflow(options).finished,
		run: async (options) => await startNodeOnly(options).finished,
		createTool({ node, parameters, credential }) {
			const credentialsHelper = createCredentialsHelper(n8n, credentialType, credential);
			const name = node?.name ?? nodePackage.nodeType.description.displayName;
			return createTool(n8n, {
				node: toNode(nodePackage, { ...node, name, type: 'tool', parameters }, 1),
				nodeTypes,
				additionalData: createAdditionalData(n8n, credentialsHelper, String(++lastExecutionId)),
			});
		},
		async testCredential(credential) {
			const credentialsHelper = createCredentialsHelper(n8n, credentialType, credential);
			const additionalData = createAdditionalData(n8n, credentialsHelper);
			return await testCredential(n8n, nodePackage, additionalData, credential);
		},
		close,
	};
}
