/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { Readable } from 'node:stream';
import sharp from 'sharp';

import type { FileStore, StoredFile } from './fileStore';
import type { Inpainter, InpaintOrder } from './inpaint';
import {
	type PictureInput,
	type TaskOrder,
	formatProblem,
	outsideProblem,
	sizeProblem,
} from './order';
import { type ExifOrientation, type PictureSize, formatOf, sizeOf } from './pictureFile';
import { MAX_URL_PICTURE_BYTES, type PictureFormat, taskTypes } from './taskTypes';

/** A failed task. `state` is negative, from the vendor's table of task states. */
export class TaskFailure extends Error {
	constructor(
		readonly state: number,
		message: string,
	) {
		super(message);
	}
}

export interface TaskResult extends StoredFile {
	format: PictureFormat;
	/** Of the source picture, as uploaded or downloaded. */
	sourceSha256: string;
}

/** A failure known at create, although the create is accepted: the first poll shows it. */
export function failureKnownAtCreate({ source, area }: TaskOrder): TaskFailure | undefined {
	if (!area || !('mask' in area)) return undefined;
	const [sourceSize, maskSize] = [source, area.mask].map((input) =>
		'file' in input ? input.size : undefined,
	);
	return maskFailure(sourceSize, maskSize);
}

function maskFailure(source?: PictureSize, mask?: PictureSize): TaskFailure | undefined {
	if (!source || !mask) return undefined;
	if (source.width === mask.width && source.height === mask.height) return undefined;
	return new TaskFailure(-1, 'The mask must have the same size as the image');
}

/** Whether a mask marks nothing: white is what is removed. BMP masks are not checked. */
async function isBlack({ file, format }: ReadyPicture): Promise<boolean> {
	if (format === 'bmp') return false;
	const grey = sharp(file.path).removeAlpha().greyscale();
	const { channels } = await sharp(await grey.png().toBuffer()).stats();
	return (channels[0]?.max ?? 0) < 128;
}

interface ReadyPicture {
	file: StoredFile;
	format: PictureFormat;
	size: PictureSize;
}

/** Processes a task: downloads what was given by URL, checks it, inpaints. */
export class Processing {
	constructor(
		private readonly store: FileStore,
		/** Undefined = the result is the source, byte for byte. */
		private readonly inpainter: Inpainter | undefined,
		private readonly resultFormat: 'jpeg' | 'source' | undefined,
		private readonly exifOrientation: ExifOrientation,
	) {}

	/** @throws TaskFailure */
	async run(order: TaskOrder): Promise<TaskResult> {
		const source = await this.fetchPicture(order.source, order);
		const area = await this.readyArea(order, source);
		const sourceSha256 = source.file.sha256;
		if (!this.inpainter) return { ...source.file, format: source.format, sourceSha256 };

		const asSource =
			(this.resultFormat ?? (order.taskType === 'removeObjects' ? 'jpeg' : 'source')) === 'source';
		const format = asSource ? source.format : 'jpeg';
		const target = { path: this.store.newPath('result'), format };
		const problem = await this.inpainter.paint({
			source: { path: source.file.path, format: source.format },
			area,
			target,
			exifOrientation: this.exifOrientation,
		});
		if (problem !== undefined) throw new TaskFailure(-7, `Invalid image file: ${problem}`);
		const result = await this.store.adopt(target.path);
		return { ...result, format, sourceSha256 };
	}

	private async readyArea(order: TaskOrder, source: ReadyPicture): Promise<InpaintOrder['area']> {
		const { area } = order;
		if (!area) return undefined;
		if ('rectangles' in area) {
			const problem = outsideProblem(area.rectangles, source.size);
			if (problem) throw new TaskFailure(-1, problem);
			return area.rectangles;
		}
		const mask = await this.fetchPicture(area.mask, order);
		const failure = maskFailure(source.size, mask.size);
		if (failure) throw failure;
		if (await isBlack(mask)) throw new TaskFailure(-1, 'The mask marks nothing: it has no white');
		return { path: mask.file.path, format: mask.format };
	}

	private async fetchPicture(input: PictureInput, order: TaskOrder): Promise<ReadyPicture> {
		const rules = taskTypes[order.taskType];
		const file = 'file' in input ? input.file : await this.download(input.url);
		const format = formatOf(file.head);
		const size = 'file' in input ? input.size : await sizeOf(file, this.exifOrientation);
		const problem =
			formatProblem(file, rules) ?? (size ? sizeProblem(size, rules) : 'the image is damaged');
		if (problem !== undefined || !format || !size) {
			throw new TaskFailure(-7, `Invalid image file: ${problem}`);
		}
		return { file, format, size };
	}

	/** From this machine only: the sandbox sends nothing out. */
	private async download(url: string): Promise<StoredFile> {
		if (new URL(url).hostname !== '127.0.0.1') {
			throw new TaskFailure(-3, 'The sandbox downloads from 127.0.0.1 only');
		}
		const file = await this.fetchToStore(url).catch((error: unknown) => {
			const reason = error instanceof Error ? error.message : String(error);
			throw new TaskFailure(-3, `The file could not be downloaded: ${reason}`);
		});
		if (file.tooLarge) throw new TaskFailure(-5, 'The image exceeds the size limit');
		return file;
	}

	private async fetchToStore(url: string) {
		const response = await fetch(url, { redirect: 'error' });
		if (!response.ok || !response.body) throw new Error(`HTTP status ${response.status}`);
		return await this.store.save(Readable.fromWeb(response.body), MAX_URL_PICTURE_BYTES);
	}
}
