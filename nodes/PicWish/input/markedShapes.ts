// Shapes on an image → what is sent for them: rectangles, or a drawn mask.

import { createHash } from 'crypto';
import type { TaskOrder } from '../api/order';
import { MAX_RECTANGLES } from '../api/tasks';
import { emptyBitmap } from '../area/bitmap';
import { maskFromShapes } from '../area/mask';
import { oneAtATime } from '../area/oneAtATime';
import { coveredShare, planArea } from '../area/pixels';
import { writePng } from '../area/pngWriter';
import type { Shape } from '../area/shapes';
import { invalidInput } from '../errors';
import { shownSize, toStored } from '../picture/orientation';
import { inOnePiece, type Picture, type PixelSize } from '../picture/picture';
import type { ImageHead } from './imageSource';

/** The coordinate system of an area: the image as shown, or as stored. */
export interface Frame {
	/** In these coordinates; undefined if not known. */
	size: PixelSize | undefined;
	/** The EXIF orientation between these coordinates and the stored pixels; 1 = none. */
	orientation: number;
	stored: PixelSize | undefined;
}

/** The marked area, ready to be sent. */
export interface Marked {
	area: NonNullable<TaskOrder['area']>;
	/** A black and white PNG in the area's coordinates; only if requested. */
	preview?: Buffer;
	/** Share of the image, 0…1; null if not known. */
	coverage: number | null;
	/** Identifies a mask; rectangles identify themselves. */
	maskId?: string;
	isStored: boolean;
	hints: string[];
}

/** When to draw a mask: always (`preview`), if one must be sent, or never, to check the rest. */
export type Drawing = 'preview' | 'asNeeded' | 'none';

/** @param coordinates whether areas refer to the image as shown or as stored */
export function frameOf(head: ImageHead | undefined, coordinates: 'shown' | 'stored'): Frame {
	const orientation = coordinates === 'shown' ? (head?.orientation ?? 1) : 1;
	const stored = head?.size;
	return { stored, orientation, size: stored && shownSize(stored, orientation) };
}

/**
 * Sends rectangles, in stored pixels, if PicWish accepts that many; draws everything else as a mask.
 *
 * @throws PicWishError INVALID_INPUT if a mask would be empty, or everything is marked
 */
export async function markShapes(
	shapes: readonly Shape[],
	{
		name,
		frame,
		growBy,
		drawing,
	}: { name: string; frame: Frame; growBy: number; drawing: Drawing },
): Promise<Marked> {
	const { size, orientation, stored } = frame;
	const preview = drawing === 'preview';
	if (preview && size && shapes.length === 0) {
		const png = await oneAtATime(async () => await writePng(emptyBitmap(size)));
		return { area: { mask: drawnMask(png) }, preview: png, coverage: 0, isStored: true, hints: [] };
	}
	const plan = planArea(shapes, size, growBy);
	if (plan.sendAs === 'rectangles') {
		const rectangles = plan.rectangles.map((box) =>
			stored ? toStored(box, orientation, stored) : box,
		);
		const coverage = size ? coveredShare(plan.rectangles, size) : null;
		if (coverage === 1) throw everything(name, growBy);
		const isStored = stored !== undefined || orientation === 1;
		const drawn = preview && size ? await draw(shapes, name, size, growBy) : undefined;
		return { area: { rectangles }, preview: drawn?.png, coverage, isStored, hints: [] };
	}
	if (!size) {
		throw invalidInput(
			`${name}: more than ${MAX_RECTANGLES} rectangles need the size of the image, which is not known`,
			'Give fewer rectangles, or a mask.',
		);
	}
	if (drawing === 'none') {
		return { area: { rectangles: [] }, coverage: null, isStored: true, hints: [] };
	}
	const turn = preview ? 1 : orientation;
	const { png, coverage } = await draw(plan.shapes, name, size, growBy, turn);
	return {
		area: { mask: drawnMask(png) },
		preview: preview ? png : undefined,
		coverage,
		maskId: createHash('sha256').update(png).digest('hex'),
		isStored: true,
		hints: [],
	};
}

async function draw(
	shapes: readonly Shape[],
	name: string,
	size: PixelSize,
	growBy: number,
	orientation = 1,
) {
	return await maskFromShapes(shapes, { name, size, growBy, orientation });
}

/** A drawn mask as a picture to upload. */
export function drawnMask(png: Buffer): Picture {
	return {
		fileName: 'mask.png',
		mimeType: 'image/png',
		bytes: png.length,
		content: { name: 'PNG', format: 'png' },
		size: undefined,
		orientation: 1,
		open: async () => await Promise.resolve(inOnePiece(png)),
	};
}

function everything(name: string, growBy: number) {
	return invalidInput(
		`${name}: the whole image is marked${growBy > 0 ? ` when grown by ${growBy} pixels` : ''}`,
		growBy > 0 ? 'Set Grow Area to a smaller number.' : 'Mark only what you want to remove.',
	);
}
