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
import { type Runner, startRunner } from './runner';

/** The service's limit for a new account. */
export const REQUESTS_PER_SECOND = 2;
/** Noise does not compress: a PNG of three bytes a pixel, just under the API's 20 MB. */
const LARGE_SIDE_PX = 2580;
/** Tasks take the mean ± 30 %. */
const SPREAD = 0.3;

/** What all scenarios share, and what has to be closed after them. */
export class Setting {
	readonly smallPicture: BatchOrder['picture'];
	readonly largePicture: BatchOrder['picture'];
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
		this.largePicture = { path: join(folder, 'large.png'), mimeType: 'image/png' };
		this.plainPackage = join(folder, 'plain-package');
	}

	/** @param share of the images of a full run that is really taken, 0…1 */
	static async open(engine: Engine, share: number): Promise<Setting> {
		const folder = await mkdtemp(join(tmpdir(), 'picwish-bench-'));
		const setting = new Setting(engine, share, folder);
		const side = LARGE_SIDE_PX;
		await sharp(randomBytes(side * side * 3), { raw: { width: side, height: side, channels: 3 } })
			.png({ compressionLevel: 0 })
			.toFile(setting.largePicture.path);
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
	): Promise<SandboxProcess> {
		return await this.openSandbox({
			requestsPerSecond,
			processingMs: [taskS * 1000 * (1 - SPREAD), taskS * 1000 * (1 + SPREAD)],
		});
	}

	async openRunner(packageDirectory?: string): Promise<Runner> {
		const runner = await startRunner(packageDirectory);
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

export function credentialFor(
	{ apiKey, apiUrl }: Pick<SandboxProcess, 'apiKey' | 'apiUrl'>,
	requestsPerSecond = REQUESTS_PER_SECOND,
): BatchOrder['credential'] {
	return { apiKey, region: 'custom', baseUrl: apiUrl, requestsPerSecond };
}

/** Most scenarios: the fewest parameters, one small picture. */
export const removeWatermark = { operation: 'removeWatermark' };
