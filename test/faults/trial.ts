/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- test code, runs on a developer's machine */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine, RunOptions } from '../engine/engine';
import type { InputBinary, InputItem } from '../engine/nodes/start';
import type { Run } from '../engine/runResult';
import type { NodeSettings } from '../engine/workflowNodes';
import { samples } from '../sandbox/samples/samples';
import {
	startSandbox,
	type Fault,
	type LoggedRequest,
	type Sandbox,
	type SandboxOptions,
	type SandboxTask,
} from '../sandbox/server';
import { closablePort, refusalsAt } from './refusal';

/** Unlike anything else that could be in an output. */
export const MADE_UP = 'made-up-key-5d1f0c77';

/** Longer than any trial takes, unless the trial is about Max Wait. */
export const MAX_WAIT_S = 30;

/** For trials that reach Max Wait; enough for two polls of a task. */
export const SHORT_WAIT = { maxWait: 3 };

export const picture = readFileSync(
	join(__dirname, '../sandbox/samples', samples.watermarked.file),
);

/** An item with one image. */
export const pictureItem = (
	fileName = 'mug.jpg',
	bytes: InputBinary['bytes'] = picture,
): InputItem => ({
	json: {},
	binary: { data: { bytes, fileName, mimeType: 'image/jpeg' } },
});

/** Larger than the socket buffers between client and server, so that an upload can stall. */
export const largeItem = () =>
	pictureItem('large.jpg', Buffer.concat([picture, Buffer.alloc(16 * 1024 * 1024)]));

/** What goes wrong, and in which run. */
export interface TrialPlan {
	/** May use the sandbox's URLs. */
	faults?: Fault[] | ((sandbox: Sandbox) => Fault[]);
	sandbox?: SandboxOptions;
	items?: InputItem[];
	/** Merged over `operation: removeWatermark`. */
	parameters?: Record<string, unknown>;
	/** The node's Options, merged over a `maxWait` of MAX_WAIT_S. */
	options?: Record<string, unknown>;
	node?: NodeSettings;
	/** Default: the sandbox. */
	baseUrl?: (sandbox: Sandbox) => string;
	/** The API's port stays closed until it has refused the node this many times. */
	opensLate?: number;
	/** Default 50: these trials are not about the budget. */
	requestsPerSecond?: number;
}

/** What was observed of one run. */
export interface Trial {
	run: Run;
	requests: LoggedRequest[];
	tasks: SandboxTask[];
}

/** A sandbox whose tasks are done at once and whose results are the sources, byte for byte. */
export async function startFaultySandbox({ sandbox: options, faults = [] }: TrialPlan) {
	const sandbox = await startSandbox({
		apiKey: MADE_UP,
		requestsPerSecond: 0,
		processingMs: 20,
		inpaint: false,
		...options,
	});
	const list = typeof faults === 'function' ? faults(sandbox) : faults;
	for (const fault of list) sandbox.addFault(fault);
	return sandbox;
}

export function runOptions(sandbox: Sandbox, plan: TrialPlan): RunOptions {
	const { baseUrl = ({ apiUrl }) => apiUrl, requestsPerSecond = 50 } = plan;
	return {
		items: plan.items ?? [pictureItem()],
		parameters: {
			operation: 'removeWatermark',
			...plan.parameters,
			options: { maxWait: MAX_WAIT_S, ...plan.options },
		},
		credential: {
			apiKey: sandbox.apiKey,
			region: 'custom',
			baseUrl: baseUrl(sandbox),
			requestsPerSecond,
		},
		node: plan.node,
	};
}

/** One run of the node, against a sandbox of its own so that no other trial shares its budget. */
export async function runTrial(engine: Engine, plan: TrialPlan): Promise<Trial> {
	const port = plan.opensLate ? closablePort() : 0;
	const placed = { ...plan, sandbox: { ...plan.sandbox, port } };
	let sandbox = await startFaultySandbox(placed);
	try {
		const options = runOptions(sandbox, plan);
		let running: Promise<Run>;
		if (plan.opensLate) {
			await sandbox.close();
			const refusal = refusalsAt(port, plan.opensLate);
			running = engine.run(options);
			await Promise.race([refusal, running]);
			sandbox = await startFaultySandbox(placed);
		} else {
			running = engine.run(options);
		}
		const run = await running;
		return { run, requests: [...sandbox.requests], tasks: sandbox.tasks };
	} finally {
		await sandbox.close();
	}
}
