// Reads and checks an item's image before it is paid for.

import type { IBinaryData } from 'n8n-workflow';
import { TASKS, type TaskType } from '../api/tasks';
import { aboutFile, invalidInput } from '../errors';
import { plainName } from '../picture/fileName';
import type { Head } from '../picture/head';
import type { Picture } from '../picture/picture';
import { readPicture } from './binaryFile';
import { choice, isChoice, labelOf, type Item } from './fields';
import { findFile, type FileField } from './itemFiles';
import { checkPicture } from './pictureChecks';
import type { Download, UrlImages, UrlSource } from './urlImages';
import { IMAGE_URL } from './urlFailures';
import { lastPart, webAddress } from './webAddress';

export interface Image {
	source: Picture | string;
	/** Identifies the bytes or the address, to recognize the same input in a later try. */
	identity: string;
	/** The source's name, from which the result's name is derived. */
	fileName: string;
	/**
	 * The image's header. For a URL, the first call downloads and checks it, so call this only if the
	 * size or orientation is needed.
	 *
	 * @throws PicWishError INVALID_INPUT, NETWORK_ERROR
	 */
	readHead(): Promise<Head>;
	/** The result of `readHead`; undefined until then. */
	headRead?: Head;
	/** The item's own file. */
	binary?: IBinaryData;
	/** For an image behind a URL: its address, who downloads it, and how n8n does. */
	url?: string;
	fetchedBy?: FetchedBy;
	download?: Download;
}

/** The option URL Fetched By. */
export type FetchedBy = 'auto' | 'picwish' | 'n8n';

/**
 * @param fetchedBy overrides the option URL Fetched By
 * @throws PicWishError INVALID_INPUT
 */
export async function readImage(
	item: Item,
	taskType: TaskType,
	urlImages: UrlImages,
	fetchedBy?: FetchedBy,
): Promise<Image> {
	const { values } = item;
	const chosen: FetchedBy = choice(values, 'urlFetchedBy', ['auto', 'picwish', 'n8n']);
	if (choice(values, 'imageSource', ['binary', 'url']) === 'url') {
		const url = webAddress(values('imageUrl'), IMAGE_URL);
		return urlImage({ url, fileName: lastPart(url), taskType }, urlImages, fetchedBy ?? chosen);
	}
	const hasMask = TASKS[taskType].takesArea && isChoice(values('removalArea'), 'maskBinary');
	const field: FileField = {
		parameter: 'binaryPropertyName',
		otherwise: 'Or set Image Source to URL.',
		takesOnlyFile: true,
		taken: hasMask ? values('maskBinaryPropertyName') : undefined,
	};
	const { picture, ...file } = await binaryPicture(item, field, taskType);
	const readHead = async () => await Promise.resolve(picture);
	return { source: picture, readHead, headRead: picture, ...file };
}

function urlImage(source: UrlSource, urlImages: UrlImages, fetchedBy: FetchedBy): Image {
	const { url, fileName } = source;
	const image: Image = {
		source: url,
		identity: url,
		fileName,
		readHead: async () =>
			(image.headRead ??= await urlImages.readHead(source, fetchedBy === 'n8n')),
		url,
		fetchedBy,
		download: async (use) => await urlImages.download(source, use),
	};
	return image;
}

/**
 * The picture in an item's binary field, checked against the limits of the task.
 *
 * @throws PicWishError INVALID_INPUT
 */
export async function binaryPicture(item: Item, field: FileField, taskType: TaskType) {
	const binary = findFile(item, field);
	const fileName = plainName(binary.fileName);
	const label = labelOf(field.parameter);
	return await aboutFile(fileName, async () => {
		const { maxBytes } = TASKS[taskType];
		const picture = await readPicture(item.context, binary, maxBytes).catch(() => undefined);
		if (!picture) {
			throw invalidInput(
				`${label}: the file could not be read from n8n’s binary data`,
				'It may have been deleted. Run the node before this one again.',
			);
		}
		checkPicture(picture, taskType, label);
		const identity = binary.id ?? `${picture.fileName} ${picture.bytes}`;
		return { picture, fileName, identity, binary };
	});
}
