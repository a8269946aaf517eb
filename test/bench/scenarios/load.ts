import type { BatchOutcome } from '../batch';
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

/** What the node asks of the machine. */
export const load: Scenario = {
	name: 'load',
	alone: true,
	prepare: async (setting) => async () => {
		const images = setting.images(IMAGES);
		const { cpuMs, eventLoopDelayP99Ms, elapsedMs } = await middleOf(
			RUNS,
			async () => await measure(setting, images),
			(run) => run.cpuMs,
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
			],
		};
	},
};

/** In processes of their own, after one picture has brought all code into memory. */
async function measure(setting: Setting, images: number): Promise<BatchOutcome & Usage> {
	const runner = await setting.openRunner();
	const sandbox = await setting.openSandbox({
		requestsPerSecond: REQUESTS_PER_SECOND,
		processingMs: PROCESSING_MS,
	});
	const picture = setting.smallPicture;
	const credential = credentialFor(sandbox, REQUESTS_PER_SECOND);
	const order = { picture, images, parameters: removeWatermark, credential };
	await runner.run({ ...order, images: 1 });
	const measured = await runner.run(order);
	await setting.closeOpened();
	return measured;
}
