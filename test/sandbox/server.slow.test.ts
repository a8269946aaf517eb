import { paint } from '../contract/pictures';
import { MEGABYTE } from './taskTypes';
import { sha256 } from './sha256';
import type { Sandbox } from './server';
import { useHeldSandbox } from './useSandbox';
import { type Parts, type SandboxClient, soundParts } from './client';

const OBJECTS_PATH = '/api/tasks/visual/inpaint';

let sandbox: Sandbox;
let client: SandboxClient;
const clock = useHeldSandbox({ requestsPerSecond: 2 }, (...opened) => {
	[sandbox, client] = opened;
});

/** A body of the wanted size that starts like the picture. */
const padded = (picture: Buffer, bytes: number) =>
	Buffer.concat([picture, Buffer.alloc(bytes - picture.length)]);

describe('keys, paths and the request limit', () => {
	test.each(['', 'wrong'])('refuses the key "%s" with 401, for every path', async (key) => {
		const create = await client.create('removeObjects', await soundParts('removeObjects'), key);
		const query = await client.query('removeObjects', 'x', key);
		expect([create.status, query.status]).toEqual([401, 401]);
		expect(create.message).toMatch(/key/);
		expect(sandbox.tasks).toEqual([]);
	});

	test('answers 404 in JSON for unknown tasks, tasks of the other type and unknown paths', async () => {
		const taskId = await client.createSound('removeWatermark');
		clock.at += 1000;
		const replies = [
			await client.query('removeWatermark', '00000000-0000-0000-0000-000000000000'),
			await client.query('removeObjects', taskId),
		];
		expect(replies.map(({ status }) => status)).toEqual([404, 404]);
		const unknown = await fetch(`${sandbox.apiUrl}/api/nothing`, {
			headers: { 'X-API-KEY': sandbox.apiKey },
		});
		expect([unknown.status, await unknown.json()]).toMatchObject([404, { status: 404 }]);
	});

	test('lets two requests through in any second, creates and queries together', async () => {
		const ask = async () => (await client.query('removeObjects', 'x')).status;
		await client.createSound();
		clock.at += 400;
		expect([await ask(), await ask(), await ask()]).toEqual([404, 429, 429]);
		clock.at += 599;
		expect(await ask()).toBe(429);
		clock.at += 1;
		// The refused ones did not count; the query at 400 ms still does.
		expect([await ask(), await ask()]).toEqual([404, 429]);
		clock.at += 400;
		expect([await ask(), await ask()]).toEqual([404, 429]);
	});

	test('answers 429 and 401 without waiting for the body, and the client can read it', async () => {
		await client.createSound();
		await client.createSound();
		const big: Parts = [
			['file', padded(await paint('jpeg', { width: 60, height: 40 }), 8 * MEGABYTE)],
		];
		const limited = await client.create('removeWatermark', big);
		expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, null]);
		expect((await client.create('removeWatermark', big, 'wrong')).status).toBe(401);
		expect(sandbox.requests.slice(2).map(({ files }) => files)).toEqual([{}, {}]);
	});
});

describe('strict multipart', () => {
	let png: Buffer;
	beforeAll(async () => {
		png = await paint('png', { width: 60, height: 40 });
	});
	const rectangles = (list: unknown): [string, string] => ['rectangles', JSON.stringify(list)];
	const whole = { x: 0, y: 0, width: 60, height: 40 };

	const refusedObjects: Array<[string, () => Parts | Promise<Parts>, number, RegExp]> = [
		['no source', () => [rectangles([whole])], 400, /One of image_url, image_file/],
		['no area', () => [['image_file', png]], 400, /One of mask_url, mask_file, rectangles/],
		[
			'two sources',
			() => [['image_file', png], ['image_url', 'http://127.0.0.1/a'], rectangles([whole])],
			400,
			/Only one of image_url, image_file/,
		],
		[
			'two areas',
			() => [['image_file', png], ['mask_file', png], rectangles([whole])],
			400,
			/Only one of mask_file, rectangles/,
		],
		[
			'a part twice',
			() => [
				['sync', '0'],
				['sync', '0'],
			],
			400,
			/sync was sent twice/,
		],
		['an unknown part', () => [['image', png]], 400, /Unknown parameter: image/],
		['the image as text', () => [['image_file', 'text']], 400, /Unknown parameter: image_file/],
		['an empty file', () => [['image_file', Buffer.alloc(0)]], 400, /image_file is empty/],
		['sync=2', () => [['sync', '2']], 400, /sync must be 0 or 1/],
		['return_type=0', () => [['return_type', '0']], 400, /return_type must be 1 or 2/],
		['an FTP URL', () => [['image_url', 'ftp://127.0.0.1/a.png']], 400, /image_url is not/],
		['a URL with a space', () => [['image_url', 'http://127.0.0.1/a b']], 400, /image_url is not/],
		[
			'a GIF',
			async () => [
				['image_file', await paint('gif', { width: 60, height: 40 })],
				rectangles([whole]),
			],
			400,
			/format is not supported/,
		],
		[
			'an AVIF as mask',
			async () => [
				['image_file', png],
				['mask_file', await paint('avif', { width: 60, height: 40 })],
			],
			400,
			/mask_file: the format/,
		],
		[
			'4097 pixels',
			async () => [
				['image_file', await paint('png', { width: 4097, height: 1 })],
				rectangles([whole]),
			],
			400,
			/4097 × 1 pixels/,
		],
		[
			'more than 20 MB',
			() => [['image_file', padded(png, 20 * MEGABYTE + 1)], rectangles([whole])],
			413,
			/larger than 20971520/,
		],
	];
	test.each(refusedObjects)('object removal refuses %s', async (_name, parts, status, message) => {
		const reply = await client.create('removeObjects', await parts());
		expect([reply.status, reply.message]).toEqual([status, expect.stringMatching(message)]);
		expect(sandbox.tasks).toEqual([]);
	});

	const badRectangles: Array<[string, unknown]> = [
		['no list', whole],
		['an empty list', []],
		['51', new Array(51).fill(whole)],
		['a missing height', [{ x: 0, y: 0, width: 1 }]],
		['a further key', [{ ...whole, label: 'cat' }]],
		['numbers as text', [{ ...whole, x: '0' }]],
		['fractions', [{ ...whole, width: 1.5 }]],
		['a negative corner', [{ ...whole, y: -1 }]],
		['no area', [{ ...whole, height: 0 }]],
		['one pixel too wide', [{ ...whole, width: 61 }]],
		['one pixel too low', [{ ...whole, y: 1 }]],
	];
	test.each(badRectangles)('refuses rectangles: %s', async (_name, list) => {
		const reply = await client.create('removeObjects', [['image_file', png], rectangles(list)]);
		expect([reply.status, reply.message]).toEqual([400, expect.stringMatching(/rectangles/)]);
	});

	test('takes 50 rectangles up to the edge, and notes what was sent', async () => {
		const parts: Parts = [
			['sync', '0'],
			rectangles(new Array(50).fill(whole)),
			['image_file', png],
		];
		expect((await client.create('removeObjects', parts)).status).toBe(200);
		const [request] = sandbox.requests;
		expect(request).toMatchObject({
			kind: 'create',
			taskType: 'removeObjects',
			taskId: sandbox.tasks[0]?.taskId,
			method: 'POST',
			url: OBJECTS_PATH,
			port: 'api',
			status: 200,
			partOrder: ['sync', 'rectangles', 'image_file'],
			fields: { sync: '0' },
			files: {
				image_file: {
					fileName: 'image_file.bin',
					bytes: png.length,
					sha256: sha256(png),
					headers: {
						'Content-Disposition': 'form-data; name="image_file"; filename="image_file.bin"',
						'Content-Type': 'application/octet-stream',
					},
				},
			},
		});
		expect(request?.partHeaders[0]).toEqual({ 'Content-Disposition': 'form-data; name="sync"' });
	});

	test('watermark removal has its own formats, sizes and parts', async () => {
		const sound = await paint('bmp', { width: 20, height: 20 });
		const statuses: number[] = [];
		const bodies: Parts[] = [
			[['file', sound]],
			[['file', padded(sound, 50 * MEGABYTE)]],
			[['file', padded(sound, 50 * MEGABYTE + 1)]],
			[['file', await paint('bmp', { width: 19, height: 20 })]],
			[['file', await paint('webp', { width: 60, height: 40 })]],
			[
				['file', sound],
				['return_type', '1'],
			],
			[['image_file', sound]],
		];
		for (const body of bodies) {
			statuses.push((await client.create('removeWatermark', body)).status);
			clock.at += 1000;
		}
		expect(statuses).toEqual([200, 200, 413, 400, 400, 400, 400]);
	});

	test.each(['{"url":"x"}', '--b\r\n\r\nno name\r\n--b--', '--b\r\nContent-Disp'])(
		'answers 400 to a body that is no form: %j',
		async (body) => {
			const type = body.startsWith('{') ? 'application/json' : 'multipart/form-data; boundary=b';
			const response = await fetch(sandbox.apiUrl + OBJECTS_PATH, {
				method: 'POST',
				headers: { 'X-API-KEY': sandbox.apiKey, 'content-type': type },
				body,
			});
			expect([response.status, await response.json()]).toMatchObject([400, { status: 400 }]);
		},
	);
});
