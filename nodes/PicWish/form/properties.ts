// The whole form.

import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';
import { TASK_TYPES, TASKS } from '../api/tasks';
import { areaProperties } from './areaProperties';
import { imageProperties } from './imageProperties';
import { operationProperties } from './operationProperties';
import { optionsProperties } from './optionsProperty';

const showOnlyForTask: IDisplayOptions = { show: { operation: ['getResult'] } };

const taskProperties: INodeProperties[] = [
	{
		displayName: 'Task ID',
		name: 'taskId',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. 3f2b8c1e-5d47-4a0b-9c6e-1a2b3c4d5e6f',
		displayOptions: showOnlyForTask,
		hint: 'From the output of the node that created the task: {{ $json.taskId }}',
		description: 'The error of a failed item contains it, too. PicWish keeps tasks for one hour.',
	},
	{
		displayName: 'Task Type',
		name: 'taskType',
		type: 'options',
		options: [
			{
				name: 'Automatic',
				value: 'auto',
				description: 'Works for both; a Remove Watermark task takes one more request',
			},
			...TASK_TYPES.map((value) => ({ name: TASKS[value].label, value })),
		],
		default: 'auto',
		displayOptions: showOnlyForTask,
		description: 'The operation that created the task',
	},
];

export const properties: INodeProperties[] = [
	...operationProperties,
	...imageProperties,
	...areaProperties,
	...taskProperties,
	...optionsProperties,
];
