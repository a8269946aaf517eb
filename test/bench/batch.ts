/* eslint-disable @n8n/community-nodes/no-restricted-imports -- a command-line program for a developer's machine */
import { createReadStream } from 'node:fs';
import type { IDataObject } from 'n8n-workflow';
import type { PicWishCredential } from '../engine/credentialStore';
import type { Engine } from '../engine/engine';
import type { InputItem } from '../engine/nodes/start';

export interface BatchOrder {
	/** In each item; undefined = none, for images by URL. */
	picture?: { path: string; mimeType: string };
	images: number;
	/** Of the node; the same for all images. */
	parameters: Record<string, unknown>;
	credential: PicWishCredential;
	/** Of each item, for parameters that differ; default: none. */
	json?: IDataObject[];
	/** Images may fail: they are counted, and the rest goes on. */
	mayFail?: boolean;
}

export interface BatchOutcome {
	/** ms since 1970 by the machine's clock, comparable across its processes. */
	startedAt: number;
	endedAt: number;
	/** What n8n shows for the node: without the storing of the input files. */
	elapsedMs: number;
	/** Images with a picture. Without `mayFail` that is all of them. */
	finished: number;
}

export const machineNow = () => performance.timeOrigin + performance.now();

/** So many items with the same picture, read from its file when n8n stores them, or without. */
export function toItems(
	picture: BatchOrder['picture'],
	images: number,
	onLastRead = () => {},
	json: IDataObject[] = [],
): InputItem[] {
	if (!picture) {
		onLastRead();
		return Array.from({ length: images }, (_, index) => ({ json: json[index] ?? {} }));
	}
	const { path, mimeType } = picture;
	async function* readLast(): AsyncGenerator<Uint8Array> {
		for await (const chunk of createReadStream(path)) yield chunk;
		onLastRead();
	}
	return Array.from({ length: images }, (_, index) => ({
		json: json[index] ?? {},
		binary: {
			data: { bytes: index === images - 1 ? readLast : () => createReadStream(path), mimeType },
		},
	}));
}

/**
 * Runs the node over so many copies of a picture.
 *
 * @param onInputStored called when the input pictures are in n8n's store, just before the node begins
 * @throws Error when not all of them were finished, unless they may fail
 */
export async function runBatch(
	engine: Engine,
	{ picture, images, parameters, credential, json, mayFail = false }: BatchOrder,
	onInputStored?: () => void,
): Promise<BatchOutcome> {
	const items = toItems(picture, images, onInputStored, json);
	const startedAt = machineNow();
	const node = mayFail ? ({ onError: 'continueRegularOutput' } as const) : undefined;
	const run = await engine.run({ items, parameters, credential, node });
	const finished = (run.outputs[0] ?? []).filter(({ json }) => !('error' in json)).length;
	if (run.status !== 'success' || (finished !== images && !mayFail)) {
		const { message = run.status } = run.error ?? {};
		throw new Error(`${finished} of ${images} images finished: ${message}`);
	}
	return { startedAt, endedAt: machineNow(), elapsedMs: run.elapsedMs, finished };
}

/** From the first start to the last end; the storing of the input included. */
export function makespanMs(outcomes: readonly BatchOutcome[]): number {
	const startedAt = Math.min(...outcomes.map((outcome) => outcome.startedAt));
	return Math.max(...outcomes.map((outcome) => outcome.endedAt)) - startedAt;
}
