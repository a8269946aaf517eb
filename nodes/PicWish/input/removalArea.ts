// Reads and checks an item's removal area before it is paid for.

import type { IExecuteFunctions } from 'n8n-workflow';
import type { TaskOrder } from '../api/order';
import { MAX_RECTANGLES } from '../api/tasks';
import { BOX_FORMATS, readDetections } from '../area/detections';
import { CORNERS, needsSize, readRectangles } from '../area/rectangles';
import { UNITS } from '../area/units';
import { invalidInput } from '../errors';
import { choice, labelOf, numberIn, parametersOf, text, type Values } from './fields';
import type { Image, ImageHead } from './imageSource';
import { readMask } from './maskFile';
import { frameOf, markShapes, type Drawing, type Frame, type Marked } from './markedShapes';
import { webAddress } from './webAddress';

/** The marked area, as the output shows it. */
export interface RemovalArea {
	/** null if nothing was sent. */
	sentAs: 'rectangles' | 'mask' | null;
	/** null for a mask from the user. */
	shapes: number | null;
	labels: string[];
	/** Share of the image, 0…1; null if not known. */
	coverage: number | null;
}

/** The removal area of one item. */
interface ItemArea {
	/** Undefined if nothing was found (no task is needed) or the area is not read yet. */
	area?: NonNullable<TaskOrder['area']>;
	/** The marked area as a PNG, white on black; previewArea only. */
	preview?: Buffer;
	removalArea: RemovalArea;
	/** Identifies the area, to recognize the same input in a later try. */
	identity: string;
	/** Whether the area is known to be in pixels of the image as stored, not as shown. */
	isStored: boolean;
	hints: string[];
}

const AREA_FORMS = ['rectangles', 'detections', 'maskBinary', 'maskUrl'] as const;

/** PicWish documentation: "The removal area should not exceed 50% of the source image." */
const RECOMMENDED_SHARE = 0.5;

const COORDINATES = ['shown', 'stored'] as const;

/** For an area that is read only when its item is processed. */
const NOT_READ_YET: ItemArea = {
	removalArea: { sentAs: null, shapes: null, labels: [], coverage: null },
	identity: '',
	isStored: true,
	hints: [],
};

interface Reader {
	parameter: Values;
	image: Image;
	options: Values;
	coordinates: 'shown' | 'stored';
	growBy: number;
	drawing: Drawing;
}

/**
 * Reads and checks the removal area. Reads the header of an image behind a URL if its size is needed.
 *
 * @param drawing `none` skips masks, and areas that need the header of an image behind a URL
 * @throws PicWishError INVALID_INPUT
 */
export async function readArea(
	context: IExecuteFunctions,
	itemIndex: number,
	image: Image,
	options: Values,
	drawing: Drawing,
): Promise<ItemArea> {
	const parameter = parametersOf(context, itemIndex);
	const form = choice(parameter, 'removalArea', AREA_FORMS);
	if (form === 'maskUrl') return readMaskUrl(parameter('maskUrl'), drawing);
	const growBy = Math.ceil(numberIn(options, 'growArea'));
	const coordinates = choice(options, 'coordinates', COORDINATES);
	const reader = { parameter, image, options, coordinates, growBy, drawing };
	if (form === 'rectangles') return await readTyped(reader);
	if (form === 'detections') return await readFound(reader);
	if (drawing === 'none') return NOT_READ_YET;
	const head = await image.readHead();
	const use = { head, coordinates, growBy, preview: drawing === 'preview' };
	const marked = await readMask(context, itemIndex, use);
	return toItemArea(marked, { shapes: null, labels: [] });
}

async function readTyped(reader: Reader): Promise<ItemArea> {
	const { parameter, image, coordinates, growBy, drawing } = reader;
	const field = labelOf('rectangles');
	const value = parameter('rectangles.rectangle') || [];
	const unit = choice(parameter, 'rectangleUnit', UNITS);
	const measuredFrom = choice(parameter, 'measuredFrom', CORNERS);
	const settings = { unit, measuredFrom, field };
	const isDrawn = drawing === 'preview' || (Array.isArray(value) && value.length > MAX_RECTANGLES);
	const isMeasured = isDrawn || growBy > 0 || needsSize(settings);
	if (isMeasured && drawing === 'none' && !image.headRead) return NOT_READ_YET;
	const frame = frameOf(isMeasured ? await image.readHead() : image.headRead, coordinates);
	if (isDrawn) sizeOf(frame, field);
	const { shapes, hints } = readRectangles(value, settings, frame.size);
	const marked = await markShapes(shapes, { name: field, frame, growBy, drawing });
	return toItemArea(marked, { shapes: shapes.length, labels: [] }, hints);
}

async function readFound(reader: Reader): Promise<ItemArea> {
	const { parameter, image, options, coordinates, growBy, drawing } = reader;
	if (drawing === 'none' && !image.headRead) return NOT_READ_YET;
	const field = labelOf('detections');
	const head = await image.readHead();
	const frame = frameOf(head, coordinates);
	const settings = {
		field,
		otherwise: otherwise(head, coordinates, image.binary !== undefined),
		boxFormat: choice(parameter, 'boxFormat', BOX_FORMATS),
		unit: choice(parameter, 'rectangleUnit', UNITS),
		onlyLabels: labelsIn(parameter),
		minConfidence: minConfidenceIn(options),
	};
	const size = sizeOf(frame, field);
	const answer = readDetections(parameter('detections'), settings, size);
	const { shapes, labels, found } = answer;
	if (shapes.length === 0) {
		const why = answer.noLabels && settings.onlyLabels.some((label) => label.trim() !== '');
		const hints = why
			? [`${found} found, but nothing is removed: Only Labels is set, and none has a label`]
			: [];
		return { ...(await nothingFound(options, found, frame, drawing)), hints };
	}
	const marked = await markShapes(shapes, { name: field, frame, growBy, drawing });
	return toItemArea(marked, { shapes: shapes.length, labels });
}

/** Comma-separated; also a list, or a list as text, from expressions and agents. */
function labelsIn(parameter: Values): string[] {
	const name = 'onlyLabels';
	const labels = [parameter(name)].flat().flatMap((one) => text(() => one, name).split(','));
	return labels.map((label) => label.replace(/^[\s["']+|[\s\]"']+$/g, ''));
}

/** The image size under the other choice of Coordinates, with advice on how to switch. */
function otherwise(head: ImageHead, coordinates: 'shown' | 'stored', isBinary: boolean) {
	const { size } = frameOf(head, coordinates === 'shown' ? 'stored' : 'shown');
	const set = `Set Coordinates in the options to ${coordinates === 'shown' ? 'As Stored' : 'As Shown'}.`;
	const advice = isBinary
		? set
		: `Download the image with an HTTP Request node first, and use the binary field. ${set}`;
	return size && { size, advice };
}

function minConfidenceIn(options: Values): number {
	const percent = numberIn(options, 'minConfidence');
	if (percent <= 0 || percent >= 1) return percent;
	throw invalidInput(
		`${labelOf('minConfidence')}: ${percent} would be less than 1 percent`,
		`Give it in percent: ${Math.round(percent * 100)} for ${percent}.`,
	);
}

function readMaskUrl(value: unknown, drawing: Drawing): ItemArea {
	if (drawing === 'preview') {
		throw invalidInput(
			'Removal Area: Mask (URL) cannot be previewed, because only PicWish opens the address',
			'Download the mask with the HTTP Request node, and set Removal Area to Mask (Binary Field).',
		);
	}
	const mask = webAddress(value, labelOf('maskUrl'));
	const removalArea: RemovalArea = { sentAs: 'mask', shapes: null, labels: [], coverage: null };
	return { area: { mask }, removalArea, identity: mask, isStored: false, hints: [] };
}

async function nothingFound(
	options: Values,
	found: number,
	frame: Frame,
	drawing: Drawing,
): Promise<ItemArea> {
	const field = labelOf('detections');
	const preview = drawing === 'preview';
	const then = choice(options, 'nothingFound', ['passThrough', 'error']);
	if (then === 'error' && !preview) {
		throw invalidInput(
			found === 0
				? `${field}: nothing was found in the image`
				: `${field}: ${found} found, but none that Only Labels and Min Confidence allow`,
			'To output such images unchanged, set Nothing Found to Pass Image Through in the options.',
		);
	}
	const drawn = preview ? await markShapes([], { name: '', frame, growBy: 0, drawing }) : undefined;
	const removalArea: RemovalArea = { sentAs: null, shapes: 0, labels: [], coverage: 0 };
	return { preview: drawn?.preview, removalArea, identity: '', isStored: true, hints: [] };
}

function toItemArea(
	{ area, preview, coverage, maskId, isStored, hints }: Marked,
	{ shapes, labels }: Pick<RemovalArea, 'shapes' | 'labels'>,
	more: string[] = [],
): ItemArea {
	const all = [...more, ...hints];
	if (coverage !== null && coverage > RECOMMENDED_SHARE) {
		all.unshift(
			`the removal area covers ${Math.round(coverage * 100)} % of the image; PicWish recommends at most ${RECOMMENDED_SHARE * 100} %`,
		);
	}
	const sentAs = 'mask' in area ? 'mask' : 'rectangles';
	const identity = 'mask' in area ? `${maskId}` : JSON.stringify(area.rectangles);
	const removalArea: RemovalArea = { sentAs, shapes, labels, coverage };
	return { area, preview, removalArea, identity, isStored, hints: all };
}

function sizeOf({ size }: Frame, field: string) {
	if (size) return size;
	throw invalidInput(
		`${field}: the size of the image is needed, but its header does not contain it`,
		'Convert the image first, for example with the Edit Image node (Format: JPEG), or give rectangles in pixels.',
	);
}
