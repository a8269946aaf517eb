/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import FormData from 'form-data';
import { closeServer, openServer } from '../sandbox/localServer';
import { paintMask, smallPng } from './pictures';
import { onlyTask, submitObjects, useBench } from './setup';

const bench = useBench();

interface Body {
	contentType: string;
	bytes: Buffer;
}

/** Stands where the API is, and keeps what arrives byte for byte. */
const bodies: Body[] = [];
const server = createServer((request, response) => {
	void buffer(request).then((bytes) => {
		bodies.push({ contentType: request.headers['content-type'] ?? '', bytes });
		response.end(JSON.stringify({ status: 200, data: { task_id: `task-${bodies.length}` } }));
	});
});

let baseUrl: string;

beforeAll(async () => {
	baseUrl = await openServer(server);
});
afterAll(async () => await closeServer(server));
beforeEach(() => {
	bodies.length = 0;
});

/**
 * What stands between the boundaries: headers, empty line, content. Nothing may stand outside, but for
 * the empty line after the last boundary that older n8n sends.
 */
function partsOf({ contentType, bytes }: Body): string[] {
	const [, boundary = ''] = /boundary=(\S+)$/.exec(contentType) ?? [];
	const text = bytes.toString('latin1').replace(/(\r\n)+$/, '\r\n');
	const end = `--${boundary}--\r\n`;
	expect(text.startsWith(`--${boundary}\r\n`)).toBe(true);
	expect(text.endsWith(end)).toBe(true);
	return text.slice(0, -end.length).split(`--${boundary}\r\n`).slice(1);
}

const asFormDataBuilds = (fill: (form: FormData) => void): string[] => {
	const form = new FormData();
	fill(form);
	return partsOf({ contentType: form.getHeaders()['content-type'] ?? '', bytes: form.getBuffer() });
};

const fileNames = [
	'photo.png',
	'two words.png',
	'say "cheese".png',
	'two\nlines.png',
	'two\r\nlines.png',
	'日本 – été.png',
	'back\\slash.png',
	'semi;colon=1.png',
	'100%.png',
	'already%22escaped.png',
];

test.each(fileNames)('a file named %j is sent as form-data sends it', async (fileName) => {
	const [image, mask] = [smallPng, await paintMask({ width: 20, height: 20 })];
	await bench.run(
		{ ...submitObjects, removalArea: 'maskBinary' },
		[
			{
				binary: {
					data: { bytes: image, fileName, mimeType: 'image/png' },
					mask: { bytes: mask, fileName: 'mask.png', mimeType: 'image/png' },
				},
			},
		],
		{ credential: { ...bench.credential, baseUrl } },
	);

	const expected = asFormDataBuilds((form) => {
		form.append('sync', '0');
		form.append('image_file', image, { filename: fileName, contentType: 'image/png' });
		form.append('mask_file', mask, { filename: 'mask.png', contentType: 'image/png' });
	});
	expect(bodies.map(partsOf)).toEqual([expected]);
});

test('text fields are sent as form-data sends them', async () => {
	const imageUrl = 'https://example.com/%C3%A9?a=%22&b=1';
	await bench.run(
		{
			operation: 'removeObjects',
			imageSource: 'url',
			imageUrl,
			rectangles: { rectangle: [{ x: 1, y: 2, width: 3, height: 4 }] },
			options: { resultTransfer: 'base64', waitForCompletion: false },
		},
		[{}],
		{ credential: { ...bench.credential, baseUrl } },
	);

	const expected = asFormDataBuilds((form) => {
		form.append('sync', '0');
		form.append('return_type', '2');
		form.append('rectangles', '[{"x":1,"y":2,"width":3,"height":4}]');
		form.append('image_url', imageUrl);
	});
	expect(bodies.map(partsOf)).toEqual([expected]);
});

/**
 * Quotes and line breaks travel by the browsers' rules (RFC 7578, section 4.2 allows it): as %22,
 * %0D and %0A, never with a backslash. A server that does not decode them sees a harmless name.
 */
test.each(fileNames)('a file named %j arrives under a sensible name', async (fileName) => {
	const item = { binary: { data: { bytes: smallPng, fileName, mimeType: 'image/png' } } };
	await bench.run(submitObjects, [item]);

	const received = bench.creates()[0]?.files.image_file?.fileName ?? '';
	const decode = (name: string) =>
		name.replace(/%(22|0D|0A)/g, (_whole, hex: string) =>
			String.fromCharCode(Number.parseInt(hex, 16)),
		);
	expect(received).not.toMatch(/["\r\n]/);
	expect(decode(received)).toBe(decode(fileName));
	expect(onlyTask(bench.sandbox).taskType).toBe('removeObjects');
});

test('a large file is sent whole, and its length is announced', async () => {
	const bytes = Buffer.concat([smallPng, Buffer.alloc(3_000_000, 'pixels')]);
	const item = { binary: { data: { bytes, fileName: 'large.png', mimeType: 'image/png' } } };
	await bench.run({ operation: 'removeWatermark', options: { waitForCompletion: false } }, [item], {
		credential: { ...bench.credential, baseUrl },
	});

	const expected = asFormDataBuilds((form) => {
		form.append('sync', '0');
		form.append('file', bytes, { filename: 'large.png', contentType: 'image/png' });
	});
	// Compared as a truth, or a failure would print three megabytes.
	expect(JSON.stringify(bodies.map(partsOf)) === JSON.stringify([expected])).toBe(true);
});
