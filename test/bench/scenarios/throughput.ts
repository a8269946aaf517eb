import type { SandboxProcess } from '../../sandbox/process';
import { runBatch } from '../batch';
import { explained, type Figure, seconds, type Scenario } from '../scenario';
import { credentialFor, removeWatermark, type Setting } from '../setting';

/** A new account's limit, and two larger ones. */
const LIMITS = [2, 5, 10];
/** About two minutes of asynchronous work, one of synchronous. */
const IMAGES_PER_REQUEST_A_SECOND = 60;
const TASK_S = 3;

/** What a user may expect of a large batch, in images per minute. */
export const throughput: Scenario = {
	name: 'throughput',
	alone: true,
	async prepare(setting) {
		const runs: Array<() => Promise<Figure>> = [];
		for (const limit of LIMITS) {
			for (const mode of ['async', 'sync'] as const) {
				const sandbox = await setting.openPacedSandbox(TASK_S, limit);
				runs.push(async () => await measure(setting, sandbox, limit, mode));
			}
		}
		return async () => ({ figures: await Promise.all(runs.map(async (run) => await run())) });
	},
};

async function measure(
	setting: Setting,
	sandbox: SandboxProcess,
	limit: number,
	requestMode: 'async' | 'sync',
): Promise<Figure> {
	const images = setting.images(IMAGES_PER_REQUEST_A_SECOND * limit);
	const { elapsedMs } = await runBatch(setting.engine, {
		picture: setting.smallPicture,
		images,
		parameters: { ...removeWatermark, options: { requestMode } },
		credential: credentialFor(sandbox, limit),
	});
	const figure = {
		name: `images per minute, ${limit} requests a second, ${requestMode}, tasks of ${TASK_S} s`,
		target: '',
		measured: String(Math.round((images / elapsedMs) * 60_000)),
	};
	return explained(figure, `${images} images in ${seconds(elapsedMs)}`);
}
