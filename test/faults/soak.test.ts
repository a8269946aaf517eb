import sharp from 'sharp';
import { startEngine, type Engine } from '../engine/engine';
import type { InputItem } from '../engine/nodes/start';
import type { NodeSettings } from '../engine/workflowNodes';
import type { Fault, LoggedRequest, Sandbox } from '../sandbox/server';
import { checkSection } from './document';
import { errorOf, MAYBE_ACCEPTED, type ItemError } from './itemError';
import { expectKeyKept } from './seen';
import { drawFaults, fileNameOf, itemOf } from './soakFaults';
import { pictureItem, runOptions, startFaultySandbox, type Trial } from './trial';

const SHARE = 0.15;
const SEED = 20_261_122;

let engine: Engine;
let small: Buffer;
let large: Promise<Soak>;
let retried: Promise<Soak>;
const rows: Array<[fault: string, promise: string, seen: string]> = [];

beforeAll(async () => {
	engine = await startEngine({ binaryMode: 'filesystem' });
	const blank = { width: 64, height: 64, channels: 3, background: '#a05030' } as const;
	small = await sharp({ create: blank }).jpeg().toBuffer();
	// Both at once: most of a soak is waiting.
	large = soak(500, {});
	retried = soak(100, { retryOnFail: true, maxTries: 3, waitBetweenTries: 50 }, [
		{ kind: 'create', act: { type: 'failTask', state: -9 }, times: 2, when: isFirstItem },
	]);
	retried.catch(() => {});
});

afterAll(async () => await engine.close());

/** Each image is different, so that a result given to the wrong item is detected. */
const pictureOf = (index: number) => Buffer.concat([small, Buffer.from(` picture ${index}`)]);

const isFirstItem = ({ files }: LoggedRequest) => files.file?.fileName === fileNameOf(0);

interface Soak extends Trial {
	sandbox: Sandbox;
	errors: Array<ItemError | undefined>;
}

async function soak(count: number, node: NodeSettings, more: Fault[] = []): Promise<Soak> {
	const items: InputItem[] = Array.from({ length: count }, (_, index) =>
		pictureItem(fileNameOf(index), pictureOf(index)),
	);
	const plan = {
		items,
		node: { onError: 'continueRegularOutput', ...node } as const,
		options: { maxWait: 60 },
		requestsPerSecond: 100,
		sandbox: { processingMs: [100, 400] as [number, number] },
	};
	const sandbox = await startFaultySandbox({
		...plan,
		faults: (open) => [...more, ...drawFaults(open, SEED, SHARE)],
	});
	const run = await engine.run(runOptions(sandbox, plan));
	const requests = [...sandbox.requests];
	const errors = (run.outputs[0] ?? []).map(errorOf);
	return { run, requests, tasks: sandbox.tasks, sandbox, errors };
}

/** Every item ends as its own result or a complete error, in order; one hint counts the errors. */
async function expectAllEnded({ run, errors }: Soak): Promise<number> {
	const items = run.outputs[0] ?? [];
	expect(items).toHaveLength(run.input.length);
	for (const [index, { binary, pairedItem }] of items.entries()) {
		expect(pairedItem).toEqual({ item: index });
		if (errors[index]) continue;
		if (!binary?.data) throw new Error(`Item ${index} is neither a result nor an error`);
		expect((await run.bytes(binary.data)).equals(pictureOf(index))).toBe(true);
	}
	const count = errors.filter(Boolean).length;
	// Otherwise the faults were too rare to prove anything, or too frequent.
	expect(count).toBeGreaterThan(items.length * 0.02);
	expect(count).toBeLessThan(items.length * 0.3);
	expect(run.hints).toHaveLength(1);
	expect(run.hints[0]?.message).toContain(`${count} of ${items.length} images`);
	expect(run.hints[0]?.message).not.toContain('\n');
	return items.length;
}

/** An item's create is repeated only if the one before left no usable task. */
function expectNothingPaidTwice({ requests, tasks }: Soak): number {
	const failed = new Set(tasks.filter(({ state }) => state < 0).map(({ taskId }) => taskId));
	const hadNoTask = ({ status, taskId }: LoggedRequest) =>
		taskId === undefined ? status === 429 || status === 500 : failed.has(taskId);
	const lastOf = new Map<string, LoggedRequest>();
	for (const create of requests.filter(({ kind }) => kind === 'create')) {
		const item = itemOf(requests, create);
		const before = lastOf.get(item);
		if (before) expect([item, hadNoTask(before)]).toEqual([item, true]);
		lastOf.set(item, create);
	}
	const good = requests.filter(({ taskId, kind }) => {
		return kind === 'create' && taskId !== undefined && !failed.has(taskId);
	});
	const paidTwice = good.length - new Set(good.map((create) => itemOf(requests, create))).size;
	expect(paidTwice).toBe(0);
	return paidTwice;
}

/** Every task that did not fail is named in the output, or its create is reported as uncertain. */
function expectNothingUnreported({ run, requests, tasks, errors }: Soak): number {
	const uncertain = new Set(
		errors.flatMap((error, index) =>
			error?.description.includes(MAYBE_ACCEPTED) ? [fileNameOf(index)] : [],
		),
	);
	const named = new Set(
		(run.outputs[0] ?? []).map(({ json }, index) => errors[index]?.taskId ?? json.taskId),
	);
	const missing = requests.filter(({ kind, taskId }) => {
		if (kind !== 'create' || taskId === undefined || named.has(taskId)) return false;
		return tasks.some((task) => task.taskId === taskId && task.state >= 0);
	});
	const neither = missing.filter((create) => !uncertain.has(itemOf(requests, create)));
	expect(neither).toEqual([]);
	return neither.length;
}

/** The tasks named in errors are fetched with Get Result: no further create, every result complete. */
async function expectNothingLost({ sandbox, errors, tasks }: Soak): Promise<number> {
	const done = new Set(tasks.filter(({ state }) => state === 1).map(({ taskId }) => taskId));
	const named = errors.flatMap((error, index) =>
		error?.taskId && done.has(error.taskId) ? [{ taskId: error.taskId, index }] : [],
	);
	sandbox.clearFaults();
	const creates = sandbox.requests.filter(({ kind }) => kind === 'create').length;
	const parameters = {
		operation: 'getResult',
		taskType: 'removeWatermark',
		taskId: '={{ $json.taskId }}',
	};
	const run = await engine.run(
		runOptions(sandbox, {
			items: named.map((json) => ({ json })),
			parameters,
			requestsPerSecond: 100,
		}),
	);
	expect(run.status).toBe('success');
	for (const [at, { index }] of named.entries()) {
		const result = run.outputs[0]?.[at]?.binary?.data;
		expect(result && (await run.bytes(result)).equals(pictureOf(index))).toBe(true);
	}
	expect(sandbox.requests.filter(({ kind }) => kind === 'create')).toHaveLength(creates);
	return named.length;
}

/** What was observed, in words. */
async function expectSound(result: Soak): Promise<string> {
	const ended = await expectAllEnded(result);
	const paidTwice = expectNothingPaidTwice(result);
	const unreported = expectNothingUnreported(result);
	expectKeyKept(result);
	return `${ended} items in order, each its own result or a complete error; ${paidTwice} images paid for twice; ${unreported} unreported tasks`;
}

test('500 images', async () => {
	const result = await large;
	let seen: string;
	try {
		seen = await expectSound(result);
		const vendorFailed = result.tasks.filter(({ state }) => state < 0).length;
		const refused = result.requests.filter(
			({ kind, status }) => kind === 'create' && status === 429,
		);
		const creates = result.requests.filter(({ kind }) => kind === 'create').length - refused.length;
		expect(creates).toBe(500);
		seen += `; ${creates} creates apart from those refused with 429; every finished task named in an error was fetched with Get Result`;
		expect(vendorFailed).toBeGreaterThan(0);
		expect(await expectNothingLost(result)).toBeGreaterThan(0);
	} finally {
		await result.sandbox.close();
	}
	rows.push([
		'500 images, On Error: continue',
		'every item ends as a result or a complete error; nothing is paid for twice, left unreported or lost',
		seen,
	]);
}, 180_000);

test('100 images, Retry On Fail', async () => {
	const result = await retried;
	let seen: string;
	try {
		seen = await expectSound(result);
		const creates = result.requests.filter(({ kind }) => kind === 'create');
		const ofFirst = creates.filter(isFirstItem).length;
		expect(ofFirst).toBe(3);
		seen += `; ${ofFirst} creates for the image whose task fails twice`;
	} finally {
		await result.sandbox.close();
	}
	rows.push([
		'100 images, Retry On Fail, three tries',
		'later tries create tasks only where none exists',
		seen,
	]);
}, 180_000);

test('docs/reliability.md matches what was observed', () => {
	expect(rows).toHaveLength(2);
	checkSection(
		'Many images, 15 % faults',
		rows,
		'Random faults at every stage: 15 % of all creates, queries and downloads, in n8n’s engine over real sockets.',
	);
});
