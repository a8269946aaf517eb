import type { BatchOrder, BatchOutcome } from '../batch';
import type { Usage } from '../runner';
import {
	atMost,
	count,
	explained,
	middleOf,
	milliseconds,
	type Scenario,
	seconds,
} from '../scenario';
import { credentialFor, removeWatermark, type Setting } from '../setting';

const IMAGES = 1000;
/** Ten times the largest account; twice as many would fill a core, and each request would wait. */
const REQUESTS_PER_SECOND = 100;
const PROCESSING_MS = 1000;
/** Fresh processes; the middle one counts. */
const RUNS = 5;
/** For comparison: as many images a second, with nothing to decide, from a service that has no limit. */
const plainParameters = { fetchResult: true, beginEvery: (1000 * 2) / REQUESTS_PER_SECOND };
const AT_ONCE = { requestsPerSecond: 0, processingMs: 0 };

/** What the node asks of the machine. */
export const load: Scenario = {
	name: 'load',
	alone: true,
	prepare: async (setting) => async () => {
		const images = setting.images(IMAGES);
		const paced = { requestsPerSecond: REQUESTS_PER_SECOND, processingMs: PROCESSING_MS };
		const { plainPackage } = setting;
		const byCpu = (run: Usage) => run.cpuMs;
		const { cpuMs, eventLoopDelayP99Ms, elapsedMs } = await middleOf(
			RUNS,
			async () => await measure(setting, images, removeWatermark, paced),
			byCpu,
		);
		const plain = await middleOf(
			RUNS,
			async () => await measure(setting, images, plainParameters, AT_ONCE, plainPackage),
			byCpu,
		);
		const name = `${count(images)} images at ${REQUESTS_PER_SECOND}/s`;
		return {
			figures: [
				explained(
					atMost(`${name}: event-loop delay, p99`, eventLoopDelayP99Ms, 30, milliseconds),
					'the sampling interval of 10 ms included',
				),
				explained(
					atMost(`${name}: CPU per image`, cpuMs / images, 10, milliseconds),
					`n8n's engine and binary store included; ${seconds(elapsedMs)} in all`,
				),
				{
					name: "for control: the same by n8n's helpers alone",
					target: '',
					measured: `${milliseconds(plain.cpuMs / images)} (upload, one query, download and store, one image after another, as many a second)`,
				},
			],
		};
	},
};

/** In processes of their own, after one picture has brought all code into memory. */
async function measure(
	setting: Setting,
	images: number,
	parameters: BatchOrder['parameters'],
	service: { requestsPerSecond: number; processingMs: number },
	packageDirectory?: string,
): Promise<BatchOutcome & Usage> {
	const runner = await setting.openRunner(packageDirectory);
	const sandbox = await setting.openSandbox(service);
	const picture = setting.smallPicture;
	const credential = credentialFor(sandbox, REQUESTS_PER_SECOND);
	const order = { picture, images, parameters, credential };
	await runner.run({ ...order, images: 1 });
	const measured = await runner.run(order);
	await setting.closeOpened();
	return measured;
}
