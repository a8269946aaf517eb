import type { IBinaryData, INodeExecutionData } from 'n8n-workflow';
import { startEngine, type Engine, type EngineOptions, type RunOptions } from '../engine/engine';
import type { PicWishCredential } from '../engine/credentialStore';
import type { InputItem } from '../engine/nodes/start';
import type { Run } from '../engine/runResult';
import {
	startSandbox,
	type LoggedRequest,
	type Sandbox,
	type SandboxOptions,
	type SandboxTask,
} from '../sandbox/server';
import { smallPng } from './pictures';

/** High enough that no test waits for its turn. */
const REQUESTS_PER_SECOND = 100;

/** One engine and one sandbox for all tests of a file; the sandbox forgets between tests. */
export interface Bench {
	readonly engine: Engine;
	readonly sandbox: Sandbox;
	readonly credential: PicWishCredential;
	/** Runs the node. Items get a small picture in `data` where none are given. */
	run(
		parameters: Record<string, unknown>,
		items?: readonly InputItem[],
		more?: Partial<RunOptions>,
	): Promise<Run>;
	creates(): LoggedRequest[];
}

export function useBench(options: EngineOptions & SandboxOptions = {}): Bench {
	const { binaryMode, ...sandboxOptions } = options;
	let engine: Engine | undefined;
	let sandbox: Sandbox | undefined;
	const opened = <T>(part: T | undefined): T => {
		if (part === undefined) throw new Error('The bench is open while tests run');
		return part;
	};

	beforeAll(async () => {
		sandbox = await startSandbox({
			requestsPerSecond: REQUESTS_PER_SECOND,
			processingMs: 20,
			inpaint: false,
			...sandboxOptions,
		});
		engine = await startEngine({ binaryMode });
	});
	beforeEach(() => opened(sandbox).reset());
	afterAll(async () => {
		await engine?.close();
		await sandbox?.close();
	});

	return {
		get engine() {
			return opened(engine);
		},
		get sandbox() {
			return opened(sandbox);
		},
		get credential() {
			const { apiKey, apiUrl } = opened(sandbox);
			const requestsPerSecond = REQUESTS_PER_SECOND;
			return { apiKey, region: 'custom', baseUrl: apiUrl, requestsPerSecond };
		},
		async run(parameters, items = [withPicture(smallPng)], more = {}) {
			return await this.engine.run({ items, parameters, credential: this.credential, ...more });
		},
		creates() {
			return opened(sandbox).requests.filter(({ kind }) => kind === 'create');
		},
	};
}

/** A whole removal in one request: the quickest way through the node. */
export const quickWatermark = { operation: 'removeWatermark', options: { requestMode: 'sync' } };

export const oneRectangle = { rectangle: [{ x: 2, y: 3, width: 4, height: 5 }] };

/** A create and nothing more: the quickest way to see what is sent. */
export const submitObjects = {
	operation: 'removeObjects',
	rectangles: oneRectangle,
	options: { waitForCompletion: false },
};

export function withPicture(
	bytes: Buffer | (() => AsyncIterable<Uint8Array>),
	fileName = 'photo.png',
	mimeType = 'image/png',
): InputItem {
	return { binary: { data: { bytes, fileName, mimeType } } };
}

/** The only item of the main output. */
export function onlyItem({ status, error, outputs }: Run): INodeExecutionData {
	const [item, ...others] = outputs[0] ?? [];
	if (!item || others.length > 0) {
		throw new Error(`The run has no single item: ${JSON.stringify({ status, error })}`);
	}
	return item;
}

export function binaryOf(item: INodeExecutionData | undefined, field = 'data'): IBinaryData {
	const binary = item?.binary?.[field];
	if (!binary) throw new Error(`The item has no binary field ${field}`);
	return binary;
}

export function onlyTask({ tasks }: Sandbox): SandboxTask {
	const [task, ...others] = tasks;
	if (!task || others.length > 0) throw new Error(`The sandbox has ${tasks.length} tasks, not 1`);
	return task;
}

/** The details that an unsuccessful item carries. */
export function errorOf(item: INodeExecutionData | undefined): Record<string, unknown> {
	const { error } = item?.json ?? {};
	if (typeof error !== 'object' || error === null) throw new Error('The item carries no error');
	return Object.fromEntries(Object.entries(error));
}
