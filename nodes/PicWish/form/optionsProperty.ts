// The form's Options: everything that has a sensible default.

import type { INodeProperties } from 'n8n-workflow';
import { TASK_TYPES, TASKS } from '../api/tasks';
import { areaOptions } from './areaOptions';
import { requestOptions } from './requestOptions';
import { withToolTwin } from './toolMode';

const SUFFIXES = TASK_TYPES.map((type) => TASKS[type].fileNameSuffix);

const outputOptions: INodeProperties[] = [
	{
		displayName: 'File Name',
		name: 'fileName',
		type: 'string',
		default: '',
		placeholder: 'e.g. photo-clean',
		description: `Name of the result image; the extension follows from its format. By default the name of the source (in Get Result the task ID) with ${SUFFIXES.join(' or ')}.`,
	},
	{
		displayName: 'Output Binary Field',
		name: 'outputBinaryPropertyName',
		type: 'string',
		default: 'data',
		description: 'Name of the output binary field for the result image',
	},
	{
		displayName: 'Include Input Fields',
		name: 'includeInputFields',
		type: 'boolean',
		default: false,
		description:
			"Whether to copy the input item's JSON fields and its other files into the output, next to the result",
	},
];

/** By use, not by name: what changes the image first, what few need last. */
export const options: INodeProperties[] = [...areaOptions, ...outputOptions, ...requestOptions];

const optionsProperty: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options,
};

export const optionsProperties: INodeProperties[] = withToolTwin(optionsProperty, {
	default: { downloadResult: false },
});
