// Detections (JSON): a detection step's answer → shapes in pixels of the image.

import { invalidInput } from '../errors';
import type { PixelSize } from '../picture/picture';
import { isNothing } from '../untrusted';
import { AnswerReader, type Mark } from './answer';
import { inOneUnit, type Measured } from './answerUnits';
import type { Confidence } from './context';
import { BOX_LIST, BOXES } from './detectors';
import { hasShapeOf } from './mask';
import { shownKeys } from './objectMarks';
import { isOutside } from './pixels';
import type { Box, Point, Shape } from './shapes';
import { pixelsPerUnit, type Unit } from './units';

export const BOX_FORMATS = ['auto', 'corners', 'cornersYFirst', 'sizes', 'centers'] as const;

export interface DetectionSettings {
	/** How to read lists of four numbers, and x, y, width and height. Clearer keys take precedence. */
	boxFormat: (typeof BOX_FORMATS)[number];
	/** Unit of the boxes that `boxFormat` reads; ignored under `auto`. */
	unit: Unit;
	/** Case-insensitive; empty = all. */
	onlyLabels: readonly string[];
	/** Percent, 0…100. A mark without a confidence always passes. */
	minConfidence: number;
	/** The image's size under the other choice of Coordinates, and how to choose that. */
	otherwise?: { size: PixelSize; advice: string };
	/** Display name of the parameter, for messages. */
	field: string;
}

interface Detections {
	shapes: Shape[];
	/** Distinct labels of the shapes, in order of appearance. */
	labels: string[];
	/** Shapes in the answer, before filtering by label and confidence. */
	found: number;
	/** No shape is left, and none in the answer has a label. */
	noLabels?: boolean;
}

/** Confidences above this are percentages; a 1 with a rounding error is not. */
const SURE = 1.001;
/** Tolerance in percent: 0.57 × 100 is 56.99999999999999. */
const HAIR = 1e-9;

/**
 * Reads a list of rectangles, or the answer of a detector or language model: an object, a list or text.
 * No shapes means that nothing was found, or nothing of these labels and this confidence.
 *
 * @throws PicWishError INVALID_INPUT if the answer cannot be read or lies outside the image
 */
export function readDetections(
	value: unknown,
	settings: DetectionSettings,
	size: PixelSize,
): Detections {
	const { field } = settings;
	if (isNothing(value)) {
		throw invalidInput(
			`${field}: the expression gave nothing`,
			'Check that the detection step has run, and that the expression names its output.',
		);
	}
	const marks = new AnswerReader(field).read(value);
	const measured = inOneUnit(chosen(marks, settings), field);
	const wanted = wantedOf(measured, settings);
	checkFrames(wanted, settings, size);
	const shapes: Shape[] = [];
	const labels = new Set<string>();
	for (const mark of wanted) {
		const shape = toShape(mark, size);
		if (isOutside(shape, size)) continue;
		shapes.push(shape);
		if (mark.context.label !== undefined) labels.add(mark.context.label);
	}
	if (wanted.length > 0 && shapes.length === 0) {
		throw invalidInput(
			`${field}: all boxes lie outside the image, which has ${size.width} × ${size.height} pixels, or have no area`,
			'Check that the boxes belong to this image, and that Unit and Box Format are right.',
		);
	}
	const found = measured.length;
	const hasLabels = measured.some(({ context }) => context.label !== undefined);
	const noLabels = shapes.length === 0 && found > 0 && !hasLabels;
	return { shapes, labels: [...labels], found, ...(noLabels && { noLabels }) };
}

/** Applies Box Format and Unit to plain boxes; drops unlikely ones if there are others. */
function chosen(marks: Mark[], { boxFormat, unit, field }: DetectionSettings): Measured[] {
	// A list of four numbers may be no box: under other keys it counts only if nothing else is found.
	const isBox = ({ form, key = '' }: Mark) => form !== 'list' || key === '' || BOX_LIST.test(key);
	const sure = marks.filter(isBox);
	return (sure.length > 0 ? sure : marks).map((mark): Measured => {
		const { form, numbers, key } = mark;
		if (form !== 'sides' && form !== 'list') return { ...mark, form };
		if (boxFormat === 'auto' && form === 'sides') return { ...mark, form: 'sizes' };
		if (boxFormat === 'auto') {
			throw invalidInput(
				`${field}: a box is a plain list of four numbers (${numbers.join(', ')})${key ? ` in ${shownKeys([key])}` : ''}; it has no x, y, width, height that would say what they mean`,
				'Choose in Box Format whether they are corners, sizes or centers, and set Unit.',
			);
		}
		if (form === 'sides' && boxFormat !== 'sizes' && boxFormat !== 'centers') {
			throw invalidInput(
				`${field}: the boxes have x, y, width and height, which cannot be corners`,
				'Set Box Format to Automatic, Top Left and Size, or Center and Size.',
			);
		}
		return { ...mark, form: boxFormat, unit, isChosen: true };
	});
}

/** If an answer states the image's size, it also shows whether the detector rotated the image. */
function checkFrames(marks: Mark[], settings: DetectionSettings, size: PixelSize): void {
	const { otherwise, field } = settings;
	if (!otherwise) return;
	const frame = marks
		.map(({ context }) => context.frame)
		.find((each) => each && !hasShapeOf(each, size) && hasShapeOf(each, otherwise.size));
	if (!frame) return;
	throw invalidInput(
		`${field}: the boxes refer to an image of ${frame.width} × ${frame.height} pixels; the photo is stored rotated, and is read as ${size.width} × ${size.height}`,
		otherwise.advice,
	);
}

function wantedOf(marks: Measured[], { onlyLabels, minConfidence }: DetectionSettings) {
	const names = new Set(onlyLabels.map(plain).filter((name) => name !== ''));
	const allInPercent = marks.some(
		({ context: { confidence } }) => confidence?.inPercent === false && confidence.value > SURE,
	);
	const percent = ({ value, inPercent }: Confidence) =>
		inPercent || allInPercent ? value : value * 100;
	return marks.filter(
		({ context: { label, confidence } }) =>
			(names.size === 0 || (label !== undefined && names.has(plain(label)))) &&
			(confidence === undefined || percent(confidence) >= minConfidence - HAIR),
	);
}

const plain = (label: string) => label.trim().toLowerCase();

function toShape(mark: Measured, size: PixelSize): Shape {
	const { form, numbers, unit, context, rotation, png } = mark;
	const scale = pixelsPerUnit(unit, size, context.frame);
	if (form === 'outline') {
		const points: Point[] = [];
		for (let i = 0; i + 1 < numbers.length; i += 2) {
			points.push({ x: numbers[i]! * scale.x, y: numbers[i + 1]! * scale.y });
		}
		return { kind: 'outline', points };
	}
	const [a = 0, b = 0, c = 0, d = 0] = numbers;
	const { left, top, right, bottom } = BOXES[form](a, b, c, d);
	const box = {
		left: Math.min(left, right) * scale.x,
		top: Math.min(top, bottom) * scale.y,
		right: Math.max(left, right) * scale.x,
		bottom: Math.max(top, bottom) * scale.y,
	};
	if (png && numbers.length > 0) return { kind: 'mask', png, ...box };
	if (png) return { kind: 'mask', png, left: 0, top: 0, right: size.width, bottom: size.height };
	return rotation ? { kind: 'outline', points: turned(box, rotation) } : { kind: 'box', ...box };
}

/** Label Studio rotates boxes clockwise around their top left corner. */
function turned({ left, top, right, bottom }: Box, degrees: number): Point[] {
	const angle = (degrees * Math.PI) / 180;
	const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
	const at = (x: number, y: number) => ({
		x: left + x * cos - y * sin,
		y: top + x * sin + y * cos,
	});
	const [width, height] = [right - left, bottom - top];
	return [at(0, 0), at(width, 0), at(width, height), at(0, height)];
}
