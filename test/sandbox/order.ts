import type { StoredFile } from './fileStore';
import type { Form, Refusal } from './multipart';
import { type ExifOrientation, type PictureSize, formatOf, sizeOf } from './pictureFile';
import {
	MAX_RECTANGLES,
	type PixelRectangle,
	type TaskType,
	type TaskTypeRules,
	taskTypes,
} from './taskTypes';

export type PictureInput = { file: StoredFile; size?: PictureSize } | { url: string };

/** A create that was accepted. */
export interface TaskOrder {
	taskType: TaskType;
	source: PictureInput;
	/** Undefined for the removal of watermarks. */
	area?: { mask: PictureInput } | { rectangles: PixelRectangle[] };
	sync: boolean;
	/** 1 = URL, 2 = base64. */
	returnType: 1 | 2;
}

class RefusedError extends Error {}

/** Checks everything that the service can check before it creates a task. */
export async function readOrder(
	taskType: TaskType,
	form: Form,
	exifOrientation: ExifOrientation,
): Promise<TaskOrder | Refusal> {
	return form.refusal ?? (await checkForm(taskType, form, exifOrientation).catch(toRefusal));
}

function toRefusal(error: unknown): Refusal {
	if (error instanceof RefusedError) return { status: 400, message: error.message };
	throw error;
}

async function checkForm(
	taskType: TaskType,
	form: Form,
	exifOrientation: ExifOrientation,
): Promise<TaskOrder> {
	const rules = taskTypes[taskType];
	const sync = choice(form, 'sync', ['0', '1']) === '1';
	const returnType = choice(form, 'return_type', ['1', '2']) === '2' ? 2 : 1;
	const read = async (name: string) => await readPicture(form, name, rules, exifOrientation);
	const source = await readSource(form, rules, read);
	const area = rules.needsArea ? await readArea(form, read) : undefined;
	if (area && 'rectangles' in area && 'file' in source) {
		checkInside(area.rectangles, source.size);
	}
	return { taskType, source, area, sync, returnType };
}

function choice(form: Form, name: string, allowed: string[]): string | undefined {
	const value = form.fields[name];
	if (value !== undefined && !allowed.includes(value)) {
		throw new RefusedError(`${name} must be ${allowed.join(' or ')}`);
	}
	return value;
}

/** The name of the one parameter that was given. */
function exactlyOne(form: Form, names: string[]): string {
	const given = names.filter((name) => name in form.fields || name in form.files);
	const [only] = given;
	if (only === undefined) throw new RefusedError(`One of ${names.join(', ')} is required`);
	if (given.length > 1) throw new RefusedError(`Only one of ${given.join(', ')} may be given`);
	return only;
}

type ReadPicture = (name: string) => Promise<PictureInput>;

async function readSource(
	form: Form,
	rules: TaskTypeRules,
	read: ReadPicture,
): Promise<PictureInput> {
	const name = exactlyOne(form, [rules.sourceUrlField, rules.sourceFileField]);
	const picture = await read(name);
	if ('file' in picture && picture.size) {
		const problem = sizeProblem(picture.size, rules);
		if (problem) throw new RefusedError(`${name}: ${problem}`);
	}
	return picture;
}

async function readArea(form: Form, read: ReadPicture): Promise<TaskOrder['area']> {
	const name = exactlyOne(form, ['mask_url', 'mask_file', 'rectangles']);
	if (name === 'rectangles') return { rectangles: parseRectangles(form.fields[name] ?? '') };
	return { mask: await read(name) };
}

async function readPicture(
	form: Form,
	name: string,
	rules: TaskTypeRules,
	exifOrientation: ExifOrientation,
): Promise<PictureInput> {
	const file = form.files[name];
	if (!file) return { url: checkedUrl(name, form.fields[name] ?? '') };
	const problem = formatProblem(file, rules);
	if (problem) throw new RefusedError(`${name}: ${problem}`);
	return { file, size: await sizeOf(file, exifOrientation) };
}

/** "Follow URL encoding standards": nothing but visible ASCII, http or https. */
function checkedUrl(name: string, text: string): string {
	const url = /^[\x21-\x7e]+$/.test(text) && URL.canParse(text) ? new URL(text) : undefined;
	if (!url || !['http:', 'https:'].includes(url.protocol)) {
		throw new RefusedError(`${name} is not a valid http or https URL`);
	}
	return text;
}

export function formatProblem(file: StoredFile, rules: TaskTypeRules): string | undefined {
	const format = formatOf(file.head);
	if (format && rules.formats.includes(format)) return undefined;
	return `the format is not supported, only ${rules.formats.join(', ')}`;
}

export function sizeProblem(size: PictureSize, rules: TaskTypeRules): string | undefined {
	const { minSidePx: min, maxSidePx: max } = rules;
	if ([size.width, size.height].every((side) => side >= min && side <= max)) return undefined;
	return `${size.width} × ${size.height} pixels; each side must have ${min} to ${max}`;
}

const RECTANGLE_KEYS = 'height,width,x,y';

function parseRectangles(text: string): PixelRectangle[] {
	const list = parseJson(text);
	if (!Array.isArray(list) || list.length === 0) {
		throw new RefusedError('rectangles must be a JSON array with at least one rectangle');
	}
	if (list.length > MAX_RECTANGLES) {
		throw new RefusedError(`rectangles: ${list.length} given, at most ${MAX_RECTANGLES} allowed`);
	}
	return list.map((entry: unknown, index) => {
		if (!isRectangle(entry)) {
			throw new RefusedError(
				`rectangles[${index}] must be {x, y, width, height}, whole and not negative, with an area`,
			);
		}
		return entry;
	});
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function isRectangle(entry: unknown): entry is PixelRectangle {
	if (typeof entry !== 'object' || entry === null) return false;
	if (Object.keys(entry).sort().join() !== RECTANGLE_KEYS) return false;
	const numbers = Object.entries(entry);
	return numbers.every(([key, value]) => {
		const least = key === 'x' || key === 'y' ? 0 : 1;
		return Number.isSafeInteger(value) && value >= least;
	});
}

export function outsideProblem(
	rectangles: PixelRectangle[],
	{ width, height }: PictureSize,
): string | undefined {
	const index = rectangles.findIndex((r) => r.x + r.width > width || r.y + r.height > height);
	return index < 0 ? undefined : `rectangles[${index}] reaches outside of the image`;
}

function checkInside(rectangles: PixelRectangle[], size: PictureSize | undefined): void {
	const problem = size && outsideProblem(rectangles, size);
	if (problem) throw new RefusedError(problem);
}
