/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- a command-line program for a developer's machine */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import process, { argv } from 'node:process';
import sharp from 'sharp';
import { type Engine, startEngine } from '../engine/engine';
import { readArguments } from './arguments';
import { type Job, ownJob, sampleJobs } from './jobs';
import { describe, say, showProgress, summarize, writeFiles } from './report';
import { DemoError, type Done, runJob } from './runJob';
import { type Service, openService } from './service';
import { stack } from './sideBySide';

const folder = join(__dirname, '../../demo-output');
/** The two that show most, for the README. */
const bestOf = ['1-watermark', '3-mask'];

interface Results {
	done: Done[];
	/** The side by side pictures by job name, as PNG. */
	pictures: Map<string, Buffer>;
	failed: number;
}

/** Runs one workflow after another; one that fails does not keep the others from running. */
async function runAll(engine: Engine, service: Service, jobs: Job[]): Promise<Results> {
	const results: Results = { done: [], pictures: new Map(), failed: 0 };
	const progress = showProgress(jobs.length);
	for (const job of jobs) {
		progress.begin(job.title);
		try {
			const done = await runJob(engine, service, job);
			results.pictures.set(job.name, await writeFiles(folder, done));
			results.done.push(done);
			progress.end(describe(done));
		} catch (error) {
			results.failed++;
			progress.end(`  ✗ ${job.title}: ${messageOf(error).replaceAll('\n', '\n    ')}`);
		}
	}
	progress.stop();
	return results;
}

async function demo(service: Service): Promise<void> {
	say(`\nThe built node in n8n's own engine, with ${service.description}.\n`);
	const jobs =
		chosen.pictures === 'own' ? [await ownJob(chosen)] : await sampleJobs(service.samplesUrl);
	const engine = await startEngine({ binaryMode: 'filesystem' });
	try {
		await mkdir(folder, { recursive: true });
		const { done, pictures, failed } = await runAll(engine, service, jobs);
		if (done.length > 0) say(`\n${summarize(done)}`);
		const best = bestOf.flatMap((name) => pictures.get(name) ?? []);
		if (best.length > 0) {
			const picture = sharp(await stack(best)).jpeg({ quality: 84 });
			await picture.toFile(join(folder, 'before-after.jpg'));
		}
		if (done.length > 0) say(`\nPictures and output items are in ${folder}\n`);
		if (failed > 0) throw new DemoError(`${failed} of ${jobs.length} did not work, see above.`);
	} finally {
		await engine.close();
	}
}

/** A defect of the demo shows where it is; anything foreseen is a sentence. */
function messageOf(error: unknown): string {
	if (error instanceof DemoError) return error.message;
	return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

async function main(): Promise<void> {
	const service = await openService();
	try {
		await demo(service);
	} finally {
		await service.close();
	}
}

const chosen = readArguments(argv);
main().catch((error: unknown) => {
	process.exitCode = 1;
	say(messageOf(error));
});
