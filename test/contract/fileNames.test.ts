import type { IDataObject } from 'n8n-workflow';
import { paint, smallPng } from './pictures';
import { startPictureHost, type PictureHost } from './pictureHost';
import { binaryOf, onlyItem, oneRectangle, quickWatermark, useBench } from './setup';

const bench = useBench();
let host: PictureHost;

beforeAll(async () => {
	host = await startPictureHost(smallPng);
});
afterAll(async () => await host.close());

async function nameOf(
	parameters: Record<string, unknown>,
	item: Parameters<typeof bench.run>[1] = undefined,
): Promise<string | undefined> {
	return binaryOf(onlyItem(await bench.run(parameters, item))).fileName;
}

test.each([
	['clean', 'clean.png'],
	['clean.png', 'clean.png'],
	['clean.jpg', 'clean.png'],
	['clean.JPEG', 'clean.png'],
	['version 1.2', 'version 1.2.png'],
	['.png', 'image.png'],
	['日本 ünï – photo', '日本 ünï – photo.png'],
	['say "cheese"', 'say "cheese".png'],
	['folder/clean', 'clean.png'],
	['/etc/../clean.png', 'clean.png'],
	['C:\\folder\\clean', 'clean.png'],
	['folder/', 'image.png'],
	['cl\u0000e\na\u007fn\u0085', 'clean.png'],
	['  clean  ', 'clean.png'],
	['   ', 'photo-no-watermark.png'],
	['', 'photo-no-watermark.png'],
	[42, '42.png'],
])('the option File Name %j gives %s', async (name, expected) => {
	const options = { requestMode: 'sync', fileName: '={{ $json.name }}' };
	const picture = { bytes: smallPng, fileName: 'photo.png' };

	const given = await nameOf({ ...quickWatermark, options }, [
		{ json: { name }, binary: { data: picture } },
	]);
	expect(given).toBe(expected);
});

test.each([
	['photo.png', 'photo-no-objects.png'],
	['photo', 'photo-no-objects.png'],
	['photo.jpg', 'photo-no-objects.png'],
	['a.b.png', 'a.b-no-objects.png'],
	['.hidden', '.hidden-no-objects.png'],
	['my "best".png', 'my "best"-no-objects.png'],
	['two\nlines.png', 'twolines-no-objects.png'],
	['日本 ünï.png', '日本 ünï-no-objects.png'],
	[undefined, 'image-no-objects.png'],
])('by default, the source %j gives %j', async (fileName, expected) => {
	const parameters = {
		operation: 'removeObjects',
		rectangles: oneRectangle,
		options: { requestMode: 'sync' },
	};
	const picture = { bytes: smallPng, fileName, mimeType: 'image/png' };

	expect(await nameOf(parameters, [{ binary: { data: picture } }])).toBe(expected);
});

test.each([
	['/photo.jpg', 'photo-no-watermark.png'],
	['/folder/photo.png?size=1&name=/other.gif', 'photo-no-watermark.png'],
	['/caf%C3%A9%20%22x%22.png', 'café "x"-no-watermark.png'],
	['/up%2Fdown.png', 'down-no-watermark.png'],
	['/not%E0utf8.png', 'image-no-watermark.png'],
	['/folder/', 'image-no-watermark.png'],
	['', 'image-no-watermark.png'],
])('by default, the URL path %j gives %j', async (path, expected) => {
	const parameters = { ...quickWatermark, imageSource: 'url', imageUrl: host.url + path };

	expect(await nameOf(parameters, [{}])).toBe(expected);
});

test.each([
	['jpeg', 'jpg', 'image/jpeg'],
	['png', 'png', 'image/png'],
	['bmp', 'bmp', 'image/bmp'],
	['webp', 'webp', 'image/webp'],
	['tiff', 'tiff', 'image/tiff'],
] as const)(
	'a %s result is named and typed by its bytes, whatever its host says',
	async (format, extension, mimeType) => {
		const body = await paint(format);
		const headers = {
			'content-type': 'text/plain',
			'content-disposition': 'inline; filename=x.exe',
		};
		bench.sandbox.addFault({ kind: 'download', act: { type: 'serve', headers, body } });
		const run = await bench.run(quickWatermark);

		const binary = binaryOf(onlyItem(run));
		expect(binary).toMatchObject({
			fileName: `photo-no-watermark.${extension}`,
			fileExtension: extension,
			mimeType,
			fileType: 'image',
		});
		expect(await run.bytes(binary)).toEqual(body);
	},
);

/** n8n's store takes any value for a file's name, and other nodes write any. */
test.each<[unknown, string, string]>([
	['', 'image', 'image-no-objects.png'],
	['   ', 'image', 'image-no-objects.png'],
	[12345, '12345', '12345-no-objects.png'],
	[null, 'image', 'image-no-objects.png'],
	[undefined, 'image', 'image-no-objects.png'],
	[{}, 'image', 'image-no-objects.png'],
	[true, 'image', 'image-no-objects.png'],
	['\u0000\u0001', 'image', 'image-no-objects.png'],
	['a\u0000b.png', 'ab.png', 'ab-no-objects.png'],
	['folder/photo.png', 'photo.png', 'photo-no-objects.png'],
	['C:\\pictures\\photo.png', 'photo.png', 'photo-no-objects.png'],
	['folder/', 'image', 'image-no-objects.png'],
	['..', '..', '..-no-objects.png'],
	['two\r\nlines.png', 'twolines.png', 'twolines-no-objects.png'],
])('a file whose name is %j is sent, and comes out as %j', async (name, fileName, result) => {
	const parameters = {
		operation: 'removeObjects',
		rectangles: oneRectangle,
		binaryPropertyName: '={{ $json.file }}',
		options: { requestMode: 'sync' },
	};
	// By expression, because n8n's own store would turn the name into a text.
	const file = { data: smallPng.toString('base64'), mimeType: 'image/png', fileName: name };
	const item = onlyItem(await bench.run(parameters, [{ json: { file } as IDataObject }]));

	expect(item.json).toMatchObject({ status: 'completed', fileName });
	expect(binaryOf(item).fileName).toBe(result);
	expect(bench.creates()[0]?.files.image_file?.fileName).not.toBe('');
});
