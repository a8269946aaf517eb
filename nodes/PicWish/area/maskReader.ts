// A mask file → a bitmap, and the shares of its pixels by kind.

import type { PixelSize } from '../picture/picture';
import { type Bitmap, emptyBitmap, MARKED } from './bitmap';
import { readPng } from './pngReader';

/** Which pixels mark what to remove. */
export type MaskMarks = 'white' | 'black' | 'transparent' | 'painted';

/** Editors may round full opacity down a little; a public client of this API uses the same limit. */
const LEAST_OPAQUE = 250;
/** A soft eraser leaves traces up to this alpha; they do not count as painted. */
const MOST_ERASED = 5;
/** Luminance, 0…255, from which a pixel is white. */
const HALF = 128;

type Test = (alpha: number, luminance: number) => boolean;
/** Traits of a pixel: the marks it counts as (the four overlap), and what describes the file. */
const IS: Record<MaskMarks | 'midGrey' | 'opaque', Test> = {
	white: (alpha, luminance) => alpha >= LEAST_OPAQUE && luminance >= HALF,
	black: (alpha, luminance) => alpha >= LEAST_OPAQUE && luminance < HALF,
	transparent: (alpha) => alpha < LEAST_OPAQUE,
	painted: (alpha) => alpha > MOST_ERASED,
	/** Neither nearly white nor nearly black. */
	midGrey: (alpha, luminance) => alpha > MOST_ERASED && luminance >= 32 && luminance <= 223,
	opaque: (alpha) => alpha === 255,
};
type Trait = keyof typeof IS;
const TRAITS = Object.keys(IS) as Trait[];

/** The bit of a trait in {@link traitsTable}. */
const bitOf = (trait: Trait) => 1 << TRAITS.indexOf(trait);

let table: Uint8Array | undefined;

/**
 * By tone (alpha × 256 + luminance): the bits of all traits of such a pixel. Built for the first mask:
 * at start-up it would take half of the package's load time.
 */
function traitsTable(): Uint8Array {
	table ??= Uint8Array.from({ length: 65_536 }, (_, tone) =>
		TRAITS.reduce(
			(bits, trait) => (IS[trait](tone >> 8, tone & 255) ? bits | bitOf(trait) : bits),
			0,
		),
	);
	return table;
}

/** Whether alpha alone decides what is marked. */
export const isByAlpha = (marks: MaskMarks) => marks === 'transparent' || marks === 'painted';

/** Shares of all pixels, 0…1; midGrey is a share of the visible ones. */
export type MaskShares = Record<Trait, number>;

/**
 * Reads what a PNG marks, at its own size. If alpha alone decides that, the shares of white, black and
 * mid-grey may be wrong.
 *
 * @param name the field and the file, for messages
 * @param check called with the size before pixels are read
 * @throws PicWishError INVALID_INPUT if the file is no PNG, too large, damaged or unreadable
 */
export async function readMarks(
	source: AsyncIterable<Uint8Array>,
	name: string,
	marks: MaskMarks,
	check?: (size: PixelSize) => void,
): Promise<{ bitmap: Bitmap; shares: MaskShares }> {
	const traitsOf = traitsTable();
	const isMarked = bitOf(marks);
	const valueOf = Uint8Array.from({ length: 256 }, (_, traits) => (traits & isMarked ? MARKED : 0));
	/** Number of pixels by combination of traits. */
	const counts = new Uint32Array(256);
	let bitmap = emptyBitmap({ width: 0, height: 0 });
	await readPng(source, name, isByAlpha(marks), (size) => {
		check?.(size);
		bitmap = emptyBitmap(size);
		const { pixels } = bitmap;
		return ({ tones, count, y, x, step }) => {
			for (let i = 0, at = y * size.width + x; i < count; i++, at += step) {
				const traits = traitsOf[tones[i]!]!;
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
