import fc from 'fast-check';
import sharp from 'sharp';
import { readHead } from '../../../nodes/PicWish/picture/head';
import type { Picture } from '../../../nodes/PicWish/picture/picture';
import { orienter, uprightView } from '../../../nodes/PicWish/picture/turned';
import { exifOf, exifSegment, jpeg, segment, tiff, withParts } from './handMade';

function chunks(file: Buffer, lengths: readonly number[]): Buffer[] {
	const parts: Buffer[] = [];
	let at = 0;
	for (let i = 0; at < file.length; i++) {
		const length = lengths[i % lengths.length] ?? file.length;
		parts.push(file.subarray(at, at + length));
		at += length;
	}
	return parts;
}

async function* passing(parts: readonly Buffer[]): AsyncGenerator<Buffer> {
	for (const part of parts) yield await Promise.resolve(part);
}

async function headOf(file: Buffer) {
	return await readHead(async () => await Promise.resolve(passing([file])), file.length);
}

async function pictureOf(file: Buffer, lengths: readonly number[]): Promise<Picture> {
	const open = async () => await Promise.resolve(passing(chunks(file, lengths)));
	const head = await headOf(file);
	return { ...head, fileName: 'a.jpg', mimeType: 'image/jpeg', bytes: file.length, open };
}

async function whole(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
	const parts: Uint8Array[] = [];
	for await (const part of source) parts.push(part);
	return Buffer.concat(parts);
}

const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
const turnedFiles = [
	jpeg([exifOf(6, 'BE')]),
	jpeg([segment(0xe0, Buffer.alloc(14)), exifOf(8, 'LE', 16)]),
	jpeg([exifSegment(tiff([{ tag: 274, type: 4, value: 3 }], 'LE'))]),
	jpeg([exifOf(5), exifOf(7, 'LE')]),
];

describe('an upright view', () => {
	test.each(turnedFiles.map((file, index) => ({ index, file })))(
		'is the file with its tags set, in whatever pieces it comes ($index)',
		async ({ file }) => {
			const original = Buffer.from(file);
			await fc.assert(
				fc.asyncProperty(lengths, async (pieces) => {
					const sent = await whole(await uprightView(await pictureOf(file, pieces)).open());
					expect(sent).toHaveLength(file.length);
					const { orientation, orientationTags = [], size } = await headOf(sent);
					expect({ orientation, size }).toEqual({
						orientation: 1,
						size: { width: 40, height: 30 },
					});
					const differs = [...sent.keys()].filter((at) => sent[at] !== file[at]);
					const inTag = (at: number) =>
						orientationTags.some((tag) => at >= tag.at && at < tag.at + tag.bytes);
					expect(differs.every(inTag)).toBe(true);
					// Chunks may be the store's own memory.
					expect(file).toEqual(original);
				}),
			);
		},
	);

	test('sets every tag, as readers differ in which they believe', async () => {
		const picture = await pictureOf(jpeg([exifOf(6), exifOf(3)]), [7]);
		const { orientationTags = [] } = picture;
		const view = uprightView(picture);
		expect(view).toMatchObject({ orientation: 1, bytes: picture.bytes });
		const sent = await whole(await view.open());
		expect(orientationTags.map(({ at }) => sent.readUInt16BE(at))).toEqual([1, 1]);
	});

	test('of a file without a tag is the file', async () => {
		const picture = await pictureOf(jpeg([]), [7]);
		expect(uprightView(picture)).toBe(picture);
	});

	test('is closed with its store', async () => {
		let closed = 0;
		const picture = await pictureOf(jpeg([exifOf(6)]), [10]);
		const open = async () => Object.assign(await picture.open(), { destroy: () => closed++ });
		const source = await uprightView({ ...picture, open }).open();
		source.destroy?.();
		expect(closed).toBe(1);
	});
});

describe('a result', () => {
	const plain = async () =>
		await sharp({ create: { width: 40, height: 30, channels: 3, background: '#88aacc' } })
			.jpeg()
			.toBuffer();

	async function turned(file: Buffer, orientation: number, pieces: readonly number[]) {
		const { orientationTags = [] } = await headOf(file);
		const orient = orienter(orientationTags, orientation);
		return Buffer.concat(chunks(file, pieces).map(orient));
	}

	test('without a tag gets one, in 36 bytes', async () => {
		const file = await plain();
		await fc.assert(
			fc.asyncProperty(lengths, fc.integer({ min: 2, max: 8 }), async (pieces, orientation) => {
				const result = await turned(file, orientation, pieces);
				expect(result).toHaveLength(file.length + 36);
				expect((await headOf(result)).orientation).toBe(orientation);
			}),
		);
		// The segment belongs at the edge of two chunks.
		expect(await turned(file, 6, [2, 1000])).toHaveLength(file.length + 36);
		const result = await turned(file, 6, [16]);
		expect(await sharp(result).metadata()).toMatchObject({ width: 40, height: 30, orientation: 6 });
	});

	test.each([
		['a tag', exifOf(1), 0],
		['two tags', Buffer.concat([exifOf(1), exifOf(1)]), 0],
		['Exif without a tag', exifSegment(tiff([{ tag: 305, value: 1 }])), 36],
	])('with %s', async (_name, part, more) => {
		const file = withParts(await plain(), part);
		const result = await turned(file, 8, [11]);
		expect(result).toHaveLength(file.length + more);
		expect(await sharp(result).metadata()).toMatchObject({ orientation: 8 });
	});
});
