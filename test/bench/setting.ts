/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- a command-line program for a developer's machine */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Engine } from '../engine/engine';
import { writePackage } from '../engine/writePackage';
import {
	type SandboxProcess,
	type SandboxProcessOptions,
	startSandboxProcess,
} from '../sandbox/process';
import { samples } from '../sandbox/samples/samples';
import type { BatchOrder } from './batch';
import { type Runner, type RunnerOptions, startRunner } from './runner';

type Picture = NonNullable<BatchOrder['picture']>;

/** The service's limit for a new account. */
export const REQUESTS_PER_SECOND = 2;
/** 429 responses for one key in one process while it learns whether polls count against the limit. */
export const MOST_REFUSED = 3;
/** Noise does not compress: a PNG of three bytes a pixel, just under the API's 20 MB, and one of 8 MB. */
const LARGE_SIDE_PX = 2580;
const MEDIUM_SIDE_PX = 1670;
/** Tasks take the mean ± 30 %. */
const SPREAD = 0.3;

/** What all scenarios share, and what has to be closed after them. */
export class Setting {
	readonly smallPicture: Picture;
	readonly mediumPicture: Picture;
	readonly largePicture: Picture;
	/** The folder of a package with the node for comparison. */
	readonly plainPackage: string;
	private readonly opened: Array<{ close(): Promise<void> }> = [];

	private constructor(
		/** In this process: for runs that wait nearly all of their time. */
		readonly engine: Engine,
		private readonly share: number,
		readonly folder: string,
	) {
		const sample = join(__dirname, '../sandbox/samples', samples.watermarked.file);
		this.smallPicture = { path: sample, mimeType: 'image/jpeg' };
		this.mediumPicture = { path: join(folder, 'medium.png'), mimeType: 'image/png' };
		this.largePicture = { path: join(folder, 'large.png'), mimeType: 'image/png' };
		this.plainPackage = join(folder, 'plain-package');
	}

	/** @param share of the images of a full run that is really taken, 0…1 */
	static async open(engine: Engine, share: number): Promise<Setting> {
		const folder = await mkdtemp(join(tmpdir(), 'picwish-bench-'));
		const setting = new Setting(engine, share, folder);
		await makeNoise(MEDIUM_SIDE_PX, setting.mediumPicture.path);
		await makeNoise(LARGE_SIDE_PX, setting.largePicture.path);
		await writePackage(setting.plainPackage, {
			name: 'n8n-nodes-plain',
			node: join(__dirname, 'PlainNode.ts'),
			credential: join(__dirname, '../engine/fixture/ProbeApi.ts'),
		});
		return setting;
	}

	/** @param of how many in a full run */
	images(of: number): number {
		return Math.max(1, Math.round(of * this.share));
	}

	/** A sandbox in a process of its own; that means a request budget of its own, too. */
	async openSandbox(options: SandboxProcessOptions): Promise<SandboxProcess> {
		const sandbox = await startSandboxProcess({ inpaint: false, ...options });
		this.opened.push(sandbox);
		return sandbox;
	}

	/** @param taskS mean processing time */
	async openPacedSandbox(
		taskS: number,
		requestsPerSecond = REQUESTS_PER_SECOND,
		counts: SandboxProcessOptions['counts'] = 'all',
	): Promise<SandboxProcess> {
		return await this.openSandbox({
			requestsPerSecond,
			counts,
			processingMs: [taskS * 1000 * (1 - SPREAD), taskS * 1000 * (1 + SPREAD)],
		});
	}

	async openRunner(options?: RunnerOptions): Promise<Runner> {
		const runner = await startRunner(options);
		this.opened.push(runner);
		return runner;
	}

	/** Ends the processes. */
	async closeOpened(): Promise<void> {
		await Promise.all(this.opened.splice(0).map(async (one) => await one.close()));
	}

	async close(): Promise<void> {
		await this.closeOpened();
		await rm(this.folder, { recursive: true, force: true });
	}
}

async function makeNoise(side: number, path: string): Promise<void> {
	await sharp(randomBytes(side * side * 3), { raw: { width: side, height: side, channels: 3 } })
		.png({ compressionLevel: 0 })
		.toFile(path);
}

export function credentialFor(
	{ apiKey, apiUrl }: Pick<SandboxProcess, 'apiKey' | 'apiUrl'>,
	requestsPerSecond = REQUESTS_PER_SECOND,
): BatchOrder['credential'] {
	return { apiKey, region: 'custom', baseUrl: apiUrl, requestsPerSecond };
}

/** Most scenarios: the fewest parameters, one small picture. */
export const removeWatermark = { operation: 'removeWatermark' };

export const removeObjects = {
	operation: 'removeObjects',
	rectangles: { rectangle: [{ x: 10, y: 10, width: 200, height: 200 }] },
};
