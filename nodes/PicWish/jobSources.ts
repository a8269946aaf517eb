// An item's image and removal area, checked: nothing that PicWish would refuse is paid for.

import type { IExecuteFunctions } from 'n8n-workflow';
import { invalidInput } from './api/errors';
import type { TaskOrder } from './api/order';
import { TASKS, type TaskType } from './api/tasks';
import { oneOf } from './fields';
import { readPicture } from './images';
import type { Picture, PixelSize } from './api/picture';
import { checkRectangles, coveredShare, parseRectangles, percentToPixels } from './rectangles';
import { toObject, toText } from './api/untrusted';

interface Image {
	source: Picture | string;
	/** Names the bytes or the address, for recognizing the same input again. */
	identity: string;
	/** Of the source; the result's name is made from it. */
	fileName: string;
}

interface MarkedArea {
	area: NonNullable<TaskOrder['area']>;
	identity: string;
	warning?: string;
}

const AREAS = ['rectangles', 'rectanglesJson', 'maskBinary', 'maskUrl'] as const;

/** PicWish documentation: "The removal area should not exceed 50% of the source image." */
const RECOMMENDED_SHARE = 0.5;

/** @throws PicWishError INVALID_INPUT */
export async function readImage(
	context: IExecuteFunctions,
	itemIndex: number,
	taskType: TaskType,
): Promise<Image> {
	const from = context.getNodeParameter('imageSource', itemIndex);
	if (oneOf(from, ['binary', 'url'] as const, 'Image Source') === 'url') {
		const url = webAddress(context.getNodeParameter('imageUrl', itemIndex), 'Image URL');
		return { source: url, identity: url, fileName: lastPart(url) };
	}
	const field = 'Input Binary Field';
	const { picture, identity } = await binaryPicture(
		context,
		itemIndex,
		'binaryPropertyName',
		field,
	);
	checkPicture(picture, taskType, field);
	return { source: picture, identity, fileName: picture.fileName };
}

/** @throws PicWishError INVALID_INPUT */
export async function readArea(
	context: IExecuteFunctions,
	itemIndex: number,
	image: Image,
): Promise<MarkedArea> {
	const source = typeof image.source === 'string' ? undefined : image.source;
	const form = oneOf(context.getNodeParameter('removalArea', itemIndex), AREAS, 'Removal Area');
	switch (form) {
		case 'maskUrl': {
			const mask = webAddress(context.getNodeParameter('maskUrl', itemIndex), 'Mask URL');
			return { area: { mask }, identity: mask };
		}
		case 'maskBinary': {
			const field = 'Mask Binary Field';
			const name = 'maskBinaryPropertyName';
			const { picture, identity } = await binaryPicture(context, itemIndex, name, field);
			checkPicture(picture, 'removeObjects', field);
			checkMaskSize(picture, source, field);
			return { area: { mask: picture }, identity };
		}
		case 'rectangles':
		case 'rectanglesJson':
			return readRectangles(context, itemIndex, form, source);
	}
}

function readRectangles(
	context: IExecuteFunctions,
	itemIndex: number,
	form: 'rectangles' | 'rectanglesJson',
	source: Picture | undefined,
): MarkedArea {
	const inJson = form === 'rectanglesJson';
	const field = inJson ? 'Rectangles (JSON)' : 'Rectangles';
	const value = context.getNodeParameter(inJson ? form : 'rectangles.rectangle', itemIndex, []);
	const given = parseRectangles(value, field);
	const unit = context.getNodeParameter('rectangleUnit', itemIndex, 'pixels');
	const inPercent = oneOf(unit, ['pixels', 'percent'] as const, 'Unit') === 'percent';
	if (inPercent && !source?.size) {
		throw invalidInput(
			`Unit: percent needs the size of the image, which is not known ${source ? 'from its first bytes' : 'for an image URL'}`,
			source
				? 'Give the rectangles in pixels.'
				: 'Give the rectangles in pixels, or download the image first and use it as binary field.',
		);
	}
	const size = source?.size;
	const rectangles = inPercent && size ? percentToPixels(given, size, field) : given;
	checkRectangles(rectangles, size && (source.turned ? eitherWay(size) : size), field);
	const share = size ? coveredShare(rectangles, size) : 0;
	const warning =
		share > RECOMMENDED_SHARE
			? `the removal area covers ${Math.round(share * 100)} % of the image; PicWish recommends at most 50 %`
			: undefined;
	return { area: { rectangles }, identity: JSON.stringify(rectangles), warning };
}

async function binaryPicture(
	context: IExecuteFunctions,
	itemIndex: number,
	parameter: string,
	field: string,
): Promise<{ picture: Picture; identity: string }> {
	// A name, or with an expression the binary data itself.
	const value = context.getNodeParameter(parameter, itemIndex) as string;
	const binary = orUndefined(() => context.helpers.assertBinaryData(itemIndex, value));
	if (!binary) {
		const item = context.getInputData()[itemIndex];
		// n8n's combined binary mode keeps files among the item's JSON fields.
		const combined = Object.keys(toObject(item?.json._files) ?? {}).map((key) => `_files.${key}`);
		const present = [...Object.keys(item?.binary ?? {}), ...combined];
		const name = typeof value === 'string' ? value : '';
		throw invalidInput(
			`${field}: the item has no binary field ${name ? `"${name}"` : 'of this name'}`,
			present.length > 0
				? `Its binary fields are: ${present.join(', ')}.`
				: 'It has no binary fields at all. Let the node before this one output a file, or set Image Source to URL.',
		);
	}
	const picture = await readPicture(context, itemIndex, binary, value).catch(() => undefined);
	if (!picture) {
		throw invalidInput(
			`${field}: the file behind it could not be read from n8n’s binary data`,
			'It may have been deleted. Run the node before this one again.',
		);
	}
	return { picture, identity: binary.id ?? `${binary.fileName ?? ''} ${picture.bytes}` };
}

function checkPicture(picture: Picture, taskType: TaskType, field: string): void {
	const { label, maxBytes, minPixels, maxPixels, formats, formatNames } = TASKS[taskType];
	const { bytes, content, size, fileName } = picture;
	if (bytes === 0) throw invalidInput(`${field}: the file "${fileName}" is empty`, 'Use an image.');
	if (content && !(content.format && formats.includes(content.format))) {
		throw invalidInput(
			`${field}: the file "${fileName}" is ${content.name}, which ${label} does not take`,
			`Use ${formatNames}.`,
		);
	}
	if (bytes > maxBytes) {
		throw invalidInput(
			`${field}: the file "${fileName}" is larger than ${maxBytes / 1024 / 1024} MB, which is the most ${label} takes`,
			'Make the image smaller first, for example with the Edit Image node.',
		);
	}
	if (!size) return;
	const sides = [size.width, size.height];
	if (Math.max(...sides) > maxPixels || Math.min(...sides) < minPixels) {
		const allowed =
			minPixels > 1
				? `sides of ${minPixels} to ${maxPixels}`
				: `at most ${maxPixels} × ${maxPixels}`;
		throw invalidInput(
			`${field}: the image "${fileName}" has ${size.width} × ${size.height} pixels, ${label} takes ${allowed}`,
			'Resize the image first, for example with the Edit Image node.',
		);
	}
}

/** PicWish accepts a mask of another size, charges it, and then fails: so it is refused here. */
function checkMaskSize(mask: Picture, source: Picture | undefined, field: string): void {
	if (!mask.size || !source?.size) return;
	const same = (a: PixelSize, b: PixelSize) => a.width === b.width && a.height === b.height;
	const turned = { width: source.size.height, height: source.size.width };
	if (same(mask.size, source.size) || (source.turned && same(mask.size, turned))) return;
	const show = ({ width, height }: PixelSize) => `${width} × ${height}`;
	throw invalidInput(
		`${field}: the mask has ${show(mask.size)} pixels, the image has ${show(source.size)}`,
		'The mask must have the same size as the image.',
	);
}

/** http(s) with all characters encoded as they must be. */
function webAddress(value: unknown, field: string): string {
	const text = toText(value)?.trim();
	if (!text)
		throw invalidInput(
			`${field}: no address is given`,
			'Give an address that begins with https://.',
		);
	if (!URL.canParse(text) || !/^https?:\/\//i.test(text)) {
		throw invalidInput(
			`${field}: this is not a web address`,
			'Give an address that begins with https:// or http://. For a file of your own use a binary field.',
		);
	}
	const url = new URL(text);
	// What URL leaves as it is, although it is not valid there.
	url.pathname = encodeRest(url.pathname);
	url.search = encodeRest(url.search);
	if (url.username || url.password) {
		throw invalidInput(
			`${field}: contains a user name or password, which would be sent to PicWish`,
			'Download the image with the HTTP Request node first and use it as binary field.',
		);
	}
	return url.href;
}

function encodeRest(part: string): string {
	return part
		.replace(/%(?![0-9a-f]{2})/gi, '%25')
		.replace(/[[\]|^`{}\\]/g, (character) => encodeURIComponent(character));
}

function lastPart(url: string): string {
	const part = new URL(url).pathname.split('/').pop() ?? '';
	return orUndefined(() => decodeURIComponent(part)) || 'image';
}

function eitherWay({ width, height }: PixelSize): PixelSize {
	const longer = Math.max(width, height);
	return { width: longer, height: longer };
}

function orUndefined<T>(read: () => T): T | undefined {
	try {
		return read();
	} catch {
		return undefined;
	}
}
