import { runBatch } from '../batch';
import { atMost, explained, type Figure, type Scenario, seconds } from '../scenario';
import { credentialFor, MOST_REFUSED, removeWatermark, REQUESTS_PER_SECOND } from '../setting';
import { count429, countPaced, describe429, syncBoundMs } from '../tally';

const TASK_S = 3;
const IMAGES = 100;

/** Nobody outside knows whether polls count against the limit: the node finds out. */
export const uncountedPolls = polls('creates');
export const countedPolls = polls('all');

function polls(counts: 'all' | 'creates'): Scenario {
	return {
		name: `polls-${counts === 'all' ? 'counted' : 'uncounted'}`,
		async prepare(setting) {
			const sandbox = await setting.openPacedSandbox(TASK_S, REQUESTS_PER_SECOND, counts);
			return async () => {
				const images = setting.images(IMAGES);
				const { elapsedMs } = await runBatch(setting.engine, {
					picture: setting.smallPicture,
					images,
					parameters: removeWatermark,
					credential: credentialFor(sandbox),
				});
				const log = await sandbox.log();
				const figure = counts === 'all' ? learning() : makespan();
				return { figures: [figure], refused: [describe429(log)] };

				function learning(): Figure {
					const name = `a service that counts all requests, ${images} images: 429 responses while learning this`;
					return atMost(name, count429(log), MOST_REFUSED);
				}
				function makespan(): Figure {
					const boundMs = syncBoundMs(images + 1, REQUESTS_PER_SECOND, TASK_S * 1000);
					const name = `a service that counts creates only, ${images} images, tasks of ${TASK_S} s: makespan ÷ (N / q + T)`;
					const perImage = Math.round((countPaced(log) / images) * 100) / 100;
					const how = `${seconds(elapsedMs)} ÷ ${seconds(boundMs)}; ${perImage} requests per image`;
					return explained(atMost(name, elapsedMs / boundMs, 1.1), how);
				}
			};
		},
	};
}
