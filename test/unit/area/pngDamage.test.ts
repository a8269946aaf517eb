/* eslint-disable @n8n/community-nodes/no-restricted-imports -- a test makes compressed data */
import fc from 'fast-check';
import { deflateSync } from 'node:zlib';
import { PicWishError } from '../../../nodes/PicWish/errors';
import { decode } from './pngDecoded';
import { chunk, header, inPieces, pngFile, small, wrapped } from './pngFiles';

async function refusal(work: Promise<unknown>): Promise<string> {
	const error = await work.then(
		() => undefined,
		(thrown: unknown) => thrown,
	);
	expect(error).toBeInstanceOf(PicWishError);
	expect(error).toMatchObject({
		details: { code: 'INVALID_INPUT', retryable: false, description: expect.stringMatching(/\w/) },
	});
	return String(error);
}

describe('what is refused', () => {
	const one = (...chunks: Buffer[]) => wrapped([header(1, 1, 8, 0), ...chunks]);
	const idat = (raw: Buffer) => chunk('IDAT', deflateSync(raw));
	const pixel = idat(Buffer.from([0, 200]));
	const badCrc = (file: Buffer, at: number) => {
		const copy = Buffer.from(file);
		copy[at]! ^= 1;
		return copy;
	};
	test.each<[string, Buffer, RegExp]>([
		['nothing', Buffer.alloc(0), /is not a PNG file/],
		['a JPEG', Buffer.from('\xff\xd8\xff\xe0 and more', 'latin1'), /is not a PNG file/],
		['only the signature', one().subarray(0, 8), /ends before its end mark/],
		['no header', wrapped([pixel]), /no header/],
		['a short header', wrapped([chunk('IHDR', Buffer.alloc(12, 1))]), /header is incomplete/],
		['a long header', wrapped([chunk('IHDR', Buffer.alloc(99))]), /IHDR chunk is too long/],
		['no width', wrapped([header(0, 9, 8, 0), pixel]), /0 × 9 pixels/],
		['no height', wrapped([header(9, 0, 8, 0), pixel]), /9 × 0 pixels/],
		['too wide', wrapped([header(4097, 1, 8, 0), pixel]), /4097 × 1 pixels, at most 4096 × 4096/],
		['absurdly high', wrapped([header(1, 4e9, 8, 0), pixel]), /at most 4096/],
		['an unknown color type', wrapped([header(1, 1, 8, 5), pixel]), /color type 5 with 8 bits/],
		['an impossible depth', wrapped([header(1, 1, 4, 2), pixel]), /color type 2 with 4 bits/],
		['an unknown interlace method', wrapped([header(1, 1, 8, 0, 2), pixel]), /methods/],
		['an unknown compression', wrapped([header(1, 1, 8, 0, 0, [1, 0]), pixel]), /methods/],
		['an unknown filter method', wrapped([header(1, 1, 8, 0, 0, [0, 1]), pixel]), /methods/],
		['no pixels', one(), /no pixels/],
		['no palette', wrapped([header(1, 1, 8, 3), pixel]), /no palette/],
		['a palette too long', one(chunk('PLTE', Buffer.alloc(1000)), pixel), /PLTE chunk is too long/],
		['too few pixels', wrapped([header(1, 9, 8, 0), pixel]), /broken or incomplete/],
		['an empty IDAT', one(chunk('IDAT', Buffer.alloc(0))), /no pixels/],
		['no compressed data', one(chunk('IDAT', Buffer.alloc(50, 99))), /broken or incomplete/],
		[
			'compressed data cut short',
			one(chunk('IDAT', deflateSync(Buffer.alloc(2)).subarray(0, 4))),
			/broken/,
		],
		['an unknown filter', one(idat(Buffer.from([9, 200]))), /broken or incomplete/],
		['a wrong checksum', badCrc(one(pixel), one(pixel).length - 14), /checksum of its IDAT/],
	])('%s', async (_, file, message) => {
		const text = await refusal(decode(inPieces(file)));
		expect(text).toMatch(message);
		expect(text).toContain('The Field: a.png');
	});

	test('a file that is cut short anywhere', async () => {
		const file = pngFile({ ...small, idatBytes: 100 });
		for (let length = 0; length < file.length - 8; length++) {
			await refusal(decode(inPieces(file.subarray(0, length))));
		}
	});

	test('a damaged file is refused, or the damage does not matter', async () => {
		const file = pngFile({ ...small, idatBytes: 200 });
		const whole = await decode(inPieces(file));
		const damage = fc.array(
			fc.tuple(fc.nat({ max: file.length - 1 }), fc.integer({ min: 1, max: 255 })),
			{ minLength: 1, maxLength: 6 },
		);
		await fc.assert(
			fc.asyncProperty(damage, fc.integer({ min: 1, max: 5000 }), async (changes, pieces) => {
				const copy = Buffer.from(file);
				for (const [at, change] of changes) copy[at]! ^= change;
				const result = await decode(inPieces(copy, pieces)).catch((error: unknown) => error);
				if (!(result instanceof PicWishError)) expect(result).toEqual(whole);
			}),
			{ numRuns: 500 },
		);
	});

	test('pixel data that is wrong under a right checksum', async () => {
		const { width, height } = small;
		const raw = deflateSync(Buffer.alloc((width * 4 + 1) * height, 3));
		await fc.assert(
			fc.asyncProperty(fc.nat({ max: raw.length - 1 }), fc.nat({ max: 255 }), async (at, value) => {
				const data = Buffer.from(raw);
				data[at] = value;
				const file = wrapped([header(width, height, 8, 6), chunk('IDAT', data)]);
				const result = await decode(inPieces(file)).catch((error: unknown) => error);
				if (!(result instanceof PicWishError)) expect(result).toMatchObject({ width, height });
			}),
			{ numRuns: 300 },
		);
	});
});

describe('the source', () => {
	const file = pngFile({ ...small, idatBytes: 64 });

	test('is closed when the file is refused', async () => {
		let closed = false;
		const source = async function* () {
			try {
				yield wrapped([header(5000, 5000, 8, 0)]);
				yield file;
			} finally {
				closed = true;
			}
		};
		await refusal(decode(source()));
		expect(closed).toBe(true);
	});

	test.each([10, 60, 300, 700])('that fails after %i bytes is an error of ours', async (bytes) => {
		const source = async function* () {
			yield file.subarray(0, bytes);
			throw new Error('the disk is gone');
		};
		expect(await refusal(decode(source()))).toMatch(/a.png could not be read \(the disk is gone\)/);
	});

	test('may give empty pieces', async () => {
		const source = async function* () {
			for await (const piece of inPieces(file, 50)) yield* [Buffer.alloc(0), piece];
		};
		expect(await decode(source())).toEqual(await decode(inPieces(file)));
	});
});
