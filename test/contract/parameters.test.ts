import type { INodeProperties } from 'n8n-workflow';
import { PicWishApi } from '../../credentials/PicWishApi.credentials';
import { PicWish } from '../../nodes/PicWish/PicWish.node';

/**
 * Saved workflows hold these names, values and defaults: none of them may change within version 1.
 * What each of them does is shown by the other tests of this folder.
 */
const { description } = new PicWish();
const credential = new PicWishApi();

type Row = [name: string, fallback: unknown, values: unknown[] | undefined];

const named = (wanted: string, list: INodeProperties[]) => {
	const found = list.find(({ name }) => name === wanted);
	if (!found) throw new Error(`There is no parameter ${wanted}`);
	return found;
};
const entries = ({ options = [] }: INodeProperties) =>
	options.flatMap((option) => ('displayName' in option && 'type' in option ? [option] : []));
const choices = ({ options }: INodeProperties) =>
	options?.flatMap((option) => ('value' in option ? [option.value] : []));
const rows = (list: INodeProperties[]): Row[] =>
	list.map((one) => [
		one.name,
		one.default,
		one.type === 'options' ? choices(one)?.sort() : undefined,
	]);

const isForTools = ({ displayOptions }: INodeProperties) =>
	displayOptions?.show?.['@tool'] !== undefined;
const onCanvas = description.properties.filter((one) => !isForTools(one));
const inTools = description.properties.filter(isForTools);

test('the parameters', () => {
	const units = ['fraction', 'percent', 'pixels', 'thousandths'];
	const corners = ['bottomLeft', 'bottomRight', 'topLeft', 'topRight'];
	const areas = ['detections', 'maskBinary', 'maskUrl', 'rectangles'];
	const previewable = ['detections', 'maskBinary', 'rectangles'];
	expect(rows(onCanvas)).toEqual([
		['resource', 'image', ['image', 'task']],
		['operation', 'removeObjects', ['previewArea', 'removeObjects', 'removeWatermark']],
		['operation', 'getResult', ['getResult']],
		['imageSource', 'binary', ['binary', 'url']],
		['binaryPropertyName', 'data', undefined],
		['imageUrl', '', undefined],
		['removalArea', 'rectangles', areas],
		['removalArea', 'rectangles', previewable],
		['rectangleUnit', 'pixels', units],
		['measuredFrom', 'topLeft', corners],
		['rectangles', {}, undefined],
		['detections', '={{ $json }}', undefined],
		['onlyLabels', '', undefined],
		['boxFormat', 'auto', ['auto', 'centers', 'corners', 'cornersYFirst', 'sizes']],
		['rectangleUnit', 'pixels', units],
		['maskBinaryPropertyName', 'mask', undefined],
		['maskMarks', 'white', ['black', 'painted', 'transparent', 'white']],
		['maskUrl', '', undefined],
		['taskId', '', undefined],
		['taskType', 'auto', ['auto', 'removeObjects', 'removeWatermark']],
		['options', {}, undefined],
	]);
});

test('in a tool of an agent some start differently', () => {
	expect(rows(inTools)).toEqual([
		['imageSource', 'url', ['binary', 'url']],
		['imageUrl', '', undefined],
		['removalArea', 'detections', ['detections', 'maskBinary', 'maskUrl', 'rectangles']],
		['removalArea', 'detections', ['detections', 'maskBinary', 'rectangles']],
		['detections', '', undefined],
		['options', { downloadResult: false }, undefined],
	]);
});

test('the options', () => {
	expect(new Set(rows(entries(named('options', description.properties))))).toEqual(
		new Set<Row>([
			['outputBinaryPropertyName', 'data', undefined],
			['fileName', '', undefined],
			['downloadResult', true, undefined],
			['waitForCompletion', true, undefined],
			['requestMode', 'async', ['async', 'sync']],
			['resultTransfer', 'url', ['base64', 'url']],
			['pollInterval', 1, undefined],
			['maxWait', 300, undefined],
			['maxConcurrentTasks', 0, undefined],
			['includeInputFields', false, undefined],
			['coordinates', 'shown', ['shown', 'stored']],
			['growArea', 0, undefined],
			['minConfidence', 0, undefined],
			['nothingFound', 'passThrough', ['error', 'passThrough']],
			['urlFetchedBy', 'auto', ['auto', 'n8n', 'picwish']],
		]),
	);
});

test('a rectangle in the form', () => {
	const { options = [] } = named('rectangles', description.properties);
	expect(options).toMatchObject([
		{
			name: 'rectangle',
			values: ['x', 'y', 'width', 'height'].map((name) => ({ name, type: 'number' })),
		},
	]);
});

test('only resource and operation, which shape the form, take no expression', () => {
	const fixed = description.properties.filter(({ noDataExpression }) => noDataExpression);
	expect(fixed.map(({ name }) => name)).toEqual(['resource', 'operation', 'operation']);
	const fixedOptions = entries(named('options', description.properties));
	expect(fixedOptions.filter(({ noDataExpression }) => noDataExpression)).toEqual([]);
});

test('the node', () => {
	expect(description).toMatchObject({
		name: 'picWish',
		version: 1,
		usableAsTool: true,
		inputs: ['main'],
		outputs: ['main'],
		credentials: [{ name: 'picWishApi', required: true }],
	});
});

test('the credential', () => {
	expect(credential.name).toBe('picWishApi');
	expect(credential.displayName).toBe('PicWish API');
	expect(rows(credential.properties)).toEqual([
		['apiKey', '', undefined],
		['region', 'global', ['china', 'custom', 'global']],
		['baseUrl', '', undefined],
		['requestsPerSecond', 2, undefined],
	]);
	expect(named('apiKey', credential.properties)).toMatchObject({
		required: true,
		typeOptions: { password: true },
	});
	expect(credential.httpRequestNode).toMatchObject({
		apiBaseUrlPlaceholder: expect.stringContaining('https://techhk.aoscdn.com'),
	});
});
