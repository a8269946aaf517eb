import sharp from 'sharp';
import { shownSize, toStored } from '../../../nodes/PicWish/picture/orientation';

const STORED = { width: 5, height: 3 };
const ORIENTATIONS = [1, 2, 3, 4, 5, 6, 7, 8];

/** Each pixel says by its value where it is stored; sharp turns them as viewers do. */
async function asSeen(orientation: number) {
	const { width, height } = STORED;
	const pixels = Buffer.from(Array.from({ length: width * height }, (_, index) => index));
	const png = await sharp(pixels, { raw: { width, height, channels: 1 } })
		.png()
		.withMetadata({ orientation })
		.toBuffer();
	return await sharp(png)
		.autoOrient()
		.extractChannel(0)
		.raw()
		.toBuffer({ resolveWithObject: true });
}

const BOXES = [
	{ x: 0, y: 0, width: 1, height: 1 },
	{ x: 2, y: 1, width: 1, height: 1 },
	{ x: 1, y: 0, width: 2, height: 3 },
	{ x: 0, y: 0, width: 3, height: 3 },
];

/** The values of the pixels in a box of a picture that is so wide. */
function pixelsIn(data: Uint8Array, columns: number, box: (typeof BOXES)[number]): number[] {
	const rows = Array.from({ length: box.height }, (_, row) => (box.y + row) * columns + box.x);
	return rows.flatMap((start) => [...data.subarray(start, start + box.width)]).sort();
}

test.each(ORIENTATIONS)('orientation %i: boxes are found where they are stored', async (turn) => {
	const { data, info } = await asSeen(turn);
	const seen = shownSize(STORED, turn);
	expect(seen).toEqual({ width: info.width, height: info.height });
	expect(shownSize(seen, turn)).toEqual(STORED);
	const stored = data.map((_, index) => index);
	for (const box of [...BOXES, { x: 0, y: 0, ...seen }]) {
		const inStored = pixelsIn(stored, STORED.width, toStored(box, turn, STORED));
		expect(inStored).toEqual(pixelsIn(data, seen.width, box));
	}
});
