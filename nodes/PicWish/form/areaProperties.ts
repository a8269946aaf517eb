// What to remove: rectangles, detections or a mask.

import type { IDisplayOptions, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { TAKE_AREA } from './operationProperties';
import { withToolTwin } from './toolMode';

const showOnlyForArea = (removalArea: string): IDisplayOptions => ({
	show: { operation: TAKE_AREA, removalArea: [removalArea] },
});

const areas: INodePropertyOptions[] = [
	{ name: 'Rectangles', value: 'rectangles', description: 'One or more boxes, entered here' },
	{
		name: 'Detections (JSON)',
		value: 'detections',
		description: 'Boxes or outlines that another node found, or any list of boxes in JSON',
	},
	{
		name: 'Mask (Binary Field)',
		value: 'maskBinary',
		description: 'A file in the item: an image that marks what to remove',
	},
	{
		name: 'Mask (URL)',
		value: 'maskUrl',
		description: 'An image on the web that marks what to remove in white; it cannot be previewed',
	},
];

const removalArea: INodeProperties = {
	displayName: 'Removal Area',
	name: 'removalArea',
	type: 'options',
	options: areas,
	default: 'rectangles',
	description:
		'How you mark the areas to remove. <a href="https://github.com/n8n-nodes-picwish/n8n-nodes-picwish#mark-what-to-remove">Which one to choose</a>.',
};

const areaOfObjects: INodeProperties = {
	...removalArea,
	displayOptions: { show: { operation: TAKE_AREA.filter((one) => one !== 'previewArea') } },
	hint: 'To see at no cost what would be removed, set Operation to Preview Removal Area',
};

const areaOfPreview: INodeProperties = {
	...removalArea,
	options: areas.filter(({ value }) => value !== 'maskUrl'),
	displayOptions: { show: { operation: ['previewArea'] } },
	hint: 'The output is a mask: white is what Remove Objects would remove. Nothing is sent to PicWish.',
};

const unit: INodeProperties = {
	displayName: 'Unit',
	name: 'rectangleUnit',
	type: 'options',
	options: [
		{ name: 'Pixels', value: 'pixels' },
		{ name: 'Percent of Image', value: 'percent', description: 'The whole width or height is 100' },
		{ name: 'Fraction of Image', value: 'fraction', description: 'The whole width or height is 1' },
		{
			name: 'Thousandths of Image',
			value: 'thousandths',
			description: 'The whole width or height is 1000',
		},
	],
	default: 'pixels',
};

const distance = (displayName: string, near: string, far: string): INodeProperties => ({
	displayName,
	name: displayName.toLowerCase(),
	type: 'number',
	default: 0,
	description: `Distance from the ${near} edge of the image to the rectangle; from the ${far} edge if Measured From is a ${far} corner`,
});

const length = (displayName: string): INodeProperties => ({
	displayName,
	name: displayName.toLowerCase(),
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 0,
	description: `${displayName} of the area to remove`,
});

const rectangleSides = [
	distance('X', 'left', 'right'),
	distance('Y', 'top', 'bottom'),
	length('Width'),
	length('Height'),
];

const rectanglesProperties: INodeProperties[] = [
	{
		...unit,
		displayOptions: showOnlyForArea('rectangles'),
		hint: 'Percent of Image fits images of all sizes: Width 20 is a fifth of the width',
		description: 'Unit of the rectangle values',
	},
	{
		displayName: 'Measured From',
		name: 'measuredFrom',
		type: 'options',
		options: [
			{ name: 'Top Left', value: 'topLeft' },
			{ name: 'Top Right', value: 'topRight' },
			{ name: 'Bottom Left', value: 'bottomLeft' },
			{ name: 'Bottom Right', value: 'bottomRight' },
		],
		default: 'topLeft',
		displayOptions: showOnlyForArea('rectangles'),
		hint: 'X and Y are the distances from this corner of the image to the nearest corner of the rectangle',
		description:
			'The corner of the image that X and Y count from. Bottom Right marks a logo in that corner on images of all sizes.',
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
		description: 'Areas to remove. Parts outside the image are ignored.',
	},
];

const detections: INodeProperties = {
	displayName: 'Detections (JSON)',
	name: 'detections',
	type: 'json',
	default: '={{ $json }}',
	hint: 'The whole answer of a detection node, or a list such as [{"x": 10, "y": 20, "width": 300, "height": 80}]',
	displayOptions: showOnlyForArea('detections'),
	description:
		'The whole answer of Gemini, Rekognition, Google Vision, YOLO and others, or a list of boxes; an empty list means that nothing was found. <a href="https://github.com/n8n-nodes-picwish/n8n-nodes-picwish#mark-what-to-remove">Which answers are understood</a>.',
};

/** By use, not by name: the default first, then the most common. */
const boxFormats: INodePropertyOptions[] = [
	{ name: 'Automatic', value: 'auto', description: 'Determined by the names of the keys' },
	{ name: 'Corners (X1, Y1, X2, Y2)', value: 'corners' },
	{ name: 'Corners, Y First (Y1, X1, Y2, X2)', value: 'cornersYFirst' },
	{ name: 'Top Left and Size (X, Y, Width, Height)', value: 'sizes' },
	{ name: 'Center and Size (X, Y, Width, Height)', value: 'centers' },
];

const detectionsProperties: INodeProperties[] = [
	...withToolTwin(detections, {
		// A string, because the schema that n8n gives a model for JSON rejects an empty list.
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		hint: `To let the model fill it in, paste {{ $fromAI('detections', 'Areas to remove, as a JSON list in pixels from the top left corner of the image: [{"x": 10, "y": 20, "width": 300, "height": 80}]', 'string') }}`,
	}),
	{
		displayName: 'Only Labels',
		name: 'onlyLabels',
		type: 'string',
		default: '',
		placeholder: 'e.g. logo, text, person',
		displayOptions: showOnlyForArea('detections'),
		hint: 'Labels to remove, separated by commas. Leave empty to remove everything that was detected.',
		description: 'Not case-sensitive',
	},
	{
		displayName: 'Box Format',
		name: 'boxFormat',
		type: 'options',
		options: boxFormats,
		default: 'auto',
		displayOptions: showOnlyForArea('detections'),
		hint: 'Needed only for plain lists of four numbers, and for ambiguous keys such as bbox or box',
		description: 'How to read boxes whose keys do not say what the numbers mean',
	},
	{
		...unit,
		displayOptions: {
			show: {
				...showOnlyForArea('detections').show,
				boxFormat: boxFormats.map(({ value }) => value).filter((value) => value !== 'auto'),
			},
		},
		hint: 'Models often give boxes as a fraction (0 to 1) or in thousandths (0 to 1000) of the image',
		description: 'Unit of the boxes that Box Format reads',
	},
];

const maskProperties: INodeProperties[] = [
	{
		displayName: 'Mask Binary Field',
		name: 'maskBinaryPropertyName',
		type: 'string',
		required: true,
		default: 'mask',
		placeholder: 'e.g. mask',
		hint: 'The name of the input binary field with the mask',
		displayOptions: showOnlyForArea('maskBinary'),
		description: 'The mask must have the same proportions as the image; its size may differ',
	},
	{
		displayName: 'Mask Marks',
		name: 'maskMarks',
		type: 'options',
		options: [
			{ name: 'White', value: 'white', description: 'White on black' },
			{ name: 'Black', value: 'black', description: 'Black on white' },
			{ name: 'Transparent', value: 'transparent', description: 'Holes in an image' },
			{ name: 'Painted', value: 'painted', description: 'Strokes on a transparent image' },
		],
		default: 'white',
		displayOptions: showOnlyForArea('maskBinary'),
		hint: 'What to remove: the white or black part of the mask, its transparent holes, or everything painted on a transparent background',
		description: 'Which parts of the mask mark the areas to remove',
	},
	{
		displayName: 'Mask URL',
		name: 'maskUrl',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. https://example.com/mask.png',
		displayOptions: showOnlyForArea('maskUrl'),
		hint: 'White marks what is removed, black what stays. The mask must have the size of the image. Preview Removal Area cannot show it.',
		description: 'Address of the mask. It must be publicly accessible.',
	},
];

export const areaProperties: INodeProperties[] = [
	...[areaOfObjects, areaOfPreview].flatMap((area) =>
		withToolTwin(area, { default: 'detections' }),
	),
	...rectanglesProperties,
	...detectionsProperties,
	...maskProperties,
];
