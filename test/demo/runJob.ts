import type { IConnections, INodeExecutionData } from 'n8n-workflow';
import type { Engine } from '../engine/engine';
import type { Job } from './jobs';
import { type Difference, compare, percent } from './pictures';
import type { Service } from './service';

/** What a workflow has brought. */
export interface Done {
	job: Job;
	taskId: string;
	after: { fileName: string; bytes: Buffer };
	/** Undefined = nothing to compare by, as the service has found the area. */
	difference?: Difference;
	/** Undefined when the service does not tell. */
	requests?: number;
	seconds: number;
	/** The output items, by node name. */
	outputs: Record<string, INodeExecutionData[]>;
}

/** Something that the person at the terminal should read as it stands. */
export class DemoError extends Error {}

/** Of a sample's area at least this much must change: a watermark's strokes are a tenth of it. */
const LEAST_INSIDE = 0.05;
/** Of the rest at most this much may: the charger on the wall alone is 0.8 %. */
const MOST_OUTSIDE = 0.004;

/** @throws DemoError when the workflow ends with an error, or the result is not what it should be */
export async function runJob(engine: Engine, service: Service, job: Job): Promise<Done> {
	const requestsBefore = service.countRequests?.() ?? 0;
	const startedAtMs = performance.now();
	const run = await engine.runWorkflow({
		items: [job.item],
		nodes: job.nodes.map((node) => ({ ...node, type: 'package' })),
		connections: inLine(['Start', ...job.nodes.map(({ name }) => name)]),
		credential: service.credential,
	});
	const seconds = (performance.now() - startedAtMs) / 1000;
	if (run.status !== 'success') {
		const { message = 'The workflow was not completed', description } = run.error ?? {};
		throw new DemoError([message, description].filter(Boolean).join('\n'));
	}

	const outputs: Done['outputs'] = {};
	for (const { name } of job.nodes) outputs[name] = run.nodes[name]?.[0]?.outputs[0] ?? [];
	const item = outputs[job.nodes.at(-1)?.name ?? '']?.[0];
	const file = item?.binary?.data;
	const taskId = item?.json.taskId;
	if (!file || typeof taskId !== 'string') throw new DemoError('The item came without a result');

	const bytes = await run.bytes(file);
	return {
		job,
		taskId,
		after: { fileName: file.fileName ?? job.before.fileName, bytes },
		difference: await check(job, bytes),
		requests: service.countRequests && service.countRequests() - requestsBefore,
		seconds,
		outputs,
	};
}

function inLine(names: readonly string[]): IConnections {
	const connections: IConnections = {};
	for (const [index, name] of names.entries()) {
		const next = names[index + 1];
		if (next !== undefined) {
			connections[name] = { main: [[{ node: next, type: 'main', index: 0 }]] };
		}
	}
	return connections;
}

async function check({ before, marked, expected }: Job, after: Buffer) {
	const area = expected ?? marked;
	const difference = area && (await compare(before.bytes, after, area));
	// Whoever marks a plain wall in a picture of their own gets a plain wall back.
	if (!expected) return difference;
	if (!difference) throw new DemoError('The result is not of the same size as the picture');
	const { inside, outside } = difference;
	if (inside < LEAST_INSIDE) {
		throw new DemoError(`Nothing was removed: ${percent(inside)} of the area changed`);
	}
	if (outside > MOST_OUTSIDE) {
		throw new DemoError(`${percent(outside)} of the rest of the picture changed, too`);
	}
	return difference;
}
