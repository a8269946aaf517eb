/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- test code, runs on a developer's machine */
import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { UrlImages } from '../../nodes/PicWish/input/urlImages';
import { Stop } from '../../nodes/PicWish/schedule/stop';
import { smallPng, smallSide } from '../contract/pictures';
import { HeldClock } from './schedule/heldClock';

const MB = 2 ** 20;
const source = {
	url: 'https://host.example/a.png',
	fileName: 'a.png',
	taskType: 'removeWatermark',
} as const;

/** How much of something happens at once. */
function atOnce() {
	let now = 0;
	const seen = { most: 0 };
	const takeTime = async () => {
		seen.most = Math.max(seen.most, ++now);
		for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
		now--;
	};
	return { seen, takeTime };
}

/** Images of one host that answers all requests alike; n8n keeps files in memory, or in a store. */
function imagesOf(file: Buffer, { headers = {}, inMemory = false } = {}) {
	const clock = new HeldClock();
	const open = async () =>
		await Promise.resolve({
			status: 200,
			headers: { 'content-length': String(file.length), ...headers },
			body: Readable.from([file]),
		});
	const files = new Map<string, Buffer>();
	const storing = atOnce();
	const helpers = {
		async prepareBinaryData(body: Readable | Buffer, fileName: string, mimeType: string) {
			const bytes = Buffer.isBuffer(body) ? body : await buffer(body);
			await storing.takeTime();
			const id = `store:${files.size}`;
			files.set(id, bytes);
			const binary = { fileName, mimeType, data: bytes.toString('base64') };
			return inMemory ? binary : { ...binary, id, bytes: bytes.length };
		},
		getBinaryStream: async (id: string) => await Promise.resolve(Readable.from([files.get(id)])),
	};
	const context = { helpers } as unknown as IExecuteFunctions;
	const images = new UrlImages(context, { http: { open }, clock, stop: new Stop(clock) });
	return { images, storing };
}

const code = (message: RegExp) => ({
	details: { code: 'INVALID_INPUT', message: expect.stringMatching(message) },
});

test('a head says format, size and orientation', async () => {
	const { images } = imagesOf(smallPng);
	expect(await images.readHead(source, false)).toEqual({
		content: { name: 'PNG', format: 'png' },
		size: { width: smallSide, height: smallSide },
		orientation: 1,
	});
});

test.each([
	[30 * MB, false, undefined],
	[30 * MB + 1, false, /larger than 30 MB/],
	[30 * MB + 1, true, undefined],
	[50 * MB + 1, true, /larger than 50 MB/],
])('a file of %i bytes, to be uploaded by n8n: %p', async (bytes, forUpload, refused) => {
	const { images } = imagesOf(smallPng, { headers: { 'content-length': String(bytes) } });
	const read = images.readHead(source, forUpload);
	if (refused) await expect(read).rejects.toMatchObject(code(refused));
	else expect(await read).toHaveProperty('size.width', smallSide);
});

test.each([
	['a page', Buffer.from('<!doctype html><p>Sign in'), {}],
	['what is called a page', Buffer.from('Sign in'), { 'content-type': 'text/html; charset=utf-8' }],
])('%s is no image', async (_name, file, headers) => {
	const { images } = imagesOf(file, { headers });
	await expect(images.readHead(source, false)).rejects.toMatchObject(code(/page/));
	await expect(images.download(source, async () => await Promise.resolve())).rejects.toMatchObject(
		code(/page/),
	);
});

test('an image that is called a page is one all the same', async () => {
	const { images } = imagesOf(smallPng, { headers: { 'content-type': 'text/html' } });
	expect(await images.readHead(source, false)).toHaveProperty('content.name', 'PNG');
});

test('a downloaded image has the type of its bytes, whatever the host calls it', async () => {
	const { images } = imagesOf(smallPng, { headers: { 'content-type': 'image/gif' } });
	const { picture, binary } = await images.download(
		source,
		async (picture: { bytes: number }, binary: IBinaryData) =>
			await Promise.resolve({ picture, binary }),
	);
	expect(binary).toMatchObject({ mimeType: 'image/png', fileName: 'a.png' });
	expect(picture.bytes).toBe(smallPng.length);
});

test.each([
	['in memory, one image is downloaded and used at a time', true, 1, 1],
	['in a store, four are downloaded at a time, and used by as many as want', false, 4, 6],
])('%s', async (_name, inMemory, downloads, uses) => {
	const { images, storing } = imagesOf(smallPng, { inMemory });
	const using = atOnce();
	const use = async () => {
		for (let i = 0; i < 10; i++) await using.takeTime();
	};
	await Promise.all(Array.from({ length: 6 }, async () => await images.download(source, use)));
	expect([storing.seen.most, using.seen.most]).toEqual([downloads, uses]);
});

test('a download that fails leaves its place to the next', async () => {
	const { images } = imagesOf(Buffer.from('GIF89a'));
	for (let i = 0; i < 3; i++) {
		const work = images.download(source, async () => await Promise.resolve());
		await expect(work).rejects.toMatchObject(code(/GIF/));
	}
});
