// What to remove, marked by a mask.

import type { INodeProperties } from 'n8n-workflow';
import { showOnlyForArea } from './showOnlyForArea';

export const maskProperties: INodeProperties[] = [
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
