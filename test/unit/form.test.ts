import {
	extractFromAICalls,
	NodeHelpers,
	type INodeParameters,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { PicWish } from '../../nodes/PicWish/PicWish.node';

/** The node as n8n loads it, for the canvas or as a tool of an agent. */
const canvas = new PicWish().description;
const tool: INodeTypeDescription = { ...canvas, name: 'picWishTool' };

/** A node's parameters as n8n completes them from what was saved. */
function completed(description: INodeTypeDescription, saved: INodeParameters): INodeParameters {
	const node = { typeVersion: 1, parameters: saved };
	return (
		NodeHelpers.getNodeParameters(description.properties, saved, true, false, node, description) ??
		{}
	);
}

/** The names of the fields that the form shows, from top to bottom. */
function fields(saved: INodeParameters, description = canvas): string[] {
	const parameters = completed(description, saved);
	const node = { typeVersion: 1, parameters };
	return description.properties
		.filter((field) => NodeHelpers.displayParameter(parameters, field, node, description))
		.map(({ name }) => name);
}

/** The names of the options that the form offers, in their order. */
function options(saved: INodeParameters, chosen: INodeParameters = {}): string[] {
	const parameters = completed(canvas, saved);
	const node = { typeVersion: 1, parameters };
	const { options: offered = [] } = canvas.properties.find(({ name }) => name === 'options') ?? {};
	return offered.flatMap((option) => {
		if (!('type' in option)) return [];
		const isShown = NodeHelpers.displayParameter(chosen, option, node, canvas, parameters);
		return isShown ? [option.name] : [];
	});
}

const start = ['resource', 'operation'];
const binary = [...start, 'imageSource', 'binaryPropertyName'];

test('has no keys without a value: n8n 1.70 does not start a workflow whose node has a rule that is undefined', () => {
	expect(canvas).toStrictEqual(JSON.parse(JSON.stringify(canvas)));
});

describe('the fields', () => {
	test.each<[shown: string[], saved: INodeParameters]>([
		[[...binary, 'removalArea', 'rectangleUnit', 'measuredFrom', 'rectangles'], {}],
		[[...binary], { operation: 'removeWatermark' }],
		[[...start, 'imageSource', 'imageUrl'], { operation: 'removeWatermark', imageSource: 'url' }],
		[[...start, 'taskId', 'taskType'], { resource: 'task' }],
		[[...start, 'taskId', 'taskType'], { resource: 'task', operation: 'getResult' }],
	])('%j for %j', (shown, saved) => {
		expect(fields(saved)).toEqual([...shown, 'options']);
	});

	const areas: Array<[removalArea: string, fields: string[]]> = [
		['rectangles', ['rectangleUnit', 'measuredFrom', 'rectangles']],
		['detections', ['detections', 'onlyLabels', 'boxFormat']],
		['maskBinary', ['maskBinaryPropertyName', 'maskMarks']],
	];
	describe.each(['removeObjects', 'previewArea'])('of %s', (operation) => {
		test.each(areas)('with %s', (removalArea, own) => {
			const shown = fields({ operation, removalArea });
			expect(shown).toEqual([...binary, 'removalArea', ...own, 'options']);
		});

		test.each(['corners', 'cornersYFirst', 'sizes', 'centers'])(
			'with detections read as %s: their unit, too',
			(boxFormat) => {
				expect(fields({ operation, removalArea: 'detections', boxFormat }).slice(-3)).toEqual([
					'boxFormat',
					'rectangleUnit',
					'options',
				]);
			},
		);
	});

	test('of a mask by URL, which a preview cannot open', () => {
		expect(fields({ removalArea: 'maskUrl' })).toEqual([
			...binary,
			'removalArea',
			'maskUrl',
			'options',
		]);
	});

	test('of a preview hide the credential', () => {
		const [credential] = canvas.credentials ?? [];
		const isShown = (operation: string) =>
			credential &&
			NodeHelpers.displayParameter({ operation }, credential, { typeVersion: 1 }, canvas);
		expect(isShown('previewArea')).toBe(false);
		expect(isShown('removeObjects')).toBe(true);
		expect(isShown('getResult')).toBe(true);
	});
});

describe('the options, useful ones first', () => {
	const output = ['fileName', 'outputBinaryPropertyName', 'includeInputFields'];
	const waiting = ['maxWait', 'maxConcurrentTasks', 'pollInterval'];
	const forTask = [...output, 'downloadResult', 'waitForCompletion', ...waiting];
	const forRemoval = [...forTask, 'requestMode'];

	test.each<[offered: string[], saved: INodeParameters]>([
		[['growArea', 'coordinates', ...forRemoval, 'resultTransfer'], {}],
		[
			['growArea', 'minConfidence', 'nothingFound', 'coordinates', ...forRemoval, 'resultTransfer'],
			{ removalArea: 'detections' },
		],
		[[...forRemoval, 'resultTransfer'], { removalArea: 'maskUrl' }],
		[forRemoval, { operation: 'removeWatermark' }],
		[
			[...output, 'downloadResult', 'waitForCompletion', 'urlFetchedBy', ...waiting, 'requestMode'],
			{ operation: 'removeWatermark', imageSource: 'url' },
		],
		[forTask, { resource: 'task' }],
		[['growArea', 'coordinates', ...output], { operation: 'previewArea' }],
		[['growArea', ...output], { operation: 'previewArea', imageSource: 'url' }],
		[
			['growArea', 'minConfidence', 'coordinates', ...output],
			{ operation: 'previewArea', removalArea: 'detections' },
		],
	])('%j for %j', (offered, saved) => {
		expect(options(saved)).toEqual(offered);
	});

	test('there is nothing to wait for when a single request is kept open', () => {
		expect(options({}, { requestMode: 'sync' })).not.toContain('waitForCompletion');
	});
});

describe('in a tool of an agent', () => {
	test('a new one takes an address and a list, and gives an address', () => {
		expect(completed(tool, {})).toMatchObject({
			imageSource: 'url',
			removalArea: 'detections',
			detections: '',
			options: { downloadResult: false },
		});
		expect(fields({}, tool)).toEqual([
			...start,
			'imageSource',
			'imageUrl',
			'removalArea',
			'detections',
			'onlyLabels',
			'boxFormat',
			'options',
		]);
	});

	test('a saved value wins', () => {
		const saved = {
			imageSource: 'binary',
			removalArea: 'rectangles',
			options: { downloadResult: true },
		};
		expect(completed(tool, saved)).toMatchObject(saved);
	});

	test('the canvas keeps its own', () => {
		expect(completed(canvas, {})).toMatchObject({
			imageSource: 'binary',
			removalArea: 'rectangles',
			options: {},
		});
		expect(completed(canvas, { removalArea: 'detections' })).toMatchObject({
			detections: '={{ $json }}',
		});
	});

	test('what can be pasted is a $fromAI expression that n8n reads', () => {
		for (const name of ['imageUrl', 'detections']) {
			const field = tool.properties.find(
				(one) => one.name === name && one.displayOptions?.show?.['@tool'],
			);
			const [, expression = ''] = /(\{\{.*\}\})/.exec(field?.hint ?? '') ?? [];
			expect(extractFromAICalls(expression)).toMatchObject([
				{ key: name, type: 'string', description: expect.stringMatching(/\w/) },
			]);
		}
	});
});
