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
import { credentialFor, removeObjects, removeWatermark, type Setting } from '../setting';

const IMAGES = 1000;
/** Ten times the largest account; twice as many would fill a core, and each request would wait. */
const REQUESTS_PER_SECOND = 100;
const PROCESSING_MS = 1000;
/** Fresh processes; the median counts. */
const RUNS = 5;
/** For comparison: as many images a second, with nothing to decide, from a service that has no limit. */
const plainParameters = { fetchResult: true, beginEvery: (1000 * 2) / REQUESTS_PER_SECOND };
const AT_ONCE = { requestsPerSecond: 0, processingMs: 0 };
/** As many boxes as a busy product photo has, in a language model's words around its JSON. */
const detections = {
	operation: 'removeObjects',
	removalArea: 'detections',
	detections: '={{ $json.text }}',
};
const boxes = Array.from({ length: 8 }, (_, n) => ({
	box_2d: [100 + 40 * n, 200, 180 + 40 * n, 420],
	label: n % 2 ? 'sticker' : 'logo',
}));
const answer = `Here is what I found:\n\`\`\`json\n${JSON.stringify(boxes, null, 2)}\n\`\`\``;

/** What the node asks of the machine. */
export const load: Scenario = {
	name: 'load',
	alone: true,
	prepare: async (setting) => async () => {
		const images = setting.images(IMAGES);
		const paced = { requestsPerSecond: REQUESTS_PER_SECOND, processingMs: PROCESSING_MS };
		const { plainPackage } = setting;
		const middle = async (
			parameters: BatchOrder['parameters'],
			service = paced,
			packageDirectory?: string,
		) =>
			await middleOf(
				RUNS,
				async () => await measure(setting, images, parameters, service, packageDirectory),
				(run) => run.cpuMs,
			);
		const node = await middle(removeWatermark);
		const plain = await middle(plainParameters, AT_ONCE, plainPackage);
		const withRectangle = await middle(removeObjects);
		const withDetections = await middle(detections);
		const perImage = ({ cpuMs }: Usage) => milliseconds(cpuMs / images);
		const name = `${count(images)} images at ${REQUESTS_PER_SECOND}/s`;
		return {
			figures: [
				explained(
					atMost(`${name}: event-loop delay, p99`, node.eventLoopDelayP99Ms, 30, milliseconds),
					'the sampling interval of 10 ms included',
				),
				explained(
					atMost(
						`${name}: CPU per image ÷ the same by n8n's helpers alone`,
						node.cpuMs / plain.cpuMs,
						1.25,
					),
					`${perImage(node)} ÷ ${perImage(plain)}, n8n's engine and binary store included; ${seconds(node.elapsedMs)} in all`,
				),
				explained(
					atMost(
						`${name}, ${boxes.length} detections each: CPU per image ÷ the same with a typed rectangle`,
						withDetections.cpuMs / withRectangle.cpuMs,
						1.1,
					),
					`${perImage(withDetections)} ÷ ${perImage(withRectangle)}`,
				),
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
	const runner = await setting.openRunner({ packageDirectory });
	const sandbox = await setting.openSandbox(service);
	const picture = setting.smallPicture;
	const credential = credentialFor(sandbox, REQUESTS_PER_SECOND);
	const json = Array.from({ length: images }, () => ({ text: answer }));
	const order = { picture, images, parameters, credential, json };
	await runner.run({ ...order, images: 1 });
	const measured = await runner.run(order);
	await setting.closeOpened();
	return measured;
}
