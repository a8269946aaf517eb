/* eslint-disable @n8n/community-nodes/no-restricted-imports -- a test makes compressed data */
import fc from 'fast-check';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { alphasOf, type Decoded, decode } from './pngDecoded';
import { chunk, header, inPieces, pngFile, small, type PngSpec, wrapped } from './pngFiles';

const toneOf = (r: number, g: number, b: number, alpha: number) =>
	alpha * 256 + ((r * 77 + g * 150 + b * 29) >> 8);

/** The same by libpng and libvips. */
async function decodeBySharp(file: Buffer): Promise<Decoded> {
	const { data, info } = await sharp(file)
		.toColourspace('srgb')
		.ensureAlpha()
		.raw()
		.toBuffer({ resolveWithObject: true });
	const tones = Array.from({ length: info.width * info.height }, (_, i) =>
		toneOf(data[i * 4]!, data[i * 4 + 1]!, data[i * 4 + 2]!, data[i * 4 + 3]!),
	);
	return { width: info.width, height: info.height, tones };
}

const KINDS: Array<[colorType: number, depth: number]> = [
	[0, 1],
	[0, 2],
	[0, 4],
	[0, 8],
	[0, 16],
	[2, 8],
	[2, 16],
	[3, 1],
	[3, 2],
	[3, 4],
	[3, 8],
	[4, 8],
	[4, 16],
	[6, 8],
	[6, 16],
];
const SAMPLES: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** Any picture of a kind, in any of the ways that a file may hold it. */
function specs(colorType: number, depth: number): fc.Arbitrary<PngSpec> {
	const byte = fc.integer({ min: 0, max: 255 });
	const colors = 2 ** depth;
	return fc
		.record({
			width: fc.integer({ min: 1, max: 20 }),
			height: fc.integer({ min: 1, max: 20 }),
			interlaced: fc.boolean(),
			seed: fc.array(fc.integer({ min: 0, max: colors - 1 }), { minLength: 7, maxLength: 97 }),
			filters: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 9 }),
			idatBytes: fc.integer({ min: 1, max: 300 }),
			palette: fc.array(byte, { minLength: 3 * Math.min(256, colors), maxLength: 768 }),
			alphas: fc.array(byte, { maxLength: Math.min(256, colors) }),
			hasTransparency: fc.boolean(),
		})
		.map(({ seed, filters, palette, alphas, hasTransparency, ...spec }) => {
			const count = SAMPLES[colorType]!;
			const sample = (x: number, y: number, s: number) =>
				seed[(x * 31 + y * 17 + s * 5) % seed.length]!;
			const samples = (x: number, y: number) =>
				Array.from({ length: count }, (_, s) => sample(x, y, s));
			const value = samples(0, 0).flatMap((one) => [one >> 8, one & 255]);
			const transparency = colorType === 3 ? alphas : value;
			return {
				...spec,
				colorType,
				depth,
				samples,
				filter: (row: number) => filters[row % filters.length]!,
				palette: colorType === 3 ? palette.slice(0, 3 * Math.min(256, colors)) : undefined,
				transparency:
					hasTransparency && colorType < 4 && transparency.length > 0 ? transparency : undefined,
			};
		});
}

describe.each(KINDS)('color type %i, %i bits', (colorType, depth) => {
	test('any picture is read as sharp reads it', async () => {
		await fc.assert(
			fc.asyncProperty(
				specs(colorType, depth),
				fc.integer({ min: 1, max: 400 }),
				async (spec, n) => {
					const file = pngFile(spec);
					const expected = await decodeBySharp(file);
					expect(await decode(inPieces(file, n))).toEqual(expected);
					expect(alphasOf(await decode(inPieces(file, n), true))).toEqual(alphasOf(expected));
				},
			),
			{ numRuns: 60 },
		);
	});

	test('without a picture of its own, each pixel is what the samples say', async () => {
		const most = 2 ** depth - 1;
		const sampleAt = (x: number, y: number, s: number) =>
			(x * 7919 + y * 104_729 + s * 1299) & most;
		const count = SAMPLES[colorType]!;
		const grey = (sample: number) => (depth === 16 ? sample >> 8 : (sample * 255) / most);
		const palette = Array.from({ length: 3 * Math.min(256, most + 1) }, (_, i) => (i * 37) & 255);
		const spec: PngSpec = {
			width: 37,
			height: 23,
			colorType,
			depth,
			samples: (x, y) => Array.from({ length: count }, (_, s) => sampleAt(x, y, s)),
			palette: colorType === 3 ? palette : undefined,
		};
		const clear = spec.samples(5, 9);
		if (count % 2 === 1 && colorType !== 3) {
			spec.transparency = clear.flatMap((sample) => [sample >> 8, sample & 255]);
		}
		const expected = Array.from({ length: 37 * 23 }, (_, i) => {
			const samples = spec.samples(i % 37, Math.floor(i / 37));
			const [a = 0, b = 0, c = 0, d = 0] = samples.map(grey);
			const opaque = spec.transparency && samples.join() === clear.join() ? 0 : 255;
			if (colorType === 3) {
				const [red = 0, green = 0, blue = 0] = palette.slice(3 * samples[0]!);
				return toneOf(red, green, blue, 255);
			}
			if (colorType === 0) return toneOf(a, a, a, opaque);
			if (colorType === 4) return toneOf(a, a, a, b);
			return toneOf(a, b, c, colorType === 2 ? opaque : d);
		});
		for (const interlaced of [false, true]) {
			const { tones } = await decode(inPieces(pngFile({ ...spec, interlaced })));
			expect(tones).toEqual(expected);
		}
	});
});

describe('files that sharp writes', () => {
	const noise = Buffer.from(
		Array.from({ length: 90 * 70 * 4 }, (_, i) => ((i * 2654435761) >>> 13) & 255),
	);
	const picture = () => sharp(noise, { raw: { width: 90, height: 70, channels: 4 } });
	test.each([
		['RGB and alpha', () => picture().png()],
		['interlaced', () => picture().png({ progressive: true })],
		['filtered', () => picture().png({ adaptiveFiltering: true })],
		['palette of 16 colors', () => picture().png({ palette: true, colors: 16 })],
		['palette of 2 colors', () => picture().removeAlpha().png({ palette: true, colors: 2 })],
		['16 bits', () => picture().toColourspace('rgb16').png()],
		['grey', () => picture().removeAlpha().greyscale().toColourspace('b-w').png()],
		['grey and alpha', () => picture().greyscale().toColourspace('b-w').png()],
		['grey, 16 bits', () => picture().greyscale().toColourspace('grey16').png()],
	])('%s', async (_, encode) => {
		const file = await encode().toBuffer();
		expect(await decode(inPieces(file, 1000))).toEqual(await decodeBySharp(file));
	});
});

describe('what else a file may hold', () => {
	test('text, profiles, unknown chunks and frames of an animation are passed over', async () => {
		const extra = [
			chunk('tEXt', Buffer.alloc(100_000, 'a')),
			chunk('acTL', Buffer.alloc(8)),
			chunk('fdAT', Buffer.alloc(50)),
			chunk('zzZz', Buffer.alloc(0)),
		];
		const plain = await decode(inPieces(pngFile(small)));
		expect(await decode(inPieces(pngFile({ ...small, extra }), 999))).toEqual(plain);
	});

	test.each([20, 500])(
		'bytes behind the compressed data, and behind the file, are no harm (%i rows)',
		async (height) => {
			const spec = { ...small, height };
			const plain = await decode(inPieces(pngFile(spec)));
			const trailing = Buffer.alloc(3000, 7);
			const file = Buffer.concat([pngFile({ ...spec, trailing }), Buffer.from('more')]);
			expect(await decode(inPieces(file))).toEqual(plain);
		},
	);

	test('data that unpacks to far more than the picture is left alone', async () => {
		const bomb = chunk('IDAT', deflateSync(Buffer.alloc(50 * 2 ** 20)));
		const { tones } = await decode(inPieces(wrapped([header(2, 2, 8, 0), bomb])));
		expect(tones).toEqual([0xff00, 0xff00, 0xff00, 0xff00]);
	});

	test.each([
		{ width: 4096, height: 1 },
		{ width: 1, height: 4096 },
	])('$width × $height pixels are not too many', async (size) => {
		expect(await decode(inPieces(pngFile({ ...small, ...size })))).toMatchObject(size);
	});

	test('palette colors that are used but not given are black', async () => {
		const spec = { ...small, colorType: 3, depth: 8, samples: () => [9], palette: [255, 255, 255] };
		expect(new Set((await decode(inPieces(pngFile(spec)))).tones)).toEqual(new Set([0xff00]));
	});
});
