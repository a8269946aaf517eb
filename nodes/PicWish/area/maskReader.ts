// A person's mask file → a bitmap, and what there is to know about the file.

import type { PixelSize } from '../picture/picture';
import { type Bitmap, emptyBitmap, MARKED } from './bitmap';
import { readPng } from './pngReader';

/** What a mask marks for removal. */
export type MaskMarks = 'white' | 'black' | 'transparent' | 'painted';

/** Editors may round full opacity down a little; a public client of this API uses the same limit. */
const LEAST_OPAQUE = 250;
/** A soft eraser leaves traces up to this alpha; they do not count as painted. */
const MOST_ERASED = 5;
/** Of luminance, 0 to 255: between white and black. */
const HALF = 128;

/** What may be said of a pixel: by which it marks (the four overlap), and what tells of the file. */
const IS: Record<MaskMarks | 'midGrey' | 'opaque', (alpha: number, luminance: number) => boolean> =
	{
		white: (alpha, luminance) => alpha >= LEAST_OPAQUE && luminance >= HALF,
		black: (alpha, luminance) => alpha >= LEAST_OPAQUE && luminance < HALF,
		transparent: (alpha) => alpha < LEAST_OPAQUE,
		painted: (alpha) => alpha > MOST_ERASED,
		midGrey: (alpha, luminance) => alpha > MOST_ERASED && luminance >= 32 && luminance <= 223,
		opaque: (alpha) => alpha === 255,
	};
type Trait = keyof typeof IS;
const TRAITS = Object.keys(IS) as Trait[];

/** The bit of a trait in {@link TRAITS_OF}. */
const bitOf = (trait: Trait) => 1 << TRAITS.indexOf(trait);

/** By tone (alpha × 256 + luminance): the bits of what is true of such a pixel. */
const TRAITS_OF = Uint8Array.from({ length: 65_536 }, (_, tone) =>
	TRAITS.reduce(
		(bits, trait) => (IS[trait](tone >> 8, tone & 255) ? bits | bitOf(trait) : bits),
		0,
	),
);

/** What is marked depends on alpha alone. */
export const isByAlpha = (marks: MaskMarks) => marks === 'transparent' || marks === 'painted';

/** Parts of all pixels, 0…1. */
export interface MaskShares extends Record<MaskMarks, number> {
	/** Of the visible pixels, those that are neither nearly white nor nearly black. */
	midGrey: number;
	/** With an alpha of exactly 255. */
	opaque: number;
}

/**
 * Reads what a PNG marks, at its own size. Where that is by alpha, the shares of white, black and mid-grey
 * are not known, and may be wrong.
 *
 * @param name the field and the file, for messages
 * @param maxSide pixels that width and height may have
 * @param check called with the size before pixels are read
 * @throws PicWishError INVALID_INPUT when the file is no PNG, too large, damaged or cannot be read
 */
export async function readMarks(
	source: AsyncIterable<Uint8Array>,
	name: string,
	maxSide: number,
	marks: MaskMarks,
	check?: (size: PixelSize) => void,
): Promise<{ bitmap: Bitmap; shares: MaskShares }> {
	const bit = bitOf(marks);
	const valueOf = Uint8Array.from({ length: 256 }, (_, traits) => (traits & bit ? MARKED : 0));
	/** How many pixels have each combination of traits. */
	const counts = new Uint32Array(256);
	let bitmap = emptyBitmap({ width: 0, height: 0 });
	await readPng(source, name, maxSide, isByAlpha(marks), (size) => {
		check?.(size);
		bitmap = emptyBitmap(size);
		const { pixels } = bitmap;
		return ({ tones, count, y, x, step }) => {
			for (let i = 0, at = y * size.width + x; i < count; i++, at += step) {
				const traits = TRAITS_OF[tones[i]!]!;
				pixels[at] = valueOf[traits]!;
				counts[traits]!++;
			}
		};
	});
	return { bitmap, shares: sharesIn(counts) };
}

function sharesIn(counts: Uint32Array): MaskShares {
	const pixels = (trait: Trait) =>
		counts.reduce((sum, count, traits) => (traits & bitOf(trait) ? sum + count : sum), 0);
	const all = counts.reduce((sum, count) => sum + count);
	const shares = TRAITS.map((trait) => [trait, pixels(trait) / all]);
	const midGrey = pixels('midGrey') / Math.max(1, pixels('painted'));
	return { ...(Object.fromEntries(shares) as Record<Trait, number>), midGrey };
}
