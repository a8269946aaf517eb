import fc from 'fast-check';
import sharp from 'sharp';
import { readHead } from '../../../nodes/PicWish/picture/head';
import { bmp, exifOf, pngChunk, tiff, withParts } from './handMade';
import { headOf, WatchedSource } from './stores';

/** The same cases in each run: few enough to be quick, and each header is hit by many of them. */
const RUNS = { numRuns: 60, seed: 2 };

const paint = () =>
	sharp({ create: { width: 41, height: 29, channels: 3, background: '#88aacc' } });
const turned = () => paint().withMetadata({ orientation: 6 });

/** One or more of each format; those that sharp cannot read are made by hand. */
const makers: Record<string, () => Promise<Buffer>> = {
	jpeg: async () => await turned().jpeg().toBuffer(),
	'progressive jpeg': async () => await turned().jpeg({ progressive: true }).toBuffer(),
	'jpeg with two Exif segments': async () => withParts(await turned().jpeg().toBuffer(), exifOf(3)),
	png: async () => await turned().png().toBuffer(),
	'png of 16 bits': async () => await turned().toColourspace('rgb16').png().toBuffer(),
	webp: async () => await turned().webp().toBuffer(),
	'lossless webp': async () => await paint().webp({ lossless: true }).toBuffer(),
	tiff: async () => await turned().tiff({ compression: 'lzw' }).toBuffer(),
	'tiled tiff': async () =>
		await turned().tiff({ tile: true, tileWidth: 16, tileHeight: 16, pyramid: true }).toBuffer(),
	bigtiff: async () => await turned().tiff({ bigtiff: true }).toBuffer(),
	bmp: async () => await Promise.resolve(bmp(40, 41, 29)),
	'bmp of OS/2': async () => await Promise.resolve(bmp(12, 41, 29)),
	'tiff without pixels': async () =>
		await Promise.resolve(
			tiff([
				{ tag: 256, value: 41 },
				{ tag: 257, value: 29 },
				{ tag: 274, value: 6 },
			]),
		),
	'png without pixels': async () =>
		Buffer.concat([(await paint().png().toBuffer()).subarray(0, 33), pngChunk('eXIf', tiff([]))]),
};

/** Some bytes replaced, most of them where headers are; some cut out; the rest cut off. */
const damage = fc.record({
	replaced: fc.array(fc.record({ at: fc.oneof(fc.nat(400), fc.nat(4000)), value: fc.nat(255) }), {
		maxLength: 4,
	}),
	removed: fc.option(fc.record({ at: fc.nat(400), bytes: fc.nat(40) })),
	length: fc.option(fc.nat(3000)),
});
type Damage = typeof damage extends fc.Arbitrary<infer T> ? T : never;

function damaged(file: Buffer, { replaced, removed, length }: Damage): Buffer {
	const copy = Buffer.from(file);
	for (const { at, value } of replaced) copy[at % copy.length] = value;
	const rest = removed
		? Buffer.concat([copy.subarray(0, removed.at), copy.subarray(removed.at + removed.bytes)])
		: copy;
	return length === null ? rest : rest.subarray(0, length);
}

/** What sharp makes of the file; undefined where it cannot read it. */
async function asSharpSees(file: Buffer) {
	try {
		return await sharp(file, { failOn: 'none', limitInputPixels: false }).metadata();
	} catch {
		return undefined;
	}
}

describe.each(Object.entries(makers))('a damaged %s', (_name, make) => {
	let file: Buffer;
	beforeAll(async () => {
		file = await make();
	});

	test('is no trouble, and has the size that sharp sees, or none', async () => {
		await fc.assert(
			fc.asyncProperty(damage, async (harm) => {
				const bytes = damaged(file, harm);
				const { size } = await headOf(bytes);
				const seen = await asSharpSees(bytes);
				if (!size || !seen) return;
				expect(size).toEqual({ width: seen.width, height: seen.height });
			}),
			RUNS,
		);
	});

	test('is not read beyond the length that is given', async () => {
		await fc.assert(
			fc.asyncProperty(damage, fc.nat(3000), async (harm, limit) => {
				const bytes = damaged(file, harm);
				const source = new WatchedSource((at) => bytes.subarray(at, at + 10));
				await readHead(source.open, limit);
				// The last piece may reach over the end, by less than its length.
				expect(source.taken).toBeLessThan(limit + 10);
			}),
			RUNS,
		);
	});
});

test('any bytes behind any signature', async () => {
	const signatures = [
		'\xff\xd8\xff',
		'\x89PNG\r\n\x1a\n',
		'II*\0',
		'MM\0*',
		'II+\0\x08\0\0\0',
		'BM',
	];
	const signature = fc.constantFrom(...signatures, 'RIFF\0\0\0\0WEBPVP8X', 'RIFF\0\0\0\0WEBPVP8 ');
	await fc.assert(
		fc.asyncProperty(signature, fc.uint8Array({ maxLength: 3000 }), async (start, rest) => {
			const { orientation } = await headOf(Buffer.concat([Buffer.from(start, 'latin1'), rest]));
			expect(orientation).toBeGreaterThanOrEqual(1);
			expect(orientation).toBeLessThanOrEqual(8);
		}),
		{ ...RUNS, numRuns: 200 },
	);
});
