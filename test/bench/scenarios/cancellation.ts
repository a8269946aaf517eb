/* eslint-disable @n8n/community-nodes/no-restricted-imports -- a command-line program for a developer's machine */
import { setTimeout as wait } from 'node:timers/promises';
import { type Fault, type LoggedRequest, type Sandbox, startSandbox } from '../../sandbox/server';
import { machineNow, toItems } from '../batch';
import { atMost, explained, type Figure, milliseconds, type Scenario } from '../scenario';
import { credentialFor, removeWatermark, type Setting } from '../setting';

/** How long to look for requests that should not come; longer than any pause of the node here. */
const WATCH_MS = 4000;
const SETTLE_MS = 300;
const IMAGES = 20;

interface Stage {
	name: string;
	large?: boolean;
	fault?: Fault;
	/** Whether the run has come to the point where it is to be canceled. */
	reached: (requests: LoggedRequest[]) => boolean;
}

const stages: Stage[] = [
	{ name: 'in the queue', reached: (requests) => countOf(requests, 'create') >= 4 },
	{
		name: 'during an upload',
		large: true,
		// The server stops reading: the upload stands still in the middle.
		fault: { kind: 'create', times: Infinity, act: { type: 'hang', readBody: false } },
		reached: (requests) => countOf(requests, 'create') >= 1,
	},
	{
		name: 'in a 429 pause',
		fault: {
			kind: 'create',
			times: Infinity,
			act: {
				type: 'respond',
				status: 429,
				headers: { 'retry-after': '2' },
				body: '{"status":429}',
			},
		},
		reached: (requests) => requests.some(({ status }) => status === 429),
	},
	{
		name: 'during a download',
		fault: {
			kind: 'download',
			times: Infinity,
			act: { type: 'serve', headers: { 'content-type': 'image/jpeg' }, body: endlessPicture },
		},
		reached: (requests) => countOf(requests, 'download') >= 1,
	},
];

/** n8n's stop button: nothing more leaves, and the run is over at once. */
export const cancellation: Scenario = {
	name: 'cancellation',
	alone: true,
	prepare: async (setting) => async () => {
		const figures: Figure[] = [];
		for (const stage of stages) figures.push(...(await cancelAt(stage, setting)));
		return { figures };
	},
};

async function cancelAt(stage: Stage, setting: Setting): Promise<Figure[]> {
	const sandbox = await startSandbox({ processingMs: 1000, inpaint: false });
	try {
		if (stage.fault) sandbox.addFault(stage.fault);
		const picture = stage.large ? setting.largePicture : setting.smallPicture;
		const { finished, cancel } = setting.engine.start({
			items: toItems(picture, IMAGES),
			parameters: removeWatermark,
			credential: credentialFor(sandbox, 2),
		});
		let over = false;
		const ended = finished.finally(() => (over = true));
		while (!stage.reached(sandbox.requests)) {
			if (over) throw new Error(`The run ended before it could be canceled ${stage.name}`);
			await wait(10);
		}
		await wait(SETTLE_MS);
		const cancelledAt = machineNow();
		cancel();
		const { status } = await ended;
		const tookMs = machineNow() - cancelledAt;
		if (status !== 'canceled') throw new Error(`The run canceled ${stage.name} is "${status}"`);
		await wait(WATCH_MS);
		return toFigures(stage, tookMs, furtherRequests(sandbox, cancelledAt));
	} finally {
		await sandbox.close();
	}
}

function toFigures({ name }: Stage, tookMs: number, further: number): Figure[] {
	return [
		atMost(`canceled ${name}: time until the run has ended`, tookMs, 1000, milliseconds),
		explained(
			atMost(`canceled ${name}: further requests`, further, 0),
			`watched for ${WATCH_MS / 1000} s`,
		),
	];
}

function furtherRequests({ requests }: Sandbox, after: number): number {
	return requests.filter(({ at }) => at > after).length;
}

function countOf(requests: LoggedRequest[], kind: LoggedRequest['kind']): number {
	return requests.filter((request) => request.kind === kind).length;
}

/** Begins as a JPEG does and never comes to an end. */
async function* endlessPicture(): AsyncGenerator<Uint8Array> {
	yield Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex');
	for (;;) {
		await wait(50);
		yield Buffer.alloc(4096, 1);
	}
}
