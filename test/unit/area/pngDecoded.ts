import { readPng } from '../../../nodes/PicWish/area/pngReader';

const MAX_SIDE = 4096;

export interface Decoded {
	width: number;
	height: number;
	/** Of each pixel, alpha × 256 + luminance. */
	tones: number[];
}

/** Also makes sure that every pixel comes exactly once. */
export async function decode(
	source: AsyncIterable<Uint8Array>,
	onlyAlpha = false,
): Promise<Decoded> {
	const read: Decoded = { width: 0, height: 0, tones: [] };
	await readPng(source, 'The Field: a.png', onlyAlpha, ({ width, height }) => {
		if (Math.max(width, height) > MAX_SIDE) throw new Error('too large for this process');
		Object.assign(read, { width, height, tones: new Array(width * height).fill(-1) });
		return ({ tones, count, y, x, step }) => {
			for (let i = 0; i < count; i++) {
				const at = y * width + x + i * step;
				if (x + i * step >= width || read.tones[at] !== -1) throw new Error('a pixel twice');
				read.tones[at] = tones[i]!;
			}
		};
	});
	expect(read.tones).not.toContain(-1);
	return read;
}

/** Of each pixel. */
export const alphasOf = ({ tones }: Decoded) => tones.map((tone) => tone >> 8);
