// Marked shapes, before they are rounded, clipped and drawn.

export interface Point {
	x: number;
	y: number;
}

export interface Box {
	left: number;
	top: number;
	right: number;
	bottom: number;
}

/**
 * A marked shape in pixels of the image, from its top left corner. Numbers may be fractions and may
 * lie outside the image.
 */
export type Shape =
	| ({ kind: 'box' } & Box)
	/** Closed, filled by the even-odd rule. */
	| { kind: 'outline'; points: Point[] }
	/** A mask as a PNG file, white = marked, stretched to the box. */
	| ({ kind: 'mask'; png: Uint8Array } & Box);
