// A mask in a binary field: checked, and redrawn if PicWish could not use it unchanged.

import type { IExecuteFunctions } from 'n8n-workflow';
import { hasShapeOf, maskFromFile } from '../area/mask';
import { aboutFile, invalidInput } from '../errors';
import { plainName } from '../picture/fileName';
import { shownSize } from '../picture/orientation';
import type { Picture, PixelSize } from '../picture/picture';
import { choice, labelOf, parametersOf } from './fields';
import { binaryPicture, type ImageHead } from './imageSource';
import { drawnMask, type Marked } from './markedShapes';
import { checkPicture } from './pictureChecks';

const FIELD = {
	parameter: 'maskBinaryPropertyName',
	otherwise: 'Or set Removal Area to Mask (URL).',
};

const MARKS = ['white', 'black', 'transparent', 'painted'] as const;
type Marks = (typeof MARKS)[number];

interface MaskUse {
	/** The image's header, not the mask's. */
	head: ImageHead;
	coordinates: 'shown' | 'stored';
	growBy: number;
	preview: boolean;
}

interface MaskPlan extends Pick<MaskUse, 'growBy' | 'preview'> {
	/** The field and the file, for messages. */
	name: string;
	marks: Marks;
	/** The required size of the mask; undefined if the image's size is not known. */
	size: PixelSize | undefined;
	/** The EXIF orientation between that size and the stored pixels; 1 = none. */
	orientation: number;
}

/** @throws PicWishError INVALID_INPUT for a mask that PicWish would accept and charge, but not use */
export async function readMask(
	context: IExecuteFunctions,
	itemIndex: number,
	{ head, coordinates, growBy, preview }: MaskUse,
): Promise<Marked> {
	const { picture, identity } = await binaryPicture(context, itemIndex, FIELD, 'removeObjects');
	const fileName = plainName(picture.fileName);
	return await aboutFile(fileName, async () => {
		const label = labelOf(FIELD.parameter);
		checkPicture(picture, 'removeObjects', label);
		const marks = choice(parametersOf(context, itemIndex), 'maskMarks', MARKS);
		const name = `${label}: ${fileName}`;
		const fit = fitOf(picture, name, head, coordinates);
		const plan = { name, marks, growBy, preview, ...fit };
		const isPng = picture.content?.format === 'png';
		const marked = isPng ? await drawn(picture, plan) : asItIs(picture, plan);
		return { ...marked, maskId: `${identity} ${marks} ${growBy}` };
	});
}

async function drawn(picture: Picture, plan: MaskPlan): Promise<Marked> {
	const { name, marks, size, orientation, growBy, preview } = plan;
	const mask = await maskFromFile(async () => await picture.open(), {
		name,
		size,
		growBy,
		orientation: preview ? 1 : orientation,
		marks,
		redraw: preview || picture.orientation !== 1,
	});
	return {
		area: { mask: mask.png ? drawnMask(mask.png) : picture },
		preview: preview ? mask.png : undefined,
		coverage: mask.coverage,
		isStored: true,
		hints: mask.hint ? [mask.hint] : [],
	};
}

/** For formats that the node does not decode: sends the mask unchanged, or fails if it needs changes. */
function asItIs(picture: Picture, plan: MaskPlan): Marked {
	const { name, marks, size, orientation, growBy, preview } = plan;
	const isSame = !size || !picture.size || isSameSize(size, picture.size);
	const why = preview
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
	if (why === undefined) {
		return { area: { mask: picture }, coverage: null, isStored: true, hints: [] };
	}
	const format = picture.content?.name ?? 'of an unknown format';
	throw invalidInput(
		`${name}: only a PNG mask can ${why}; this file is ${format}`,
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
function fitOf(
	{ size: mask, orientation: own }: Picture,
	name: string,
	{ size: stored, orientation }: ImageHead,
	coordinates: 'shown' | 'stored',
): { size: PixelSize | undefined; orientation: number } {
	if (own !== 1 && own !== orientation) {
		throw invalidInput(
			`${name}: the mask is stored rotated (EXIF orientation ${own}), the image ${orientation === 1 ? 'is not' : `in another way (${orientation})`}`,
			'Save the mask as it is seen, without an EXIF orientation.',
		);
	}
	if (own !== 1 || !stored || orientation === 1) return { size: stored, orientation: 1 };
	const shown = shownSize(stored, orientation);
	const fitsShown = !mask || hasShapeOf(mask, shown);
	const fitsStored = !mask || hasShapeOf(mask, stored);
	const isShown = fitsShown && (coordinates === 'shown' || !fitsStored);
	return isShown ? { size: shown, orientation } : { size: stored, orientation: 1 };
}

function isSameSize(a: PixelSize, b: PixelSize): boolean {
	return a.width === b.width && a.height === b.height;
}
