// Shapes on an image → what is sent for them: rectangles, or a drawn mask.

import { createHash } from 'crypto';
import type { TaskOrder } from '../api/order';
import { MAX_RECTANGLES } from '../api/tasks';
import { emptyBitmap } from '../area/bitmap';
import { maskFromShapes } from '../area/mask';
import { oneAtATime } from '../area/oneAtATime';
import { asRectangles, coveredShare } from '../area/pixels';
import { writePng } from '../area/pngWriter';
import type { Shape } from '../area/shapes';
import { invalidInput } from '../errors';
import { shownSize, toStored } from '../picture/orientation';
import { inOnePiece, type Picture, type PixelSize } from '../picture/picture';
import type { Head } from '../picture/head';

/** The marked area, ready to be sent. */
export interface Marked {
	area: NonNullable<TaskOrder['area']>;
	/** The area as a PNG, white on black, in its own coordinates; previewArea only. */
	preview?: Buffer;
	/** Share of the image, 0…1; null if not known. */
	coverage: number | null;
	/** Identifies the area, to recognize the same input in a later try. */
	identity: string;
	/** Whether the area is known to be in pixels of the image as stored, not as shown. */
	isStored: boolean;
	hint?: string;
}

/** When to draw a mask: always (`preview`), if one must be sent, or never, to check the rest. */
export type Drawing = 'preview' | 'asNeeded' | 'none';

/**
 * The coordinate system of an area: the image as shown, or as stored. Its size is undefined if not
 * known; its EXIF orientation relates it to the stored pixels (1 = equal).
 */
export function frameOf(head: Head | undefined, coordinates: 'shown' | 'stored') {
	const orientation = coordinates === 'shown' ? (head?.orientation ?? 1) : 1;
	const stored = head?.size;
	return { stored, orientation, size: stored && shownSize(stored, orientation) };
}
export type Frame = ReturnType<typeof frameOf>;

interface Marking {
	/** The field, for messages. */
	name: string;
	frame: Frame;
	growBy: number;
	drawing: Drawing;
}

/**
 * Sends rectangles, in stored pixels, if PicWish accepts that many; draws everything else as a mask.
 *
 * @throws PicWishError INVALID_INPUT if a mask would be empty, or everything is marked
 */
export async function markShapes(
	shapes: readonly Shape[],
	{ name, frame, growBy, drawing }: Marking,
): Promise<Marked> {
	const { size, orientation, stored } = frame;
	const isPreview = drawing === 'preview';
	const draw = async (of: PixelSize) => {
		const order = { name, size: of, growBy, orientation: isPreview ? 1 : orientation };
		return await maskFromShapes(shapes, order);
	};
	const boxes = asRectangles(shapes, size, growBy);
	if (boxes) {
		const rectangles = stored ? boxes.map((box) => toStored(box, orientation, stored)) : boxes;
		const coverage = size ? coveredShare(boxes, size) : null;
		if (coverage === 1) {
			throw invalidInput(
				`${name}: the whole image is marked${growBy > 0 ? ` when grown by ${growBy} pixels` : ''}`,
				growBy > 0 ? 'Set Grow Area to a smaller number.' : 'Mark only what you want to remove.',
			);
		}
		return {
			area: { rectangles },
			preview: isPreview && size ? (await draw(size)).png : undefined,
			coverage,
			identity: JSON.stringify(rectangles),
			isStored: stored !== undefined || orientation === 1,
		};
	}
	if (!size) {
		throw invalidInput(
			`${name}: more than ${MAX_RECTANGLES} rectangles need the size of the image, which is not known`,
			'Give fewer rectangles, or a mask.',
		);
	}
	if (drawing === 'none') {
		return { area: { rectangles: [] }, coverage: null, identity: '', isStored: true };
	}
	const { png, coverage } = await draw(size);
	return {
		area: { mask: drawnMask(png) },
		preview: isPreview ? png : undefined,
		coverage,
		identity: createHash('sha256').update(png).digest('hex'),
		isStored: true,
	};
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

/** The preview of an image in which nothing is marked. */
export async function emptyPreview(size: PixelSize): Promise<Buffer> {
	return await oneAtATime(async () => await writePng(emptyBitmap(size)));
}
