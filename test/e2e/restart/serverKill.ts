import { installN8nHost } from '../setup/n8nHost';
import { logFolder } from '../setup/output';
import { endedExecution, type Execution, outputOf, readExecution } from '../server/executions';
import type { ImageHost } from '../server/imageHost';
import { startN8n } from '../server/n8nInstance';
import { startTestServer } from '../server/testServer';
import { waitUntil } from '../server/waitUntil';
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
	const server = await startTestServer(name);
	const durableImages = images.urls(1, 100);
	const durable = await startVictim(
		server,
		await durableExample(durableImages[0] ?? ''),
		durableImages,
	);
	const batchImages = images.urls(batchSize, 200);
	const picWish = await readWorkflow('../comparison/picwish.json');
	const batch = await startVictim(server, picWish, batchImages);
	await midBatch(batch);
	const waiting = await waitUntil(
		'the execution to be stored',
		async () => {
			const execution = await readExecution(server.session, durable.executionId);
			return execution.status === 'waiting' ? execution : undefined;
		},
		{ timeoutMs: 30_000 },
	);

	await server.n8n.kill();
	const killedAt = Date.now();
	const n8n = await startN8n({
		host: await installN8nHost(() => undefined),
		userFolder: server.userFolder.path,
		name: `${name}-again`,
		logFolder,
		port: server.n8n.port,
	});
	const downSeconds = (Date.now() - killedAt) / 1000;
	// The session's cookie is as good as before: n8n signs it by its encryption key.
	const again = { ...server, n8n };
	try {
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
		await n8n.stop();
		await server.close();
		await Promise.all([durable, batch].map(async ({ sandbox }) => await sandbox.close()));
	}
}
