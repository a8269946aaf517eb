import { samples } from '../sandbox/samples/samples';
import { sha256 } from '../sandbox/sha256';
import { paint } from './pictures';
import {
	binaryOf,
	onlyItem,
	onlyTask,
	oneRectangle,
	quickWatermark,
	useBench,
	withPicture,
} from './setup';

const bench = useBench();

const operations = ['removeObjects', 'removeWatermark'] as const;
const sources = ['binary', 'url'] as const;
const modes = ['async', 'sync'] as const;
const cases = operations.flatMap((operation) =>
	sources.flatMap((source) => modes.map((mode) => ({ operation, source, mode }))),
);

const wire = {
	removeObjects: { path: '/api/tasks/visual/inpaint', binary: 'image_file', url: 'image_url' },
	removeWatermark: {
		path: '/api/tasks/visual/external/watermark-remove',
		binary: 'file',
		url: 'url',
	},
};

test.each(cases)('$operation of a $source image, $mode', async ({ operation, source, mode }) => {
	const { path, [source]: sourceField } = wire[operation];
	const picture = await paint('jpeg');
	const imageUrl = `${bench.sandbox.resultsUrl}/samples/${samples.watermarked.file}`;
	const run = await bench.run(
		{
			operation,
			imageSource: source,
			imageUrl,
			...(operation === 'removeObjects' && { rectangles: oneRectangle }),
			options: { requestMode: mode },
		},
		[source === 'binary' ? withPicture(picture, 'a photo.jpg', 'image/jpeg') : {}],
	);

	const item = onlyItem(run);
	const { taskId, resultSha256 } = onlyTask(bench.sandbox);
	expect(item.json.taskId).toBe(taskId);

	const requests = bench.sandbox.requests.filter((one) => one.taskId === taskId);
	// A look may come too early, so there may be several.
	const way = mode === 'sync' ? /^create download$/ : /^create( query)+ download$/;
	expect(requests.map(({ kind }) => kind).join(' ')).toMatch(way);
	const [create, query] = requests;
	expect(create).toMatchObject({ method: 'POST', url: path, status: 200 });
	if (mode === 'async') expect(query).toMatchObject({ method: 'GET', url: `${path}/${taskId}` });

	const area = operation === 'removeObjects' ? ['rectangles'] : [];
	expect(create?.partOrder).toEqual(['sync', ...area, sourceField]);
	expect(create?.fields).toEqual({
		sync: mode === 'sync' ? '1' : '0',
		...(operation === 'removeObjects' && { rectangles: JSON.stringify(oneRectangle.rectangle) }),
		...(source === 'url' && { [sourceField]: imageUrl }),
	});
	const sent = {
		fileName: 'a photo.jpg',
		mimeType: 'image/jpeg',
		bytes: picture.length,
		sha256: sha256(picture),
	};
	expect(Object.entries(create?.files ?? {})).toMatchObject(
		source === 'binary' ? [[sourceField, sent]] : [],
	);

	const binary = binaryOf(item);
	expect(sha256(await run.bytes(binary))).toBe(resultSha256);
	expect(binary).toMatchObject({ mimeType: 'image/jpeg', fileExtension: 'jpg' });
});

test('a create says how long its body is, what it accepts, and carries the key', async () => {
	await bench.run(quickWatermark);

	const [create] = bench.creates();
	expect(create?.headers).toMatchObject({
		'x-api-key': bench.sandbox.apiKey,
		accept: 'application/json',
		'content-type': expect.stringMatching(/^multipart\/form-data; boundary=\S+$/),
		'content-length': expect.stringMatching(/^\d+$/),
	});
	expect(create?.headers).not.toHaveProperty('transfer-encoding');
});

test.each([
	{ transfer: 'url', returnType: undefined, downloads: 1, resultUrl: expect.any(String) },
	{ transfer: 'base64', returnType: '2', downloads: 0, resultUrl: null },
])('result transfer $transfer', async ({ transfer, returnType, downloads, resultUrl }) => {
	const run = await bench.run({
		operation: 'removeObjects',
		rectangles: oneRectangle,
		options: { requestMode: 'sync', resultTransfer: transfer },
	});

	expect(bench.creates().map(({ fields }) => fields.return_type)).toEqual([returnType]);
	const seen = bench.sandbox.requests.filter(({ kind }) => kind === 'download');
	expect(seen).toHaveLength(downloads);
	const item = onlyItem(run);
	expect(item.json.resultUrl).toEqual(resultUrl);
	expect(sha256(await run.bytes(binaryOf(item)))).toBe(onlyTask(bench.sandbox).resultSha256);
});

test('Remove Watermark sends no return type, which its endpoint does not know', async () => {
	const options = { requestMode: 'sync', resultTransfer: 'base64' };
	const run = await bench.run({ operation: 'removeWatermark', options });

	expect(run.status).toBe('success');
	expect(bench.creates().map(({ fields }) => fields)).toEqual([{ sync: '1' }]);
});
