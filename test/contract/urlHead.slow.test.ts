import { paint, paintJpegWithMetadata, smallPng, tiffWithDirectoryAtEnd } from './pictures';
import { errorOf, onlyItem, submitObjects, useBench } from './setup';
import {
	endless,
	inRanges,
	packed,
	page,
	redirect,
	refuse,
	useWebHost,
	whole,
	type Answer,
} from './webHost';

const bench = useBench();
const host = useWebHost();

const goOn = { node: { onError: 'continueRegularOutput' } } as const;

/** A tenth of the image at its top left corner. */
async function runInPercent(imageUrl: string, options = {}) {
	return await bench.run(
		{
			...submitObjects,
			imageSource: 'url',
			imageUrl,
			rectangleUnit: 'percent',
			rectangles: { rectangle: [{ x: 0, y: 0, width: 10, height: 10 }] },
			options: { waitForCompletion: false, ...options },
		},
		[{}],
		goOn,
	);
}

const sentRectangles = () =>
	bench.creates().map(({ fields }): unknown => JSON.parse(fields.rectangles ?? ''));
const tenth = ({ width, height }: { width: number; height: number }) => [
	[{ x: 0, y: 0, width: width / 10, height: height / 10 }],
];

/** Larger than what is asked for at first. */
const size = { width: 400, height: 300 };
const behind = async (picture: Promise<Buffer> | Buffer, bytes = 2_000_000) =>
	Buffer.concat([await picture, Buffer.alloc(bytes)]);

describe('the size of an image behind a URL is read by n8n', () => {
	test.each(['png', 'jpeg', 'bmp', 'webp', 'tiff'] as const)('%s', async (format) => {
		const url = host.serve('/a', inRanges(await paint(format, size)));
		await runInPercent(url);

		expect(sentRectangles()).toEqual(tenth(size));
		expect(bench.creates().map(({ fields }) => fields.image_url)).toEqual([url]);
	});

	test.each<[string, (file: Buffer) => Answer]>([
		['in ranges', inRanges],
		['whole', whole],
		['packed', packed],
		['without a length', (file) => (_request, response) => response.end(file)],
		['without an end', endless],
	])('from a host that gives it %s', async (_name, serve) => {
		await runInPercent(host.serve('/a', serve(await behind(paint('png', size)))));

		expect(sentRectangles()).toEqual(tenth(size));
	});

	test('64 kB of a long file are enough, where the host gives ranges', async () => {
		await runInPercent(host.serve('/a', inRanges(await behind(paint('jpeg', size), 20_000_000))));

		expect(host.asked.map(({ headers }) => headers.range)).toEqual(['bytes=0-65535']);
		expect(host.sentBytes()).toBeLessThan(66 * 1024);
	});

	test('a host that gives no ranges is left early', async () => {
		await runInPercent(host.serve('/a', endless(await paint('jpeg', size))));
		await host.quiet();

		// What the two sockets hold between them is sent, but not read.
		expect(host.sentBytes()).toBeLessThan(12 * 1024 * 1024);
		expect(host.asked).toHaveLength(1);
	});

	test('a size behind 200 kB of metadata costs little more than these', async () => {
		const file = await behind(paintJpegWithMetadata(size), 20_000_000);
		await runInPercent(host.serve('/a', inRanges(file)));

		expect(sentRectangles()).toEqual(tenth(size));
		expect(host.sentBytes()).toBeLessThan(700 * 1024);
	});

	test('of a TIFF with its directory at the end, the pixels between are not read', async () => {
		const large = { width: 2000, height: 2000 };
		await runInPercent(host.serve('/a', inRanges(tiffWithDirectoryAtEnd(large, 'LE'))));

		expect(sentRectangles()).toEqual(tenth(large));
		expect(host.sentBytes()).toBeLessThan(700 * 1024);
	});

	test('redirects are followed, without the key', async () => {
		const target = host.serve('/b', inRanges(await behind(paint('png', size))));
		host.serve('/hop', redirect(target, 301));
		await runInPercent(host.serve('/a', redirect('/hop')));

		expect(sentRectangles()).toEqual(tenth(size));
		expect(host.asked.map(({ path }) => path)).toEqual(['/a', '/hop', '/b']);
		expect(JSON.stringify(host.asked)).not.toContain(bench.sandbox.apiKey);
	});

	test('once for an item, and not at all where the area is in pixels', async () => {
		const imageUrl = host.serve('/a', inRanges(smallPng));
		await bench.run({ ...submitObjects, imageSource: 'url', imageUrl }, [{}]);

		expect(host.asked).toHaveLength(0);
		await runInPercent(imageUrl);
		expect(host.asked).toHaveLength(1);
	});

	test.each<[string, (file: Buffer) => Answer]>([
		[
			'refuses ranges at first (416)',
			(file) => (request, response) =>
				request.headers.range ? response.writeHead(416).end() : response.end(file),
		],
		[
			'does not say which range it gives',
			(file) => (request, response) =>
				request.headers.range
					? response.writeHead(206).end(file.subarray(0, 9))
					: response.end(file),
		],
		[
			'gives another range',
			(file) => (request, response) =>
				request.headers.range
					? response
							.writeHead(206, { 'content-range': `bytes 9-99/${file.length}` })
							.end(file.subarray(9, 100))
					: response.end(file),
		],
	])('a host that %s is asked for the whole file', async (_name, serve) => {
		await runInPercent(host.serve('/a', serve(await paint('png', size))));

		expect(sentRectangles()).toEqual(tenth(size));
		expect(host.asked.map(({ headers }) => headers.range)).toEqual(['bytes=0-65535', undefined]);
	});
});

describe('what is read there is checked as a file is', () => {
	async function expectRefused(url: string, message: RegExp, description: RegExp) {
		const run = await runInPercent(url);

		expect(errorOf(onlyItem(run))).toMatchObject({
			code: 'INVALID_INPUT',
			message: expect.stringMatching(message),
			description: expect.stringMatching(description),
			retryable: false,
			httpStatus: null,
		});
		expect(bench.sandbox.requests).toHaveLength(0);
	}

	test('a web page', async () => {
		const message = /^Image URL: the address leads to a web page, not to an image/;
		await expectRefused(host.serve('/a', page), message, /private window/);
	});

	test('a format that the task does not take', async () => {
		const gif = await paint('gif');
		await expectRefused(
			host.serve('/a.gif', whole(gif)),
			/does not accept GIF files \(a\.gif\)/,
			/JPEG/,
		);
	});

	test('too many pixels', async () => {
		const wide = await paint('png', { width: 5000, height: 10 });
		await expectRefused(host.serve('/a', inRanges(wide)), /5000 × 10 pixels/, /Resize/);
	});

	test.each([
		['as a range', (file: Buffer) => inRanges(file)],
		['as its length', (file: Buffer) => whole(file)],
	])('too many bytes for PicWish, told %s', async (_name, serve) => {
		const file = await behind(paint('png', size), 31 * 1024 * 1024);
		await expectRefused(host.serve('/a', serve(file)), /larger than 30 MB/, /smaller/);
	});

	test('nothing', async () => {
		await expectRefused(host.serve('/a', whole(Buffer.alloc(0))), /empty/, /./);
	});

	test.each([401, 403, 404, 410])('status %i', async (status) => {
		await expectRefused(host.serve('/a', refuse(status)), new RegExp(`status ${status}`), /login/);
		expect(host.asked).toHaveLength(1);
	});

	test('redirects without an end', async () => {
		await expectRefused(
			host.serve('/a', redirect('/a')),
			/redirects too many times/,
			/image file itself/,
		);
	});

	test('a redirect to what is no web address', async () => {
		await expectRefused(
			host.serve('/a', redirect('file:///etc/passwd')),
			/redirects to something/,
			/./,
		);
	});
});

describe('what may pass is tried three times, and is no fault of the input', () => {
	test.each<[string, Answer]>([
		['status 503', refuse(503)],
		['a broken connection', (request) => request.socket.destroy()],
		[
			'a file cut off',
			(_request, response) => {
				response.writeHead(200, { 'content-length': 1000 });
				response.write(smallPng.subarray(0, 20), () => response.destroy());
			},
		],
	])('%s', async (_name, answer) => {
		const run = await runInPercent(host.serve('/a', answer));

		expect(errorOf(onlyItem(run))).toMatchObject({
			code: 'NETWORK_ERROR',
			message: expect.stringMatching(/^Image URL: n8n could not download the image \[item 0\]$/),
			description: expect.stringContaining(new URL(host.url).host),
			retryable: true,
		});
		expect(host.asked).toHaveLength(3);
		expect(bench.sandbox.requests).toHaveLength(0);
	});

	test('the second time it goes well', async () => {
		const picture = inRanges(await paint('png', size));
		let tries = 0;
		const url = host.serve('/a', (request, response) =>
			tries++ === 0 ? request.socket.destroy() : picture(request, response),
		);
		await runInPercent(url);

		expect(sentRectangles()).toEqual(tenth(size));
	});
});
