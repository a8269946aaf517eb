import { runBatch } from '../batch';
import { atMost, explained, type Scenario, seconds } from '../scenario';
import { credentialFor, removeWatermark } from '../setting';
import { describe429 } from '../tally';

const RUNS = 24;
const TASK_S = 2;
/** The shortest that the node's parameter allows. */
const POLL_INTERVAL_MS = 1000;

/** One image alone, again and again: how long a result lies at the server before we see it. */
export const single: Scenario = {
	name: 'single',
	async prepare(setting) {
		const sandbox = await setting.openPacedSandbox(TASK_S);
		return async () => {
			const runs = setting.images(RUNS);
			for (let run = 0; run < runs; run++) {
				await runBatch(setting.engine, {
					picture: setting.smallPicture,
					images: 1,
					parameters: { ...removeWatermark, options: { pollInterval: POLL_INTERVAL_MS / 1000 } },
					credential: credentialFor(sandbox),
				});
			}
			const log = await sandbox.log();
			const delays = log.tasks.map(({ taskId, doneAt }) => {
				const seen = log.requests.find(
					(request) =>
						request.kind === 'query' && request.taskId === taskId && request.at >= doneAt,
				);
				return (seen?.endedAt ?? Infinity) - doneAt;
			});
			const longest = Math.max(...delays);
			const mean = delays.reduce((sum, delay) => sum + delay, 0) / delays.length;
			const figure = atMost(
				'one image alone: from done at the server to seen by us',
				longest,
				POLL_INTERVAL_MS + 100,
				seconds,
			);
			const how = `longest of ${runs} runs; mean ${seconds(mean)}; polled every ${seconds(POLL_INTERVAL_MS)}`;
			return { figures: [explained(figure, how)], refused: [describe429(log)] };
		};
	},
};
