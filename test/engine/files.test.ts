import { startEngine, type Engine } from './engine';
import { createProbePackage } from './fixture/probePackage';
import type { BinaryMode } from './n8n';

const image = Buffer.from('89504e470d0a1a0a00ff00fe', 'hex');

let probePackage: Awaited<ReturnType<typeof createProbePackage>>;
let engine: Engine;

beforeAll(async () => {
	probePackage = await createProbePackage();
});

afterAll(async () => await probePackage.remove());

describe.each<[BinaryMode, RegExp | undefined]>([
	['default', undefined],
	['filesystem', /^filesystem-v2:/],
	['database', /^database:/],
])('files in binary mode %s', (binaryMode, idPattern) => {
	beforeAll(async () => {
		engine = await startEngine({ packageDirectory: probePackage.directory, binaryMode });
	});

	afterAll(async () => await engine.close());

	const chunks = async function* () {
		yield image.subarray(0, 5);
		yield image.subarray(5);
	};

	test.each([
		['a buffer', image],
		['a stream', chunks],
	])('go in as %s and come out again', async (_what, bytes) => {
		const run = await engine.run({
			items: [{ binary: { data: { bytes, fileName: 'in.png' } } }],
			parameters: { label: 'x', action: 'copyFile' },
			credential: { apiKey: 'made-up-key' },
		});
		const copy = run.outputs[0]?.[0]?.binary?.copy;
		if (!copy) throw new Error(`No file came out: ${run.error?.message}`);

		expect(run.input[0]?.binary?.data).toMatchObject({ fileName: 'in.png', mimeType: 'image/png' });
		expect(copy).toMatchObject({ fileName: 'copy.png', bytes: image.length });
		if (idPattern) expect(copy.id).toMatch(idPattern);
		else expect(copy.id).toBeUndefined();
		expect(await run.bytes(copy)).toEqual(image);
	});
});

test("are put and found where n8n's combined mode has them", async () => {
	engine = await startEngine({
		packageDirectory: probePackage.directory,
		binaryMode: 'filesystem',
	});
	const run = await engine.run({
		items: [{ binary: { data: { bytes: image, fileName: 'in.png' } } }],
		parameters: { label: 'x', action: 'copyFile', file: '_files.data' },
		credential: { apiKey: 'made-up-key' },
		workflowSettings: { binaryMode: 'combined' },
	});
	await engine.close();

	expect(run.error).toBeUndefined();
	expect(run.outputs[0]?.[0]).toMatchObject({
		json: { _files: { copy: { fileName: 'copy.png', bytes: image.length } } },
	});
});
