// Reads and checks an item's removal area before it is paid for.

import { MAX_RECTANGLES } from '../api/tasks';
import { BOX_FORMATS, readDetections } from '../area/detections';
import { CORNERS, needsSize, readRectangles } from '../area/rectangles';
import { UNITS } from '../area/units';
import { invalidInput } from '../errors';
import { choice, labelOf, numberIn, text, type Item, type Values } from './fields';
import type { Head } from '../picture/head';
import type { Image } from './imageSource';
import { readMask } from './maskFile';
import {
	emptyPreview,
	frameOf,
	markShapes,
	type Drawing,
	type Frame,
	type Marked,
} from './markedShapes';
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

/** The removal area of one item. Without `area`, nothing was found or the area is not read yet. */
interface ItemArea extends Partial<Omit<Marked, 'coverage' | 'hint'>> {
	removalArea: RemovalArea;
	warning?: string;
}

/** PicWish documentation: "The removal area should not exceed 50% of the source image." */
const RECOMMENDED_SHARE = 0.5;

/** An area that is read only when its item is processed. */
const NOT_READ_YET: ItemArea = {
	removalArea: { sentAs: null, shapes: null, labels: [], coverage: null },
};

export interface AreaReader extends Item {
	image: Image;
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
export async function readArea(item: Item, image: Image, drawing: Drawing): Promise<ItemArea> {
	const { values } = item;
	const form = choice(values, 'removalArea', ['rectangles', 'detections', 'maskBinary', 'maskUrl']);
	if (form === 'maskUrl') return readMaskUrl(values('maskUrl'), drawing);
	const growBy = Math.ceil(numberIn(values, 'growArea'));
	const coordinates = choice(values, 'coordinates', ['shown', 'stored']);
	const reader = { ...item, image, coordinates, growBy, drawing };
	if (form === 'rectangles') return await readTyped(reader);
	if (form === 'detections') return await readFound(reader);
	if (drawing === 'none') return NOT_READ_YET;
	return toItemArea(await readMask(reader, await image.readHead()), null);
}

async function readTyped(reader: AreaReader): Promise<ItemArea> {
	const { values, image, coordinates, growBy, drawing } = reader;
	const field = labelOf('rectangles');
	const value = values('rectangles.rectangle') || [];
	const unit = choice(values, 'rectangleUnit', UNITS);
	const measuredFrom = choice(values, 'measuredFrom', CORNERS);
	const settings = { unit, measuredFrom, field };
	const isDrawn = drawing === 'preview' || (Array.isArray(value) && value.length > MAX_RECTANGLES);
	const isMeasured = isDrawn || growBy > 0 || needsSize(settings);
	if (isMeasured && drawing === 'none' && !image.headRead) return NOT_READ_YET;
	const frame = frameOf(isMeasured ? await image.readHead() : image.headRead, coordinates);
	if (isDrawn) sizeOf(frame, field);
	const { shapes, hints } = readRectangles(value, settings, frame.size);
	const marked = await markShapes(shapes, { name: field, frame, growBy, drawing });
	return toItemArea(marked, shapes.length, [], hints);
}

async function readFound(reader: AreaReader): Promise<ItemArea> {
	const { values, image, coordinates, growBy, drawing } = reader;
	if (drawing === 'none' && !image.headRead) return NOT_READ_YET;
	const name = labelOf('detections');
	const head = await image.readHead();
	const frame = frameOf(head, coordinates);
	const settings = {
		field: name,
		otherwise: otherwise(head, coordinates, image.binary !== undefined),
		boxFormat: choice(values, 'boxFormat', BOX_FORMATS),
		unit: choice(values, 'rectangleUnit', UNITS),
		onlyLabels: labelsIn(values),
		minConfidence: minConfidenceIn(values),
	};
	const size = sizeOf(frame, name);
	const answer = readDetections(values('detections'), settings, size);
	const { shapes, labels, found } = answer;
	if (shapes.length > 0) {
		const marked = await markShapes(shapes, { name, frame, growBy, drawing });
		return toItemArea(marked, shapes.length, labels);
	}
	if (drawing !== 'preview') checkMayFindNothing(values, name, found);
	const isLabelMissing = answer.noLabels && settings.onlyLabels.some((label) => label !== '');
	return {
		removalArea: { sentAs: null, shapes: 0, labels: [], coverage: 0 },
		preview: drawing === 'preview' ? await emptyPreview(size) : undefined,
		warning: isLabelMissing
			? `${found} found, but nothing is removed: Only Labels is set, and none has a label`
			: undefined,
	};
}

/** Comma-separated; also a list, or a list as text, from expressions and agents. */
function labelsIn(values: Values): string[] {
	const name = 'onlyLabels';
	const labels = [values(name)].flat().flatMap((one) => text(() => one, name).split(','));
	return labels.map((label) => label.replace(/^[\s["']+|[\s\]"']+$/g, ''));
}

/** The image size under the other choice of Coordinates, with advice on how to switch. */
function otherwise(head: Head, coordinates: 'shown' | 'stored', isBinary: boolean) {
	const { size } = frameOf(head, coordinates === 'shown' ? 'stored' : 'shown');
	const set = `Set Coordinates in the options to ${coordinates === 'shown' ? 'As Stored' : 'As Shown'}.`;
	const advice = isBinary
		? set
		: `Download the image with an HTTP Request node first, and use the binary field. ${set}`;
	return size && { size, advice };
}

function minConfidenceIn(values: Values): number {
	const percent = numberIn(values, 'minConfidence');
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
	return { area: { mask }, removalArea, identity: mask, isStored: false };
}

function checkMayFindNothing(values: Values, field: string, found: number): void {
	if (choice(values, 'nothingFound', ['passThrough', 'error']) === 'passThrough') return;
	throw invalidInput(
		found === 0
			? `${field}: nothing was found in the image`
			: `${field}: ${found} found, but none that Only Labels and Min Confidence allow`,
		'To output such images unchanged, set Nothing Found to Pass Image Through in the options.',
	);
}

function toItemArea(
	{ coverage, hint, ...marked }: Marked,
	shapes: number | null,
	labels: string[] = [],
	hints: string[] = [],
): ItemArea {
	const large =
		coverage !== null &&
		coverage > RECOMMENDED_SHARE &&
		`the removal area covers ${Math.round(coverage * 100)} % of the image; PicWish recommends at most ${RECOMMENDED_SHARE * 100} %`;
	const sentAs = 'mask' in marked.area ? 'mask' : 'rectangles';
	const warning = [large, ...hints, hint].filter(Boolean).join('; ') || undefined;
	return { ...marked, removalArea: { sentAs, shapes, labels, coverage }, warning };
}

function sizeOf({ size }: Frame, field: string) {
	if (size) return size;
	throw invalidInput(
		`${field}: the size of the image is needed, but its header does not contain it`,
		'Convert the image first, for example with the Edit Image node (Format: JPEG), or give rectangles in pixels.',
	);
}
