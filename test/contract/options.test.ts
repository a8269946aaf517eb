import { smallPng } from './pictures';
import { errorOf, onlyItem, quickWatermark, submitObjects, useBench, withPicture } from './setup';

const bench = useBench();

const objects = { ...submitObjects, options: {} };
const getResult = { operation: 'getResult', taskType: 'removeObjects', taskId: 'some-id' };

/** A value as an expression gives it, so that not even n8n's form can have checked it. */
const given = (value: unknown) => `={{ ${JSON.stringify(value)} }}`;

const options: Array<[name: string, field: string, values: unknown[]]> = [
	['requestMode', 'Request Mode', ['fast', 1]],
	['resultTransfer', 'Result Transfer', ['ftp', 2]],
	['waitForCompletion', 'Wait for Completion', ['maybe', 1]],
	['downloadResult', 'Download Result', ['no', 0]],
	['includeInputFields', 'Include Input Fields', ['all', {}]],
	['outputBinaryPropertyName', 'Output Binary Field', [{}, true]],
	['fileName', 'File Name', [{ name: 'a' }, ['a', 'b'], false]],
	['pollInterval', 'Poll Interval', [0, 0.99, -1, 'often', 86_401]],
	['maxWait', 'Max Wait', [0, 0.5, -300, 'long', 86_401]],
	['maxConcurrentTasks', 'Max Concurrent Tasks', [-1, 1.5, 'many']],
];
const wrongOptions = options.flatMap(([name, field, values]) =>
	values.map((value) => ({ name, field, value })),
);

test.each(wrongOptions)('option $name: $value is refused', async ({ name, field, value }) => {
	const run = await bench.run({ ...objects, options: { [name]: given(value) } });

	expect(run.error).toMatchObject({
		name: 'NodeOperationError',
		message: expect.stringMatching(`^${field}: .*\\[item 0\\]$`),
		description: expect.any(String),
		itemIndex: 0,
	});
	expect(bench.sandbox.requests).toHaveLength(0);
});

test('an option that is null is as if not set', async () => {
	const nulls = Object.fromEntries(options.map(([name]) => [name, given(null)]));
	const run = await bench.run({ ...quickWatermark, options: nulls });

	expect(run.error).toBeUndefined();
	expect(onlyItem(run)).toMatchObject({ json: { status: 'completed' }, binary: { data: {} } });
});

test.each(['', '   '])('an option that is empty text %j is as if not set', async (text) => {
	const blanks = Object.fromEntries(options.map(([name]) => [name, given(text)]));
	const run = await bench.run({
		...objects,
		options: {
			...blanks,
			...Object.fromEntries(
				['coordinates', 'growArea', 'minConfidence', 'nothingFound'].map((name) => [
					name,
					given(text),
				]),
			),
			requestMode: 'SYNC',
		},
	});

	expect(run.error).toBeUndefined();
	expect(onlyItem(run)).toMatchObject({ json: { status: 'completed' }, binary: { data: {} } });
});

test('values are known in other letter cases, and as the form shows them', async () => {
	const picture = withPicture(smallPng);
	const run = await bench.run(
		{
			...objects,
			imageSource: given('Binary'),
			removalArea: given('RECTANGLES'),
			rectangleUnit: given('Percent'),
			measuredFrom: given('Bottom Right'),
			rectangles: { rectangle: [{ x: 0, y: 0, width: 50, height: 25 }] },
			// Where an expression decides what is shown, n8n wants all that may be shown to be filled.
			imageUrl: 'https://example.com/a.png',
			maskUrl: 'https://example.com/a.png',
			options: {
				requestMode: given(' Sync '),
				resultTransfer: given('BASE64'),
				waitForCompletion: given('True'),
				downloadResult: given('TRUE'),
				coordinates: given('Stored'),
			},
		},
		[picture],
	);

	expect(run.error).toBeUndefined();
	expect(onlyItem(run)).toMatchObject({ json: { status: 'completed', resultUrl: null } });
	expect(bench.creates()[0]?.fields).toMatchObject({
		sync: '1',
		return_type: '2',
		rectangles: JSON.stringify([{ x: 10, y: 15, width: 10, height: 5 }]),
	});
});

test.each([
	['imageSource', 'ftp', 'Image Source'],
	['removalArea', 'circle', 'Removal Area'],
	['rectangleUnit', 'inch', 'Unit'],
	['taskType', 'removeText', 'Task Type'],
])('%s: %j is refused', async (name, value, field) => {
	const run = await bench.run({
		...(name === 'taskType' ? getResult : objects),
		// Where an expression decides what is shown, n8n wants all that may be shown to be filled.
		imageUrl: 'https://example.com/a.png',
		maskUrl: 'https://example.com/a.png',
		detections: '[{"x":0,"y":0,"width":1,"height":1}]',
		[name]: given(value),
	});

	expect(run.error).toMatchObject({
		name: 'NodeOperationError',
		message: expect.stringMatching(`^${field}: .*\\[item 0\\]$`),
		itemIndex: 0,
	});
	expect(bench.sandbox.requests).toHaveLength(0);
});

test.each([{}, { requestMode: 'sync' }])(
	'a picture inside the reply that is not to be kept is refused before it is paid: %j',
	async (mode) => {
		const inside = { ...mode, resultTransfer: 'base64', downloadResult: false };
		const run = await bench.run({ ...objects, options: inside });

		expect(run.error?.message).toMatch(/^Download Result: must be on/);
		expect(bench.sandbox.requests).toHaveLength(0);
	},
);

test('it may be left for Get Result', async () => {
	const left = { resultTransfer: 'base64', downloadResult: false, waitForCompletion: false };
	const run = await bench.run({ ...objects, options: left });

	expect(onlyItem(run).json.status).toBe('submitted');
});

test('numbers and switches may be text, as expressions and tools often give them', async () => {
	const texts = { pollInterval: '1', maxWait: '30', maxConcurrentTasks: '2' };
	const run = await bench.run({
		...objects,
		options: { ...texts, waitForCompletion: given('false'), downloadResult: given('true') },
	});

	expect(onlyItem(run).json.status).toBe('submitted');
});

test('options may be wrong for one item and right for another', async () => {
	const items = ['often', 1].map((every) => ({ ...withPicture(smallPng), json: { every } }));
	const run = await bench.run(
		{ ...quickWatermark, options: { requestMode: 'sync', pollInterval: '={{ $json.every }}' } },
		items,
		{ node: { onError: 'continueRegularOutput' } },
	);

	const [wrong, right] = run.outputs[0] ?? [];
	expect(errorOf(wrong)).toMatchObject({ code: 'INVALID_INPUT' });
	expect(right?.json.status).toBe('completed');
	expect(bench.creates()).toHaveLength(1);
});

test.each([1, 2])('at most %i tasks at once', async (most) => {
	const delayMs = 150;
	bench.sandbox.addFault({ kind: 'create', times: 4, act: { type: 'delay', ms: delayMs } });
	const parameters = {
		...quickWatermark,
		options: { requestMode: 'sync', maxConcurrentTasks: most, downloadResult: false },
	};
	await bench.run(parameters, Array(4).fill(withPicture(smallPng)));

	const creates = bench.creates();
	expect(creates).toHaveLength(4);
	// The log closes a request a moment after its answer has left: that is no overlap.
	const openWith = ({ at }: (typeof creates)[number]) =>
		creates.filter((other) => other.at <= at && (other.endedAt ?? 0) - at > delayMs / 2).length;
	expect(Math.max(...creates.map(openWith))).toBe(most);
});

test('a task that is unfinished is asked again after the poll interval, not sooner', async () => {
	bench.sandbox.addFault({
		kind: 'query',
		act: { type: 'patch', change: () => ({ status: 200, data: { state: 2 } }) },
	});
	await bench.run({ operation: 'removeWatermark', options: { pollInterval: 1.5 } });

	const [first, second, ...others] = bench.sandbox.requests.filter(({ kind }) => kind === 'query');
	expect(others).toHaveLength(0);
	// The first one may have come late; sooner would be the default of a second.
	expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(1400);
});
