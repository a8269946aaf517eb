// The form, nothing else.

import type { INodeProperties, IDisplayOptions } from 'n8n-workflow';
import { optionsProperty } from './optionsProperty';

const showOnlyForRemoval: IDisplayOptions = {
	show: { operation: ['removeObjects', 'removeWatermark'] },
};
const showOnlyForBinaryImage: IDisplayOptions = {
	show: { operation: ['removeObjects', 'removeWatermark'], imageSource: ['binary'] },
};
const showOnlyForUrlImage: IDisplayOptions = {
	show: { operation: ['removeObjects', 'removeWatermark'], imageSource: ['url'] },
};
const showOnlyForObjects: IDisplayOptions = { show: { operation: ['removeObjects'] } };
const showOnlyForArea = (...removalArea: string[]): IDisplayOptions => ({
	show: { operation: ['removeObjects'], removalArea },
});
const showOnlyForGetResult: IDisplayOptions = { show: { operation: ['getResult'] } };

const operationProperty: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Remove Objects',
			value: 'removeObjects',
			action: 'Remove objects from image',
			description: 'Erase marked areas and fill them from their surroundings',
		},
		{
			name: 'Remove Watermark',
			value: 'removeWatermark',
			action: 'Remove watermark from image',
			description: 'Find watermarks and erase them',
		},
		{
			name: 'Get Result',
			value: 'getResult',
			action: 'Get result of task',
			description: 'Fetch the picture of a task that was created before, at no further cost',
		},
	],
	default: 'removeObjects',
};

const imageProperties: INodeProperties[] = [
	{
		displayName: 'Image Source',
		name: 'imageSource',
		type: 'options',
		options: [
			{ name: 'Binary Field', value: 'binary', description: 'An image inside the item' },
			{ name: 'URL', value: 'url', description: 'An image on the web; PicWish downloads it' },
		],
		default: 'binary',
		displayOptions: showOnlyForRemoval,
		description: 'Where the image comes from',
	},
	{
		displayName: 'Input Binary Field',
		name: 'binaryPropertyName',
		type: 'string',
		required: true,
		default: 'data',
		placeholder: 'e.g. data',
		hint: 'The name of the input binary field with the image',
		displayOptions: showOnlyForBinaryImage,
	},
	{
		displayName: 'Image URL',
		name: 'imageUrl',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. https://example.com/photo.jpg',
		displayOptions: showOnlyForUrlImage,
		description: 'Address of the image. It must open without a login.',
	},
];

const rectangleSides: INodeProperties[] = [
	{ displayName: 'X', name: 'x', description: 'Distance from the left edge' },
	{ displayName: 'Y', name: 'y', description: 'Distance from the top edge' },
	{ displayName: 'Width', name: 'width', description: 'Width of the area to remove' },
	{ displayName: 'Height', name: 'height', description: 'Height of the area to remove' },
].map((side) => ({ ...side, type: 'number', default: 0, typeOptions: { minValue: 0 } }));

const removalAreaProperties: INodeProperties[] = [
	{
		displayName: 'Removal Area',
		name: 'removalArea',
		type: 'options',
		options: [
			{ name: 'Rectangles', value: 'rectangles', description: 'One or more boxes, typed in here' },
			{
				name: 'Rectangles (JSON)',
				value: 'rectanglesJson',
				description: 'A list of boxes, such as a detection model gives',
			},
			{
				name: 'Mask (Binary Field)',
				value: 'maskBinary',
				description: 'A black and white image inside the item: white is removed',
			},
			{
				name: 'Mask (URL)',
				value: 'maskUrl',
				description: 'A black and white image on the web: white is removed',
			},
		],
		default: 'rectangles',
		displayOptions: showOnlyForObjects,
		description: 'How to mark what is to be removed',
	},
	{
		displayName: 'Unit',
		name: 'rectangleUnit',
		type: 'options',
		options: [
			{ name: 'Pixels', value: 'pixels' },
			{
				name: 'Percent of Image',
				value: 'percent',
				description: 'Needs the image as binary field, because its size must be known',
			},
		],
		default: 'pixels',
		displayOptions: showOnlyForArea('rectangles', 'rectanglesJson'),
		description: 'What the numbers of the rectangles mean',
	},
	{
		displayName: 'Rectangles',
		name: 'rectangles',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		required: true,
		default: {},
		placeholder: 'Add Rectangle',
		options: [{ displayName: 'Rectangle', name: 'rectangle', values: rectangleSides }],
		displayOptions: showOnlyForArea('rectangles'),
		description: 'Areas to remove, at most 50, measured from the top left corner of the image',
	},
	{
		displayName: 'Rectangles (JSON)',
		name: 'rectanglesJson',
		type: 'json',
		required: true,
		default: '[]',
		hint: 'Such as [{"x": 10, "y": 20, "width": 300, "height": 80}], or an expression',
		displayOptions: showOnlyForArea('rectanglesJson'),
		description:
			'List of objects with x, y, width and height, at most 50, measured from the top left corner of the image',
	},
	{
		displayName: 'Mask Binary Field',
		name: 'maskBinaryPropertyName',
		type: 'string',
		required: true,
		default: 'mask',
		placeholder: 'e.g. mask',
		hint: 'White is removed, black is kept; same size as the image',
		displayOptions: showOnlyForArea('maskBinary'),
		description: 'The name of the input binary field with the mask',
	},
	{
		displayName: 'Mask URL',
		name: 'maskUrl',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. https://example.com/mask.png',
		displayOptions: showOnlyForArea('maskUrl'),
		hint: 'White is removed, black is kept; same size as the image',
		description: 'Address of the mask. It must open without a login.',
	},
];

const getResultProperties: INodeProperties[] = [
	{
		displayName: 'Task ID',
		name: 'taskId',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. 3f2b8c1e-5d47-4a0b-9c6e-1a2b3c4d5e6f',
		displayOptions: showOnlyForGetResult,
		hint: 'From the output of the node that created the task: {{ $json.taskId }}',
		description: 'Also in the error of an unsuccessful item. Tasks are kept for one hour.',
	},
	{
		displayName: 'Task Type',
		name: 'taskType',
		type: 'options',
		options: [
			{ name: 'Remove Objects', value: 'removeObjects' },
			{ name: 'Remove Watermark', value: 'removeWatermark' },
		],
		default: 'removeObjects',
		displayOptions: showOnlyForGetResult,
		hint: 'From the output of the node that created the task: {{ $json.operation }}',
		description: 'The operation that created the task',
	},
];

export const properties: INodeProperties[] = [
	operationProperty,
	...imageProperties,
	...removalAreaProperties,
	...getResultProperties,
	optionsProperty,
];
