/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { INode, INodeParameters } from 'n8n-workflow';
import sharp from 'sharp';

import { samplesFolder } from '../sandbox/results';
import { samples, sampleSize } from '../sandbox/samples/samples';
import { sha256 } from '../sandbox/sha256';
import { openEditor } from './editor/editor';
import {
	type ExampleServer,
	expectSuccess,
	jsonOf,
	startExampleServer,
} from './server/exampleServer';
import { binaryOf, outputOf } from './server/executions';
import { startLoopback } from './server/loopback';
import { waitUntil } from './server/waitUntil';
import {
	copyWorkflow,
	findWorkflow,
	publish,
	publishForm,
	runWorkflow,
} from './server/workflowRuns';
import { type Drive, startDrive } from './standIns/drive';
import { type Gemini, startGemini } from './standIns/gemini';
import { type Shopify, startShopify } from './standIns/shopify';
import { startTelegram, type Telegram } from './standIns/telegram';
import { startWordPress, type WordPress } from './standIns/wordPress';

const replyTimeoutMs = 60_000;

/**
 * The examples that talk to other services, against stand-ins on this machine. The nodes of Google
 * Drive and Shopify know no other address: an HTTP Request node of the same name takes their place.
 */
describe('The example workflows with other services', () => {
	let server: ExampleServer;
	let drive: Drive;
	let gemini: Gemini;
	let shopify: Shopify;
	let telegram: Telegram;
	let wordPress: WordPress;
	let mug: Buffer;
	/** A picture that Remove Watermark does not take. */
	let webp: Buffer;

	beforeAll(async () => {
		mug = await readFile(path.join(samplesFolder, samples.watermarked.file));
		webp = await sharp(mug).webp().toBuffer();
		server = await startExampleServer('recipes', async (opened, { resultsUrl }) => {
			const pictures = [samples.watermarked.file, 'deleted.jpg'].map(
				(file) => `${resultsUrl}/samples/${file}`,
			);
			drive = opened.add(await startDrive({ 'Mug red.jpg': mug, 'Cup.webp': webp }));
			gemini = opened.add(await startGemini());
			shopify = opened.add(await startShopify(pictures));
			telegram = opened.add(await startTelegram(async () => mug));
			wordPress = opened.add(await startWordPress(pictures.slice(0, 1)));
			return {
				gemini: gemini.url,
				shopify: shopify.url,
				telegram: telegram.url,
				wordPress: wordPress.url,
			};
		});
	});

	afterAll(async () => await server?.close());

	/** Of the task that was created last. */
	const lastResult = () => server.resultSha256(server.sandbox.tasks.at(-1)?.taskId);

	/** Runs a copy of an example in which some nodes are replaced, by name. */
	const runWith = async (index: number, nodes: Record<string, Partial<INode>>) => {
		const example = await findWorkflow(server.session, `PicWish example ${index}`);
		const id = await copyWorkflow(server.session, example, (node) => ({
			...node,
			...nodes[node.name],
		}));
		return await runWorkflow(server.session, id);
	};

	test('6: whoever opens the form gets the photo back, or is told why not', async () => {
		const { id } = await findWorkflow(server.session, 'PicWish example 6');
		const form = await publishForm(server, id);
		const editor = await openEditor(server, 'light');
		try {
			const { page } = editor;
			const open = async (name: string, buffer: Buffer) => {
				await page.goto(form);
				await page
					.locator('input[type=file]')
					.setInputFiles({ name, mimeType: 'image/jpeg', buffer });
			};
			await open('mug.jpg', mug);
			await editor.screenshot('example-6-form');
			const download = page.waitForEvent('download', { timeout: replyTimeoutMs });
			await page.getByRole('button', { name: 'Remove the watermark' }).click();
			const file = await download;
			expect(file.suggestedFilename()).toBe('mug-no-watermark.jpg');
			expect(sha256(await readFile(await file.path()))).toBe(lastResult());
			await page.getByText('Your photo is clean').waitFor();
			await editor.screenshot('example-6-result');

			await open('holiday.jpg', webp);
			await page.getByRole('button', { name: 'Remove the watermark' }).click();
			await page.getByText('This photo could not be cleaned').waitFor({ timeout: replyTimeoutMs });
			await page.getByText(/JPEG/).first().waitFor();
			await editor.screenshot('example-6-refused');
		} finally {
			await editor.close();
		}
	});

	test('7: cleans a folder of Google Drive, keeps names, sets failures apart', async () => {
		const request = (parameters: INodeParameters): Partial<INode> => ({
			type: 'n8n-nodes-base.httpRequest',
			typeVersion: 4.2,
			parameters: { options: {}, ...parameters },
			credentials: {},
		});
		const outcome = await runWith(7, {
			'Photos in folder': request({ url: `${drive.url}/files` }),
			'Download photo': request({
				url: `=${drive.url}/files/{{ $json.id }}`,
				options: { response: { response: { responseFormat: 'file' } } },
			}),
			'Upload clean photo': request({
				method: 'PUT',
				url: `=${drive.url}/upload?name={{ encodeURIComponent($binary.data.fileName) }}`,
				sendBody: true,
				contentType: 'binaryData',
				inputDataFieldName: 'data',
			}),
		});
		expectSuccess(outcome);
		expect([...drive.uploads.keys()]).toEqual(['Mug red.jpg']);
		expect(sha256(drive.uploads.get('Mug red.jpg') ?? Buffer.of())).toBe(lastResult());
		expect(jsonOf(outputOf(outcome, 'Failed photos'))).toEqual([
			{
				name: 'Cup.webp',
				reason: expect.stringContaining('WebP'),
				advice: expect.stringContaining('JPEG'),
			},
		]);
	});

	test('8: a Telegram bot sends the photo back, or says why not', async () => {
		const { id } = await findWorkflow(server.session, 'PicWish example 8');
		await publish(server.session, id);
		await waitUntil('the bot to listen', async () => telegram.isListening() || undefined, {
			timeoutMs: replyTimeoutMs,
		});
		const said = async (count: number) =>
			await waitUntil('the bot to speak', async () => telegram.said[count - 1], {
				timeoutMs: replyTimeoutMs,
			});

		await telegram.deliver({ text: 'Hello' });
		expect(await said(1)).toEqual({
			chatId: '42',
			text: expect.stringContaining('Send me a photo'),
		});

		await telegram.deliver({ photo: [{ file_id: 'small' }, { file_id: 'large' }] });
		const { chatId, file } = await said(2);
		expect(chatId).toBe('42');
		expect(sha256(file?.bytes ?? Buffer.of())).toBe(lastResult());
		expect(telegram.requests.some(({ body }) => body.includes('"large"'))).toBe(true);

		server.sandbox.addFault({ kind: 'create', act: { type: 'failTask', state: -7 } });
		await telegram.deliver({ document: { file_id: 'scan', mime_type: 'image/jpeg' } });
		expect(await said(3)).toEqual({
			chatId: '42',
			text: expect.stringMatching(/^\S.+\n\S.+/),
		});
	});

	test('9: adds clean pictures to a media library, with their texts', async () => {
		const outcome = await server.run(9);
		expectSuccess(outcome);
		expect(wordPress.uploads).toEqual([
			{
				contentType: 'image/jpeg',
				disposition: 'attachment; filename="mug-watermarked-no-watermark.jpg"',
				bytes: expect.any(Buffer),
				texts: { title: 'Picture 1', alt_text: 'What picture 1 shows' },
			},
		]);
		expect(sha256(wordPress.uploads[0]?.bytes ?? Buffer.of())).toBe(lastResult());
	});

	test('10: adds clean photos to a product, at the place of the originals', async () => {
		const outcome = await runWith(10, {
			Products: {
				type: 'n8n-nodes-base.httpRequest',
				typeVersion: 4.2,
				parameters: { url: `${shopify.url}/products`, options: {} },
				credentials: {},
			},
		});
		expectSuccess(outcome);
		expect(shopify.added).toHaveLength(1);
		expect(shopify.added[0]).toMatchObject({ product: '1', position: 1, alt: 'Photo 1' });
		expect(sha256(shopify.added[0]?.bytes ?? Buffer.of())).toBe(
			server.resultSha256(outputOf(outcome, 'Remove watermarks')[0]?.json.taskId),
		);
		expect(jsonOf(outputOf(outcome, 'Failed photos'))).toEqual([
			{
				name: expect.stringContaining('deleted.jpg'),
				reason: expect.stringMatching(/\w+/),
				advice: expect.stringMatching(/\w+/),
			},
		]);
	});

	test('11: removes what Gemini found, and leaves a photo in which it found nothing', async () => {
		const outcome = await server.run(11);
		expectSuccess(outcome);
		expect(gemini.asked()).toContain('Find every note, sticker and price tag');
		expect(outputOf(outcome, 'Remove it')[0]?.json).toMatchObject({
			status: 'completed',
			removalArea: { shapes: 2, labels: ['note', 'sticker'] },
		});
		expect(await server.pictureSha256(outcome, 'Remove it')).toBe(lastResult());
		// Rounded to thousandths by the model and outwards by the node, then grown by 6 pixels.
		const sent = server.sandbox.requests.findLast(({ fields }) => fields.rectangles !== undefined);
		const rectangles: typeof samples.untidy.areas = JSON.parse(sent?.fields.rectangles ?? '[]');
		expect(rectangles).toHaveLength(2);
		for (const [index, area] of samples.untidy.areas.entries()) {
			const rectangle = rectangles[index];
			expect(Math.abs((rectangle?.x ?? 0) - (area.x - 6))).toBeLessThanOrEqual(2);
			expect(Math.abs((rectangle?.width ?? 0) - (area.width + 12))).toBeLessThanOrEqual(3);
		}

		const before = server.sandbox.tasks.length;
		gemini.answerWith('```json\n[]\n```');
		const nothing = await server.run(11);
		expectSuccess(nothing);
		expect(server.sandbox.tasks).toHaveLength(before);
		expect(outputOf(nothing, 'Remove it')[0]?.json.status).toBe('unchanged');
		expect(await server.pictureSha256(nothing, 'Remove it')).toBe(
			await server.pictureSha256(nothing, 'Photo'),
		);
	});

	test('12: marks the same corner in photos of all sizes, and shows it before', async () => {
		const sizes = [sampleSize, { width: 640, height: 900 }];
		const photos = await startLoopback(async ({ path: at }, response) => {
			const size = sizes[Number(/\d/.exec(at)?.[0])];
			const photo = await sharp(mug)
				.resize({ ...size, fit: 'fill' })
				.jpeg()
				.toBuffer();
			response.setHeader('content-type', 'image/jpeg').end(photo);
		});
		const list = sizes.map((_, index) => ({ photoUrl: `${photos.url}/photo-${index}.jpg` }));
		const Photos: Partial<INode> = {
			parameters: { mode: 'raw', jsonOutput: JSON.stringify({ photos: list }), options: {} },
		};
		try {
			const outcome = await runWith(12, { Photos });
			expectSuccess(outcome);
			const creates = server.sandbox.requests.filter(({ fields }) => fields.rectangles);
			expect(creates.slice(-2).map(({ fields }) => JSON.parse(fields.rectangles ?? ''))).toEqual(
				sizes.map(({ width, height }) => [
					{ x: width - 40 - 220, y: height - 30 - 90, width: 220, height: 90 },
				]),
			);

			const example = await findWorkflow(server.session, 'PicWish example 12');
			const remove = example.nodes.find(({ name }) => name === 'Remove logo');
			const tasks = server.sandbox.tasks.length;
			const preview = await runWith(12, {
				Photos,
				'Remove logo': { parameters: { ...remove?.parameters, operation: 'previewArea' } },
			});
			expectSuccess(preview);
			expect(server.sandbox.tasks).toHaveLength(tasks);
			for (const [index, { width, height }] of sizes.entries()) {
				const item = outputOf(preview, 'Remove logo')[index];
				expect(item?.json).toMatchObject({ status: 'preview', removalArea: { shapes: 1 } });
				const area = sharp(await binaryOf(server.session, item)).greyscale();
				expect(await area.metadata()).toMatchObject({ format: 'png', width, height });
				const corner = { left: width - 260, top: height - 120, width: 220, height: 90 };
				// Statistics are of the file as it is read, so the part is made one first.
				const part = sharp(await area.clone().extract(corner).png().toBuffer());
				expect((await part.stats()).channels[0]?.min).toBe(255);
				const share = (220 * 90) / (width * height);
				expect((await area.stats()).channels[0]?.mean).toBeCloseTo(255 * share, 1);
			}
		} finally {
			await photos.close();
		}
	});
});
