// A mask in a binary field: checked, and redrawn if PicWish could not use it unchanged.

import { hasShapeOf, maskFromFile, type MaskFileOrder } from '../area/mask';
import { invalidInput } from '../errors';
import { shownSize } from '../picture/orientation';
import type { Picture } from '../picture/picture';
import { choice, labelOf } from './fields';
import type { Head } from '../picture/head';
import { binaryPicture } from './imageSource';
import { drawnMask, frameOf, type Marked } from './markedShapes';
import type { AreaReader } from './removalArea';

const FIELD = {
	parameter: 'maskBinaryPropertyName',
	otherwise: 'Or set Removal Area to Mask (URL).',
};

/**
 * @param head the image's header, not the mask's
 * @throws PicWishError INVALID_INPUT for a mask that PicWish would accept and charge, but not use
 */
export async function readMask(reader: AreaReader, head: Head): Promise<Marked> {
	const { values, coordinates, growBy, drawing } = reader;
	const { picture, fileName, identity } = await binaryPicture(reader, FIELD, 'removeObjects');
	const marks = choice(values, 'maskMarks', ['white', 'black', 'transparent', 'painted']);
	const name = `${labelOf(FIELD.parameter)}: ${fileName}`;
	const frame = frameOf(head, coordinatesOf(picture, name, head, coordinates));
	const isPreview = drawing === 'preview';
	const order: MaskFileOrder = {
		name,
		size: frame.size,
		growBy,
		orientation: isPreview ? 1 : frame.orientation,
		marks,
		redraw: isPreview || picture.orientation !== 1,
	};
	const marked = { identity: `${identity} ${marks} ${growBy}`, isStored: true };
	if (picture.content?.format !== 'png') {
		checkUsable(picture, order, isPreview);
		return { ...marked, area: { mask: picture }, coverage: null };
	}
	const { png, coverage, hint } = await maskFromFile(picture.open, order);
	const preview = isPreview ? png : undefined;
	return { ...marked, area: { mask: png ? drawnMask(png) : picture }, preview, coverage, hint };
}

/** Refuses a mask of a format that the node does not decode, if it would have to be changed. */
function checkUsable(
	{ size: own, content }: Picture,
	{ name, marks, size, orientation, growBy }: MaskFileOrder,
	isPreview: boolean,
): void {
	const isSame = !size || !own || (own.width === size.width && own.height === size.height);
	const why = isPreview
		? 'be previewed'
		: marks !== 'white'
			? `mark in ${marks === 'black' ? 'black' : 'transparency'}`
			: growBy > 0
				? 'be grown'
				: !isSame
					? 'have another size than the image'
					: orientation !== 1
						? 'be rotated with the photo'
						: undefined;
	if (why === undefined) return;
	throw invalidInput(
		`${name}: only a PNG mask can ${why}; this file is ${content?.name ?? 'of an unknown format'}`,
		'Convert the mask first, for example with the Edit Image node (Format: PNG).',
	);
}

/**
 * How the mask lies on the image. For a photo stored rotated it may have the shape as shown or as
 * stored; if it fits both, `coordinates` decides. A mask with its own EXIF orientation must have the
 * photo's, because any other is ambiguous.
 *
 * @throws PicWishError INVALID_INPUT
 */
function coordinatesOf(
	{ size: mask, orientation: own }: Picture,
	name: string,
	{ size: stored, orientation }: Head,
	coordinates: 'shown' | 'stored',
): 'shown' | 'stored' {
	if (own !== 1 && own !== orientation) {
		throw invalidInput(
			`${name}: the mask is stored rotated (EXIF orientation ${own}), the image ${orientation === 1 ? 'is not' : `in another way (${orientation})`}`,
			'Save the mask as it is seen, without an EXIF orientation.',
		);
	}
	if (own !== 1 || !stored || orientation === 1) return 'stored';
	const fitsShown = !mask || hasShapeOf(mask, shownSize(stored, orientation));
	const fitsStored = !mask || hasShapeOf(mask, stored);
	return fitsShown && (coordinates === 'shown' || !fitsStored) ? 'shown' : 'stored';
}
