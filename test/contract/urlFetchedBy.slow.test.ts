import sharp from 'sharp';
import type { Run } from '../engine/runResult';
import type { BinaryMode } from '../engine/n8n';
import { sha256 } from '../sandbox/sha256';
import { paint, paintTurnedJpeg } from './pictures';
import { binaryOf, errorOf, onlyItem, oneRectangle, useBench } from './setup';
import { endless, packed, page, redirect, refuse, useWebHost, whole, type Answer } from './webHost';

const host = useWebHost();

/** Told apart by its name, as the sandbox's own request is. */
const onlyForN8n =
	(answer: Answer): Answer =>
	(request, response) =>
		request.headers['user-agent'] === 'node'
			? response.writeHead(403).end()
			: answer(request, response);

const modes: BinaryMode[] = ['default', 'filesystem', 'database'];

describe.each(modes)('binary data mode %s', (binaryMode) => {
	const bench = useBench({ binaryMode });

	const runOn = async (imageUrl: string, options: Record<string, unknown>, more = {}) =>
		await bench.run(
			{
				operation: 'removeObjects',
				imageSource: 'url',
				imageUrl,
				rectangles: oneRectangle,
				options,
				...more,
			},
			[{ json: {} }],
			{ node: { onError: 'continueRegularOutput' } },
		);

	/** Of the image, as each create carried it. */
	const sources = () =>
		bench
			.creates()
			.map(({ fields, files }) => fields.image_url ?? files.image_file?.sha256 ?? 'nothing');

	async function expectCleaned(run: Run) {
		const item = onlyItem(run);
		expect(item.json).toMatchObject({ status: 'completed', fileName: 'a.png' });
		const binary = binaryOf(item);
		expect(binary.fileName).toBe('a-no-objects.png');
		expect((await run.bytes(binary)).length).toBeGreaterThan(0);
	}

	test('n8n: it downloads the image into its store, and uploads it', async () => {
		const picture = await paint('png');
		const url = host.serve('/a.png', whole(picture));
		await expectCleaned(await runOn(url, { urlFetchedBy: 'n8n', requestMode: 'sync' }));

		expect(sources()).toEqual([sha256(picture)]);
		expect(bench.creates()[0]?.files.image_file).toMatchObject({
			fileName: 'a.png',
			bytes: picture.length,
		});
		expect(host.asked.map(({ headers }) => headers.range)).toEqual(['bytes=0-65535', undefined]);
		expect(JSON.stringify(host.asked)).not.toContain(bench.sandbox.apiKey);
	});

	test.each<[string, (file: Buffer) => Answer]>([
		['packed', packed],
		['without a length', (file) => (_request, response) => response.end(file)],
		['behind a redirect', (file) => redirect(host.serve('/b', whole(file)))],
	])('n8n: also %s', async (_name, serve) => {
		const picture = await paint('png', { width: 300, height: 200 });
		const url = host.serve('/a.png', serve(picture));
		await expectCleaned(await runOn(url, { urlFetchedBy: 'n8n', requestMode: 'sync' }));

		expect(sources()).toEqual([sha256(picture)]);
	});

	test('picwish: only PicWish opens the address', async () => {
		const url = host.serve('/a.png', whole(await paint('png')));
		await expectCleaned(await runOn(url, { urlFetchedBy: 'picwish' }));

		expect(sources()).toEqual([url]);
		expect(host.asked).toHaveLength(0);
	});

	test('auto: PicWish opens it where it can', async () => {
		const url = host.serve('/a.png', whole(await paint('png')));
		await expectCleaned(await runOn(url, {}));

		expect(sources()).toEqual([url]);
		expect(host.asked).toHaveLength(0);
	});

	test.each(['sync', 'async'])(
		'auto: where it cannot, n8n uploads it (%s)',
		async (requestMode) => {
			const picture = await paint('png');
			const url = host.serve('/a.png', onlyForN8n(whole(picture)));
			const run = await runOn(url, { requestMode });
			await expectCleaned(run);

			expect(sources()).toEqual([url, sha256(picture)]);
			expect(onlyItem(run).json.taskId).toBe(bench.sandbox.tasks[1]?.taskId);
			expect(run.hints).toEqual([]);
		},
	);

	test('auto: a batch of them, all cleaned', async () => {
		const pictures = await Promise.all(
			[21, 22, 23, 24, 25, 26].map(async (width) => await paint('png', { width, height: 20 })),
		);
		const items = pictures.map((picture, index) => ({
			json: { url: host.serve(`/${index}.png`, onlyForN8n(whole(picture))) },
		}));
		const run = await bench.run(
			{ operation: 'removeWatermark', imageSource: 'url', imageUrl: '={{ $json.url }}' },
			items,
		);

		const results = await Promise.all(
			(run.outputs[0] ?? []).map(async (item) => sha256(await run.bytes(binaryOf(item)))),
		);
		expect(results).toEqual(pictures.map(sha256));
		expect(run.outputs[0]?.map(({ json }) => json.fileName)).toEqual(
			pictures.map((_picture, index) => `${index}.png`),
		);
	});
});

describe('when it does not go well', () => {
	const bench = useBench({ binaryMode: 'filesystem' });

	const run = async (
		answer: Answer,
		options: Record<string, unknown>,
		more: Record<string, unknown> = {},
	) =>
		await bench.run(
			{
				operation: 'removeWatermark',
				imageSource: 'url',
				imageUrl: host.serve('/a.png', answer),
				// The quickest way, where a test does not want another.
				options: { requestMode: 'sync', ...options },
				...more,
			},
			[{}],
			{ node: { onError: 'continueRegularOutput' } },
		);
	const big = async (bytes: number) => Buffer.concat([await paint('png'), Buffer.alloc(bytes)]);

	test.each<[string, Answer, RegExp, RegExp]>([
		['a web page', page, /leads to a web page, not to an image/, /private window/],
		['status 404', refuse(404), /status 404/, /login/],
		['nothing', whole(Buffer.alloc(0)), /is empty/, /./],
	])(
		'n8n: %s is INVALID_INPUT, before any request',
		async (_name, answer, message, description) => {
			const error = errorOf(onlyItem(await run(answer, { urlFetchedBy: 'n8n' })));

			expect(error).toMatchObject({
				code: 'INVALID_INPUT',
				message: expect.stringMatching(message),
				description: expect.stringMatching(description),
				fileName: 'a.png',
			});
			expect(bench.sandbox.requests).toHaveLength(0);
		},
	);

	test('n8n: so is a format that the task does not take, and it is not downloaded', async () => {
		const webp = await paint('webp');
		const error = errorOf(onlyItem(await run(endless(webp), { urlFetchedBy: 'n8n' })));

		expect(error).toMatchObject({
			code: 'INVALID_INPUT',
			message: expect.stringContaining('does not accept WebP files'),
		});
		expect(bench.sandbox.requests).toHaveLength(0);
		await host.quiet();
		expect(host.sentBytes()).toBeLessThan(12_000_000);
	});

	test('n8n: so are too few pixels', async () => {
		const small = await paint('png', { width: 10, height: 10 });
		const error = errorOf(onlyItem(await run(whole(small), { urlFetchedBy: 'n8n' })));

		expect(error).toMatchObject({
			code: 'INVALID_INPUT',
			message: expect.stringContaining('10 × 10 pixels'),
		});
	});

	test.each<[string, () => Promise<Answer>]>([
		['that are announced', async () => whole(await big(51 * 1024 * 1024))],
		['that do not end', async () => endless(await paint('png'))],
	])('n8n: so are more than 50 MB %s', async (_name, serve) => {
		const error = errorOf(onlyItem(await run(await serve(), { urlFetchedBy: 'n8n' })));

		expect(error).toMatchObject({
			code: 'INVALID_INPUT',
			message: expect.stringContaining('larger than 50 MB'),
		});
		await host.quiet();
		expect(host.sentBytes()).toBeLessThan(65 * 1024 * 1024);
		expect(bench.sandbox.requests).toHaveLength(0);
	});

	test.each<[string, Answer]>([
		['status 500', refuse(500)],
		['a broken connection', (request) => request.socket.destroy()],
	])('n8n: %s is NETWORK_ERROR, and retryable', async (_name, answer) => {
		const error = errorOf(onlyItem(await run(answer, { urlFetchedBy: 'n8n' })));

		expect(error).toMatchObject({ code: 'NETWORK_ERROR', retryable: true, fileName: 'a.png' });
		expect(bench.sandbox.requests).toHaveLength(0);
	});

	test.each<[string, Answer, RegExp, boolean]>([
		[
			'a page',
			page,
			/could not download .*; n8n could not either: the address leads to a web page/,
			false,
		],
		['status 503', refuse(503), /could not download .*; n8n could not either \[item 0\]$/, true],
	])('auto: both reasons are told (%s)', async (_name, answer, message, retryable) => {
		const forPicWish = refuse(403);
		const error = errorOf(
			onlyItem(
				await run(
					(request, response) =>
						request.headers['user-agent'] === 'node'
							? forPicWish(request, response)
							: answer(request, response),
					{},
				),
			),
		);

		expect(error).toMatchObject({
			code: 'TASK_FAILED',
			state: -3,
			taskId: bench.sandbox.tasks[0]?.taskId,
			message: expect.stringMatching(message),
			retryable,
		});
		expect(bench.creates()).toHaveLength(1);
	});

	test('picwish: n8n does not try it', async () => {
		const error = errorOf(onlyItem(await run(refuse(403), { urlFetchedBy: 'picwish' })));

		expect(error).toMatchObject({ code: 'TASK_FAILED', state: -3 });
		expect(host.asked).toHaveLength(0);
		expect(bench.creates()).toHaveLength(1);
	});

	test('auto: without waiting nobody sees the failure, so nothing is uploaded', async () => {
		const { json } = onlyItem(
			await run(refuse(403), { requestMode: 'async', waitForCompletion: false }),
		);

		expect(json.status).toBe('submitted');
		const taskType = 'removeWatermark';
		const later = await bench.run(
			{ operation: 'getResult', taskType, taskId: String(json.taskId) },
			[{}],
			{ node: { onError: 'continueRegularOutput' } },
		);
		expect(errorOf(onlyItem(later))).toMatchObject({ code: 'TASK_FAILED', state: -3 });
		expect(host.asked).toHaveLength(0);
		expect(bench.creates()).toHaveLength(1);
	});

	test('auto: another failure than the download is no reason to upload', async () => {
		const act = { type: 'failTask', state: -10 } as const;
		bench.sandbox.addFault({ kind: 'create', act });
		const error = errorOf(onlyItem(await run(whole(await paint('png')), {})));

		expect(error).toMatchObject({ code: 'TASK_FAILED', state: -10 });
		expect(host.asked).toHaveLength(0);
	});

	test.each([
		['auto', true],
		['n8n', true],
		['picwish', false],
	])('%s: a turned photo whose head was read is uploaded: %s', async (urlFetchedBy, uploaded) => {
		const photo = await paintTurnedJpeg();
		await run(
			whole(photo),
			{ urlFetchedBy, requestMode: 'async', waitForCompletion: false },
			{
				operation: 'removeObjects',
				rectangleUnit: 'percent',
				rectangles: { rectangle: [{ x: 0, y: 0, width: 50, height: 50 }] },
			},
		);

		const [create] = bench.creates();
		expect(Object.keys(create?.files ?? {})).toEqual(uploaded ? ['image_file'] : []);
	});

	test.each([
		['n8n', (file: Buffer) => whole(file)],
		['auto', (file: Buffer) => onlyForN8n(whole(file))],
	])(
		'%s: a turned photo is uploaded as an upright one, the area as it is seen, and a hint tells of it',
		async (by, serve) => {
			const photo = await paintTurnedJpeg();
			const rectangle = [{ x: 0, y: 0, width: 30, height: 10 }];
			const done = await run(
				serve(photo),
				{ urlFetchedBy: by },
				{ operation: 'removeObjects', rectangles: { rectangle } },
			);

			const upload = bench.creates().at(-1);
			// Shown 30 × 40: the top edge as it is seen is the left one as stored.
			expect(JSON.parse(upload?.fields.rectangles ?? '')).toEqual([
				{ x: 0, y: 0, width: 10, height: 30 },
			]);
			expect(upload?.files.image_file?.bytes).toBe(photo.length);
			expect(upload?.files.image_file?.sha256).not.toBe(sha256(photo));
			expect(done.hints[0]?.message).toMatch(/stored rotated/);
			const { orientation } = await sharp(await done.bytes(binaryOf(onlyItem(done)))).metadata();
			expect(orientation).toBe(6);
		},
	);

	test('another value is refused before anybody opens the address', async () => {
		const error = errorOf(
			onlyItem(await run(whole(await paint('png')), { urlFetchedBy: '={{ "ftp" }}' })),
		);

		expect(error).toMatchObject({
			code: 'INVALID_INPUT',
			message: expect.stringMatching(/^URL Fetched By: "ftp" is not one of auto, picwish, n8n/),
		});
		expect(host.asked).toHaveLength(0);
		expect(bench.sandbox.requests).toHaveLength(0);
	});

	test('a failure of the upload is its own', async () => {
		bench.sandbox.addFault({ kind: 'create', act: { type: 'failTask', state: -3 } });
		bench.sandbox.addFault({ kind: 'create', skip: 0, act: { type: 'failTask', state: -9 } });
		const error = errorOf(onlyItem(await run(whole(await paint('png')), {})));

		expect(error).toMatchObject({
			state: -9,
			taskId: bench.sandbox.tasks[1]?.taskId,
			message: expect.not.stringContaining('either'),
		});
		expect(bench.creates()).toHaveLength(2);
	});

	test('a page that PicWish could not read: the message says what it may be', async () => {
		const error = errorOf(onlyItem(await run(page, {})));

		expect(error).toMatchObject({
			state: -7,
			description: expect.stringMatching(/web page: open it in a private window/),
		});
	});

	test('Retry On Fail takes the task of the upload up again', async () => {
		const picture = await paint('png');
		const url = host.serve('/a.png', (request, response) =>
			request.headers['user-agent'] === 'node'
				? refuse(403)(request, response)
				: whole(picture)(request, response),
		);
		const lost = { type: 'respond', status: 404, body: '{"status":404}' } as const;
		bench.sandbox.addFault({ kind: 'query', skip: 1, act: lost });
		const again = await bench.run(
			{ operation: 'removeWatermark', imageSource: 'url', imageUrl: url },
			[{}],
			{ node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 } },
		);

		expect(onlyItem(again).json).toMatchObject({
			status: 'completed',
			taskId: bench.sandbox.tasks[1]?.taskId,
		});
		expect(bench.creates()).toHaveLength(2);
		// Once its head, once all of it.
		expect(host.asked).toHaveLength(2);
	});
});

describe('what n8n keeps in memory', () => {
	const bench = useBench({ binaryMode: 'default' });

	test('is downloaded one at a time', async () => {
		let open = 0;
		let mostOpen = 0;
		const picture = await paint('png');
		const items = Array.from({ length: 8 }, (_, index) => ({
			json: {
				url: host.serve(`/${index}.png`, ({ headers }, response) => {
					if (headers.range) return response.end(picture);
					mostOpen = Math.max(mostOpen, ++open);
					response.on('close', () => open--);
					return response.end(picture);
				}),
			},
		}));
		const options = { urlFetchedBy: 'n8n', waitForCompletion: false };
		const imageUrl = '={{ $json.url }}';
		await bench.run({ operation: 'removeWatermark', imageSource: 'url', imageUrl, options }, items);

		expect(bench.creates()).toHaveLength(8);
		expect(mostOpen).toBe(1);
	});
});
