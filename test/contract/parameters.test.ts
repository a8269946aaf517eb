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

test('the parameters', () => {
	const operations = ['getResult', 'removeObjects', 'removeWatermark'];
	const areas = ['maskBinary', 'maskUrl', 'rectangles', 'rectanglesJson'];
	expect(new Set(rows(description.properties))).toEqual(
		new Set<Row>([
			['operation', 'removeObjects', operations],
			['imageSource', 'binary', ['binary', 'url']],
			['binaryPropertyName', 'data', undefined],
			['imageUrl', '', undefined],
			['removalArea', 'rectangles', areas],
			['rectangles', {}, undefined],
			['rectanglesJson', '[]', undefined],
			['rectangleUnit', 'pixels', ['percent', 'pixels']],
			['maskBinaryPropertyName', 'mask', undefined],
			['maskUrl', '', undefined],
			['taskType', 'removeObjects', ['removeObjects', 'removeWatermark']],
			['taskId', '', undefined],
			['options', {}, undefined],
		]),
	);
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

test('only the operation, which shapes the form, takes no expression', () => {
	const fixed = description.properties.filter(({ noDataExpression }) => noDataExpression);
	expect(fixed.map(({ name }) => name)).toEqual(['operation']);
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
