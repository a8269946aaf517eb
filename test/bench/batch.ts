/* eslint-disable @n8n/community-nodes/no-restricted-imports -- a command-line program for a developer's machine */
import { createReadStream } from 'node:fs';
import type { PicWishCredential } from '../engine/credentialStore';
import type { Engine } from '../engine/engine';
import type { InputItem } from '../engine/nodes/start';

export interface BatchOrder {
	picture: { path: string; mimeType: string };
	images: number;
	/** Of the node; the same for all images. */
	parameters: Record<string, unknown>;
	credential: PicWishCredential;
}

export interface BatchOutcome {
	/** ms since 1970 by the machine's clock, comparable across its processes. */
	startedAt: number;
	endedAt: number;
	/** What n8n shows for the node: without the storing of the input files. */
	elapsedMs: number;
}

export const machineNow = () => performance.timeOrigin + performance.now();

/** So many items with the same picture, read from its file when n8n stores them. */
export function toItems(
	{ path, mimeType }: BatchOrder['picture'],
	images: number,
	onLastRead = () => {},
): InputItem[] {
	async function* readLast(): AsyncGenerator<Uint8Array> {
		for await (const chunk of createReadStream(path)) yield chunk;
		onLastRead();
	}
	return Array.from({ length: images }, (_, index) => ({
		binary: {
			data: { bytes: index === images - 1 ? readLast : () => createReadStream(path), mimeType },
		},
	}));
}

/**
 * Runs the node over so many copies of a picture.
 *
 * @param onInputStored called when the input pictures are in n8n's store, just before the node begins
 * @throws Error when not all of them were finished
 */
export async function runBatch(
	engine: Engine,
	{ picture, images, parameters, credential }: BatchOrder,
	onInputStored?: () => void,
): Promise<BatchOutcome> {
	const items = toItems(picture, images, onInputStored);
	const startedAt = machineNow();
	const run = await engine.run({ items, parameters, credential });
	const finished = run.outputs[0]?.length ?? 0;
	if (run.status !== 'success' || finished !== images) {
		const { message = run.status } = run.error ?? {};
		throw new Error(`${finished} of ${images} images finished: ${message}`);
	}
	return { startedAt, endedAt: machineNow(), elapsedMs: run.elapsedMs };
}
