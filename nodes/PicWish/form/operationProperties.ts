// Resource and operation. They also name the node on the canvas, and a tool for its model.

import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { TASK_TYPES, TASKS } from '../api/tasks';

const imageOperations: INodePropertyOptions[] = [
	...TASK_TYPES.map((value) => {
		const { label: name, action, description } = TASKS[value];
		return { name, value, action, description };
	}),
	{
		name: 'Preview Removal Area',
		value: 'previewArea',
		action: 'Preview removal area',
		description: 'Show what Remove Objects would erase, as a black and white mask, at no cost',
	},
];

const taskOperations: INodePropertyOptions[] = [
	{
		name: 'Get Result',
		value: 'getResult',
		action: 'Get result of task',
		description: 'Fetch the result image of a task that was created earlier, at no further cost',
	},
];

/** Operations by the input they take. */
export const TAKE_IMAGE = [...TASK_TYPES, 'previewArea'];
export const TAKE_AREA = [...TASK_TYPES.filter((type) => TASKS[type].takesArea), 'previewArea'];

export const operationProperties: INodeProperties[] = [
	{
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Image', value: 'image', description: 'An image to clean' },
			{ name: 'Task', value: 'task', description: 'A task that was created earlier' },
		],
		default: 'image',
	},
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		options: imageOperations,
		default: 'removeObjects',
		displayOptions: { show: { resource: ['image'] } },
	},
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		options: taskOperations,
		default: 'getResult',
		displayOptions: { show: { resource: ['task'] } },
	},
];

/** The operation's name, shown under the node on the canvas. */
export const subtitle = `={{ (${JSON.stringify(
	Object.fromEntries(
		[...imageOperations, ...taskOperations].map(({ value, name }) => [value, name]),
	),
)})[$parameter["operation"]] }}`;
