import { Opened } from '../setup/opened';
import { logFolder } from '../setup/output';
import { endedExecution, type Execution, outputOf, readExecution } from '../server/executions';
import type { ImageHost } from '../server/imageHost';
import { startN8n } from '../server/n8nInstance';
import { startTestServer } from '../server/testServer';
import { waitUntil } from '../server/waitUntil';
import type { WorkflowFile } from '../server/workflows';
import {
	batchSize,
	createsOf,
	durableExample,
	midBatch,
	readWorkflow,
	type Rescue,
	rescueFromLog,
	startVictim,
	sumsOf,
} from './kill';

/** What was seen of `kill -9` on a server in n8n's regular mode, and of its restart. */
export interface ServerKill {
	/** Submit → Wait → Get Result, before the kill and in the end. */
	waiting: Execution;
	resumed: Execution;
	resumedImages: string[];
	resumedPictures: string[];
	resumedCreates: number;
	/** Seconds from the kill until the server answered again. */
	downSeconds: number;
	/** One node that waits for its results. */
	batch: Execution;
	batchImages: string[];
	rescue: Rescue;
}

export async function killServer(images: ImageHost): Promise<ServerKill> {
	const name = 'restart-server';
	const opened = new Opened();
	try {
		const server = opened.add(await startTestServer(name));
		const start = async (...args: [WorkflowFile, string[]]) => {
			const victim = await startVictim(server, ...args);
			opened.add(victim.sandbox);
			return victim;
		};
		const durableImages = images.urls(1, 100);
		const durable = await start(await durableExample(durableImages[0] ?? ''), durableImages);
		const batchImages = images.urls(batchSize, 200);
		const batch = await start(await readWorkflow('../comparison/picwish.json'), batchImages);
		const waiting = await waitUntil(
			'the execution to be stored',
			async () => {
				const execution = await readExecution(server.session, durable.executionId);
				return execution.status === 'waiting' ? execution : undefined;
			},
			{ timeoutMs: 60_000 },
		);
		await midBatch(batch, `${name}.log`);

		await server.n8n.kill();
		const killedAt = Date.now();
		const n8n = await startN8n({
			host: server.host,
			userFolder: server.userFolder.path,
			name: `${name}-again`,
			logFolder,
			port: server.n8n.port,
		});
		opened.onClose(n8n.stop);
		const downSeconds = (Date.now() - killedAt) / 1000;
		// The session's cookie is as good as before: n8n signs it by its encryption key.
		const again = { ...server, n8n };
		const crashed = await endedExecution(again.session, batch.executionId, 60_000);
		const rescue = await rescueFromLog(again, batch, `${name}.log`);
		const resumed = await endedExecution(again.session, durable.executionId, 180_000);
		const items = outputOf(resumed, 'Get result');
		return {
			waiting,
			resumed,
			resumedImages: durableImages,
			resumedPictures: await sumsOf(again.session, items),
			resumedCreates: createsOf(durable),
			downSeconds,
			batch: crashed,
			batchImages,
			rescue,
		};
	} finally {
		await opened.close();
	}
}
