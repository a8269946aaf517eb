// Reads and checks an item's image before it is paid for.

import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import { TASKS, type TaskType } from '../api/tasks';
import { aboutFile, invalidInput } from '../errors';
import { plainName, sentName } from '../picture/fileName';
import type { Head } from '../picture/head';
import type { Picture } from '../picture/picture';
import { readPicture } from './binaryFile';
import { choice, isChoice, labelOf, parametersOf } from './fields';
import { findFile, type FileField } from './itemFiles';
import { checkPicture } from './pictureChecks';
import type { Download, UrlImages } from './urlImages';
import { IMAGE_URL } from './urlFailures';
import { lastPart, webAddress } from './webAddress';

/** What an image's header contains. */
export type ImageHead = Pick<Head, 'content' | 'size' | 'orientation'>;

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
	readHead(): Promise<ImageHead>;
	/** The result of `readHead`; undefined until then. */
	headRead: ImageHead | undefined;
	/** The item's own file. */
	binary?: IBinaryData;
	/** For an image behind a URL: who downloads it, and how n8n does. */
	fetchedBy?: FetchedBy;
	download?: Download;
}

/** The option URL Fetched By. */
export const FETCHED_BY = ['auto', 'picwish', 'n8n'] as const;
export type FetchedBy = (typeof FETCHED_BY)[number];

interface UrlAccess {
	urlImages: UrlImages;
	urlFetchedBy: FetchedBy;
}

/** @throws PicWishError INVALID_INPUT */
export async function readImage(
	context: IExecuteFunctions,
	itemIndex: number,
	taskType: TaskType,
	access: UrlAccess,
): Promise<Image> {
	const parameter = parametersOf(context, itemIndex);
	if (choice(parameter, 'imageSource', ['binary', 'url']) === 'url') {
		const url = webAddress(parameter('imageUrl'), IMAGE_URL);
		return urlImage(url, taskType, access);
	}
	const field = imageField(context, itemIndex, taskType);
	const { picture, identity, binary } = await binaryPicture(context, itemIndex, field, taskType);
	const fileName = plainName(picture.fileName);
	await aboutFile(fileName, () => checkPicture(picture, taskType, labelOf(field.parameter)));
	return {
		source: picture,
		identity,
		fileName,
		readHead: async () => await Promise.resolve(picture),
		headRead: picture,
		binary,
	};
}

function urlImage(
	url: string,
	taskType: TaskType,
	{ urlImages, urlFetchedBy: fetchedBy }: UrlAccess,
): Image {
	const fileName = lastPart(url);
	const source = { url, fileName, taskType };
	let head: Promise<ImageHead> | undefined;
	const image: Image = {
		source: url,
		identity: url,
		fileName,
		readHead: async () => {
			head ??= urlImages.readHead(source, fetchedBy === 'n8n');
			image.headRead = await head;
			return image.headRead;
		},
		headRead: undefined,
		fetchedBy,
		download: async (use) => await urlImages.download(source, use),
	};
	return image;
}

function imageField(context: IExecuteFunctions, itemIndex: number, taskType: TaskType): FileField {
	const parameter = parametersOf(context, itemIndex);
	const hasMask = TASKS[taskType].takesArea && isChoice(parameter('removalArea'), 'maskBinary');
	return {
		parameter: 'binaryPropertyName',
		otherwise: 'Or set Image Source to URL.',
		takesOnlyFile: true,
		taken: hasMask ? parameter('maskBinaryPropertyName') : undefined,
	};
}

/**
 * The picture in an item's binary field.
 *
 * @throws PicWishError INVALID_INPUT
 */
export async function binaryPicture(
	context: IExecuteFunctions,
	itemIndex: number,
	field: FileField,
	taskType: TaskType,
): Promise<{ picture: Picture; identity: string; binary: IBinaryData }> {
	const binary = findFile(context, itemIndex, field);
	const picture = await readPicture(context, binary, TASKS[taskType].maxBytes).catch(
		() => undefined,
	);
	if (!picture) {
		const error = invalidInput(
			`${labelOf(field.parameter)}: the file could not be read from n8n’s binary data`,
			'It may have been deleted. Run the node before this one again.',
		);
		throw error.with({ fileName: plainName(binary.fileName) });
	}
	const identity = binary.id ?? `${sentName(binary.fileName)} ${picture.bytes}`;
	return { picture, identity, binary };
}
