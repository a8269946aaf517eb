/** A rectangle in pixels from the picture's upper left corner, as the API takes it. */
export interface Area {
	x: number;
	y: number;
	width: number;
	height: number;
}

/** Width and height of every sample picture, in pixels. */
export const sampleSize = { width: 1200, height: 800 };

/** The sample pictures beside this file, made by `make.ts`; the sandbox serves them by name. */
export const samples = {
	/** A product picture with a half-transparent white watermark; JPEG. */
	watermarked: {
		file: 'mug-watermarked.jpg',
		/** Holds every stroke of the watermark. */
		area: { x: 160, y: 225, width: 890, height: 340 },
	},
	/** A listing picture with things that do not belong there; PNG. */
	untidy: {
		file: 'desk-with-sticker.png',
		note: { x: 526, y: 120, width: 154, height: 158 },
		sticker: { x: 799, y: 490, width: 136, height: 136 },
	},
	/** White on the note, the sticker, the cable and its outlet of the untidy picture; PNG. */
	mask: { file: 'desk-with-sticker-mask.png' },
} satisfies Record<string, { file: string; [part: string]: string | Area }>;
