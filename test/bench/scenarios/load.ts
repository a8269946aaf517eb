import { atMost, count, explained, milliseconds, type Scenario, seconds } from '../scenario';
import { credentialFor, removeWatermark } from '../setting';

const IMAGES = 1000;
/** Ten times the largest account; twice as many would fill a core, and each request would wait. */
const REQUESTS_PER_SECOND = 100;
const PROCESSING_MS = 1000;

/** What the node asks of the machine. */
export const load: Scenario = {
	name: 'load',
	alone: true,
	async prepare(setting) {
		const sandbox = await setting.openSandbox({
			requestsPerSecond: REQUESTS_PER_SECOND,
			processingMs: PROCESSING_MS,
		});
		const runner = await setting.openRunner();
		return async () => {
			const images = setting.images(IMAGES);
			const picture = setting.smallPicture;
			const credential = credentialFor(sandbox, REQUESTS_PER_SECOND);
			const order = { picture, images, parameters: removeWatermark, credential };
			const { cpuMs, eventLoopDelayP99Ms, elapsedMs } = await runner.run(order);
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
		};
	},
};
