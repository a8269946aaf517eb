// The image: a file in the item, or a URL.

import type { INodeProperties } from 'n8n-workflow';
import { TAKE_IMAGE } from './operationProperties';
import { withToolTwin } from './toolMode';

const imageSource: INodeProperties = {
	displayName: 'Image Source',
	name: 'imageSource',
	type: 'options',
	options: [
		{ name: 'Binary Field', value: 'binary', description: 'A file in the item' },
		{ name: 'URL', value: 'url', description: 'An image on the web' },
	],
	default: 'binary',
	displayOptions: { show: { operation: TAKE_IMAGE } },
	description: 'Where the image comes from',
};

const imageUrl: INodeProperties = {
	displayName: 'Image URL',
	name: 'imageUrl',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. https://example.com/photo.jpg',
	hint: 'The address of the image file, not of a page that shows it. It must be publicly accessible.',
	displayOptions: { show: { operation: TAKE_IMAGE, imageSource: ['url'] } },
	description:
		'Address of the image. An address that only this n8n can reach needs the option URL Fetched By.',
};

export const imageProperties: INodeProperties[] = [
	...withToolTwin(imageSource, { default: 'url' }),
	{
		displayName: 'Input Binary Field',
		name: 'binaryPropertyName',
		type: 'string',
		required: true,
		default: 'data',
		placeholder: 'e.g. data',
		hint: 'The name of the input binary field with the image',
		displayOptions: { show: { operation: TAKE_IMAGE, imageSource: ['binary'] } },
		description:
			"If the previous node does not pass the file on, use an expression that takes it from the node that has it, here a node named Photo: {{ $('Photo').item.binary.data }}. If the item has only one file, the node uses it whatever its field is called.",
	},
	...withToolTwin(imageUrl, {
		hint: "To let the model fill it in, paste {{ $fromAI('imageUrl', 'Address of the image file, beginning with https://', 'string') }}",
	}),
];
