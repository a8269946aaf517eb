// The mask to send: the user's file, checked and redrawn if needed, or a drawing of shapes.

import { invalidInput, type PicWishError } from '../errors';
import type { PixelSize } from '../picture/picture';
import { type Bitmap, coverageOf, emptyBitmap, grow, toStoredBitmap } from './bitmap';
import { drawShapes, stamp } from './drawing';
import { isByAlpha, type MaskMarks, type MaskShares, readMarks } from './maskReader';
import { giveBytes, oneAtATime } from './oneAtATime';
import { writePng } from './pngWriter';
import type { Shape } from './shapes';

/** What every mask needs, from a file or from shapes. */
interface MaskOrder {
	/** Field and file as the user knows them, e.g. "Mask Binary Field: mask.png"; starts each message. */
	name: string;
	/** The image's size as shown to whoever marked it; undefined = unknown: a mask file keeps its own. */
	size: PixelSize | undefined;
	/** Pixels on every side; 0 = none. */
	growBy: number;
	/** EXIF orientation if marks must be converted from as shown to as stored; otherwise 1. */
	orientation: number;
}

export interface MaskFileOrder extends MaskOrder {
	marks: MaskMarks;
	/** Draw it in black and white even if the file could be sent as it is. */
	redraw: boolean;
}

interface DrawnMask {
	/** Black and white; undefined = send the user's file unchanged. */
	png: Buffer | undefined;
	/** The marked share of the image, above 0 and below 1. */
	coverage: number;
	/** Advice on Mask Marks, if most of the image is marked. */
	hint?: string;
}

/** Mid-grey share. Measured: masks at most 0.3 % (blurred edges), photos at least 80 %. */
const MOST_MID_GREY = 0.2;
/** Relative difference at which proportions still count as equal: editors round. */
const SHAPE_TOLERANCE = 0.01;
/** PicWish recommends marking at most this share; above it, the mask may be inverted. */
const MOST_OF_IT = 0.5;

/**
 * Reads and checks a mask file. It is sent unchanged if it has the image's size, is opaque, marks in
 * white, and needs no growing, turning or redrawing.
 *
 * @param open called (perhaps twice) when it is this mask's turn: no open stream waits in the queue
 * @throws PicWishError INVALID_INPUT if the file cannot be read, marks nothing or everything, is a
 * photo, or has other proportions than the image
 */
export async function maskFromFile(
	open: () => Promise<AsyncIterable<Uint8Array>>,
	order: MaskFileOrder,
): Promise<DrawnMask> {
	const { name, size, growBy, orientation, marks } = order;
	return await oneAtATime(async () => {
		const checkShape = (own: PixelSize) => {
			if (size && !hasShapeOf(own, size)) throw otherShape(name, own, size);
		};
		const readAs = async (one: MaskMarks) => await readMarks(opened(open), name, one, checkShape);
		const { bitmap: read, shares } = await readAs(marks);
		// Reading by alpha skips the colors; they are read only if a message needs them.
		const allShares = async () => (isByAlpha(marks) ? (await readAs('white')).shares : shares);
		await checkMarks(shares, allShares, marks, name);
		const { width, height } = size ?? read;
		const fits = read.width === width && read.height === height;
		const isUnchanged = fits && !(growBy > 0);
		let bitmap = read;
		if (!fits) {
			bitmap = emptyBitmap({ width, height });
			await stamp(bitmap, read, { left: 0, top: 0, right: width, bottom: height });
		}
		await grow(bitmap, growBy);
		const coverage = isUnchanged ? shares[marks] : checkedCoverage(bitmap, order);
		const elsewhere = coverage > MOST_OF_IT ? likelier(await allShares(), marks) : undefined;
		const hint =
			elsewhere &&
			`${elsewhere.seen}; if these are the marks, set Mask Marks to ${elsewhere.choice}`;
		const isClean = marks === 'white' && shares.opaque === 1 && isUnchanged;
		const isSent = isClean && orientation === 1 && !order.redraw;
		const png = isSent ? undefined : await finished(bitmap, orientation);
		giveBytes(bitmap.pixels);
		return { png, coverage, hint };
	});
}

/**
 * Draws shapes as a mask of the image's size.
 *
 * @throws PicWishError INVALID_INPUT if they mark nothing or everything, or a mask among them cannot be
 * read
 */
export async function maskFromShapes(
	shapes: readonly Shape[],
	order: MaskOrder & { size: PixelSize },
): Promise<DrawnMask & { png: Buffer }> {
	return await oneAtATime(async () => {
		const { size, growBy, name, orientation } = order;
		const bitmap = await drawShapes(shapes, size, growBy, name);
		const coverage = checkedCoverage(bitmap, order);
		const png = await finished(bitmap, orientation);
		giveBytes(bitmap.pixels);
		return { png, coverage };
	});
}

/** Turns a failure to open into a failure to read. */
async function* opened(open: () => Promise<AsyncIterable<Uint8Array>>): AsyncGenerator<Uint8Array> {
	yield* await open();
}

async function finished(bitmap: Bitmap, orientation: number): Promise<Buffer> {
	return await writePng(await toStoredBitmap(bitmap, orientation));
}

/** Whether the proportions are equal: within 1 %, or within the rounding of the smaller one's sides. */
export function hasShapeOf(one: PixelSize, other: PixelSize): boolean {
	const [small, large] = one.width < other.width ? [one, other] : [other, one];
	const isNear = (side: number, expected: number) =>
		Math.abs(side - expected) <= Math.max(0.5, expected * SHAPE_TOLERANCE);
	return (
		isNear(small.height, (small.width * large.height) / large.width) ||
		isNear(small.width, (small.height * large.width) / large.height)
	);
}

function otherShape(name: string, mask: PixelSize, image: PixelSize): PicWishError {
	const show = ({ width, height }: PixelSize) => `${width} × ${height}`;
	return invalidInput(
		`${name}: the mask has ${show(mask)} pixels, the image has ${show(image)}`,
		'The mask must have the size of the image, or another size with the same proportions.',
	);
}

/** Refuses what is certainly a mistake, and suggests what marks instead. */
async function checkMarks(
	shares: MaskShares,
	allShares: () => Promise<MaskShares>,
	marks: MaskMarks,
	name: string,
): Promise<void> {
	const seen =
		shares[marks] === 0
			? `marks nothing: no pixel of it is ${marks}`
			: shares[marks] === 1
				? `marks the whole image: every pixel of it is ${marks}`
				: marks === 'white' && shares.midGrey > MOST_MID_GREY
					? `is not a black and white mask: ${percent(shares.midGrey)} of its visible pixels are neither`
					: undefined;
	if (seen === undefined) return;
	const elsewhere = likelier(await allShares(), marks);
	throw elsewhere
		? invalidInput(`${name} ${seen}; ${elsewhere.seen}`, `Set Mask Marks to ${elsewhere.choice}.`)
		: invalidInput(
				`${name} ${seen}`,
				`Use a mask in which only what you want to remove is ${marks}.`,
			);
}

/**
 * What the file more likely marks with, in words and as shown in the form. Marks usually cover less
 * than half, so this is whichever marks less: transparent or painted or, without transparency, white
 * or black.
 */
function likelier(shares: MaskShares, marks: MaskMarks) {
	const pairs: MaskMarks[][] = [['transparent', 'painted']];
	if (shares.midGrey <= MOST_MID_GREY) pairs.push(['white', 'black']);
	const isPossible = (one: MaskMarks) => one !== marks && shares[one] > 0 && shares[one] < 1;
	const [found] = pairs.flatMap((pair) =>
		pair.filter(isPossible).sort((a, b) => shares[a] - shares[b]),
	);
	return (
		found && {
			seen: `${percent(shares[found])} of it is ${found}`,
			choice: found.charAt(0).toUpperCase() + found.slice(1),
		}
	);
}

/** Growing and rounding outwards may leave nothing unmarked. */
function checkedCoverage(bitmap: Bitmap, { name, growBy }: MaskOrder): number {
	const coverage = coverageOf(bitmap);
	if (coverage > 0 && coverage < 1) return coverage;
	const grown = growBy > 0 ? ` when the marks are grown by ${growBy} pixels` : '';
	throw coverage === 0
		? invalidInput(`${name}: nothing is marked`, 'Mark what you want to remove.')
		: invalidInput(
				`${name}: the whole image is marked${grown}`,
				grown ? 'Set Grow Area to a smaller number.' : 'Mark only what you want to remove.',
			);
}

/** Never rounds to 0 or 100 what is between. */
function percent(share: number): string {
	const value = share * 100;
	if (value < 1) return value < 0.1 ? 'less than 0.1 %' : `${value.toFixed(1)} %`;
	return `${value > 99 ? Math.floor(value) : Math.round(value)} %`;
}
