/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- test code, runs on a developer's machine */
import path from 'node:path';
import { Worker } from 'node:worker_threads';

import type { ExifOrientation } from './pictureFile';
import type { PictureFormat, PixelRectangle } from './taskTypes';

export interface PictureOnDisk {
	path: string;
	format: PictureFormat;
}

export interface InpaintOrder {
	source: PictureOnDisk;
	/** Rectangles, a mask (white = remove), or undefined: find the watermark. */
	area?: PixelRectangle[] | PictureOnDisk;
	/** Where to write the result, and in which format. */
	target: PictureOnDisk;
	exifOrientation: ExifOrientation;
}

export interface InpaintJob extends InpaintOrder {
	id: number;
}

export interface InpaintReply {
	id: number;
	bytes?: number;
	/** Why it failed, for example because the picture is damaged. */
	problem?: string;
}

/** Inpaints in a worker thread, started at the first order, so that the server never blocks. */
export class Inpainter {
	private worker?: Worker;
	private lastId = 0;
	private readonly waiting = new Map<number, (reply: InpaintReply) => void>();

	/** @returns why it failed; undefined if the result was written */
	async paint(order: InpaintOrder): Promise<string | undefined> {
		this.worker ??= this.start();
		const id = ++this.lastId;
		const reply = await new Promise<InpaintReply>((resolve) => {
			this.waiting.set(id, resolve);
			this.worker?.postMessage({ ...order, id } satisfies InpaintJob);
		});
		return reply.problem;
	}

	async close(): Promise<void> {
		await this.worker?.terminate();
		this.worker = undefined;
	}

	private start(): Worker {
		// The thread does not inherit Jest's or tsx's TypeScript loader: it brings its own.
		const worker = new Worker(path.join(__dirname, 'inpaint.worker.ts'), {
			execArgv: ['--require', 'tsx/cjs'],
		});
		worker.on('message', (reply: InpaintReply) => {
			this.waiting.get(reply.id)?.(reply);
			this.waiting.delete(reply.id);
		});
		const giveUp = (problem: string) => {
			for (const [id, resolve] of this.waiting) resolve({ id, problem });
			this.waiting.clear();
			this.worker = undefined;
		};
		worker.on('error', (error) => giveUp(error.message));
		worker.on('exit', () => giveUp('The inpainting thread ended'));
		return worker;
	}
}
