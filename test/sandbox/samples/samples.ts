/** A rectangle in pixels from the picture's upper left corner, as the API takes it. */
export interface Area {
	x: number;
	y: number;
	width: number;
	height: number;
}

/** Width and height of every sample picture, in pixels. */
export const sampleSize = { width: 1200, height: 800 };

/** The middles of the watermark's words, printed all over as picture agencies do it. */
export const markedAt = [
	{ x: 190, y: 130 },
	{ x: 590, y: 120 },
	{ x: 1000, y: 150 },
	{ x: 230, y: 385 },
	{ x: 604, y: 455 },
	{ x: 1010, y: 400 },
	{ x: 640, y: 735 },
	{ x: 1045, y: 580 },
];

/** The sample pictures beside this file, made by `make.ts`; the sandbox serves them by name. */
export const samples = {
	/** A product picture with a half-transparent white watermark; JPEG. */
	watermarked: {
		file: 'mug-watermarked.jpg',
		/** Each holds one word of the watermark. */
		areas: markedAt.map(({ x, y }): Area => ({ x: x - 128, y: y - 64, width: 256, height: 128 })),
	},
	/** A listing picture with things that do not belong there; PNG. */
	untidy: {
		file: 'desk-with-sticker.png',
		/** A note on the wall and a price sticker on the door. */
		areas: [
			{ x: 526, y: 120, width: 154, height: 158 },
			{ x: 799, y: 490, width: 136, height: 136 },
		] satisfies Area[],
	},
	/** White on the note, the sticker, a charger and its outlet in the untidy picture; PNG. */
	mask: { file: 'desk-with-sticker-mask.png' },
};
