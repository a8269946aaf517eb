import { sha256 } from '../sandbox/sha256';
import { paint } from './pictures';
import { submitObjects, useBench, withPicture } from './setup';

const bench = useBench();

const submitWatermark = { operation: 'removeWatermark', options: { waitForCompletion: false } };
const submits = { removeObjects: submitObjects, removeWatermark: submitWatermark };

const text = (content: string) => async () => await Promise.resolve(Buffer.from(content));
const bytes = (content: string) => async () =>
	await Promise.resolve(Buffer.from(content.padEnd(64, '\0'), 'latin1'));

const encoded = async (format: 'jpeg' | 'png') =>
	Buffer.from((await paint(format)).toString('base64'));

const refused: Array<[name: string, make: () => Promise<Buffer>]> = [
	['GIF', async () => await paint('gif')],
	['AVIF', async () => await paint('avif')],
	['HEIC', bytes('\0\0\0\x18ftypheic')],
	['HEIC', bytes('\0\0\0\x18ftypmif1')],
	['MP4 video', bytes('\0\0\0\x18ftypisom')],
	['PDF', text('%PDF-1.7\n%âãÏÓ')],
	['ZIP', bytes('PK\x03\x04')],
	['JPEG XL', bytes('\xff\x0a\xfa\x7f\x01\x90')],
	['Photoshop', bytes('8BPS')],
	['ICO', bytes('\0\0\x01\0\x01\0\x10\x10\0\0\x01\0\x20\0\x68\x04\0\0\x16\0\0\0')],
	['SVG', text('<svg xmlns="http://www.w3.org/2000/svg"/>')],
	['SVG', text('\ufeff<?xml version="1.0"?>\n<!-- drawn -->\n<svg width="9"/>')],
	['HTML', text('<!DOCTYPE html><title>404</title>')],
	['HTML', text('\n\n  <html lang="en">')],
	['XML', text('<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>')],
	['JSON', text('{"error": "not found"}')],
	['JSON', text(' [{"x": 1}]')],
	['base64 text of an image (JPEG)', async () => await encoded('jpeg')],
	['base64 text of an image (PNG)', async () => await encoded('png')],
	[
		'a data URI as text',
		async () => Buffer.from(`data:image/png;base64,${String(await encoded('png'))}`),
	],
	[
		'a data URI that was decoded with its prefix',
		async () => Buffer.from(`data:image/png;base64,${String(await encoded('png'))}`, 'base64'),
	],
];

describe.each(Object.entries(submits))('%s', (_operation, submit) => {
	test.each(refused)('refuses %s, whatever it is called', async (name, make) => {
		const run = await bench.run(submit, [withPicture(await make(), 'photo.jpg', 'image/jpeg')]);

		const seen = /^[A-Z]/.test(name)
			? ` does not accept ${name} files (photo.jpg)`
			: `Input Binary Field: the file "photo.jpg" is ${name}, `;
		expect(run.error?.message).toMatch(/^Input Binary Field: /);
		expect(run.error).toMatchObject({
			name: 'NodeOperationError',
			message: expect.stringContaining(seen),
			description: expect.stringMatching(/^Use JPEG, PNG/),
			itemIndex: 0,
		});
		expect(bench.sandbox.requests).toHaveLength(0);
	});
});

test.each([
	['removeObjects', 'jpeg'],
	['removeObjects', 'png'],
	['removeObjects', 'bmp'],
	['removeObjects', 'webp'],
	['removeObjects', 'tiff'],
	['removeWatermark', 'jpeg'],
	['removeWatermark', 'png'],
	['removeWatermark', 'bmp'],
] as const)('%s takes %s, whatever it is called', async (operation, format) => {
	const picture = await paint(format);
	const item = withPicture(picture, 'report.pdf', 'application/pdf');
	const run = await bench.run(submits[operation], [item]);

	expect(run.error).toBeUndefined();
	const [create] = bench.creates();
	expect(create?.status).toBe(200);
	expect(Object.values(create?.files ?? {})).toMatchObject([{ sha256: sha256(picture) }]);
});

test.each(['webp', 'tiff'] as const)(
	'removeWatermark refuses %s, which its documentation does not list',
	async (format) => {
		const run = await bench.run(submitWatermark, [withPicture(await paint(format))]);

		expect(run.error?.message).toMatch(/Remove Watermark does not accept (WebP|TIFF) files \(/);
		expect(run.error?.description).toBe(
			'Use JPEG, PNG or BMP. Convert it first, for example with the Edit Image node (Format: JPEG).',
		);
		expect(bench.sandbox.requests).toHaveLength(0);
	},
);

test('bytes that nobody knows could be a raw picture: the API decides', async () => {
	const run = await bench.run(submitObjects, [withPicture(Buffer.alloc(300, 7), 'photo.raw')]);

	expect(bench.creates()).toHaveLength(1);
	expect(run.error).toMatchObject({ name: 'NodeApiError', httpCode: '400' });
});
