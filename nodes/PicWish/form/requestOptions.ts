// Options for how an image reaches PicWish, and how the result comes back.

import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';
import { TASK_TYPES, TASKS } from '../api/tasks';

/** Keeps timers and dates in range; a task expires after an hour anyway. */
const ONE_DAY_S = 24 * 60 * 60;

const notForPreview: IDisplayOptions = { hide: { '/operation': ['previewArea'] } };
const givesBase64 = TASK_TYPES.filter((type) => TASKS[type].givesBase64);

export const requestOptions: INodeProperties[] = [
	{
		displayName: 'Download Result',
		name: 'downloadResult',
		type: 'boolean',
		default: true,
		displayOptions: notForPreview,
		description:
			'Whether to put the result image into the output. If off, the output has only its address, which works for one hour.',
	},
	{
		displayName: 'Wait for Completion',
		name: 'waitForCompletion',
		type: 'boolean',
		default: true,
		displayOptions: { hide: { ...notForPreview.hide, requestMode: ['sync'] } },
		description:
			'Whether to wait until the image is done. If off, the output has the task ID at once; fetch the result image later with Get Result.',
	},
	{
		displayName: 'URL Fetched By',
		name: 'urlFetchedBy',
		type: 'options',
		options: [
			{
				name: 'Automatic',
				value: 'auto',
				description: 'PicWish downloads the image; if it cannot, n8n downloads and uploads it',
			},
			{ name: 'N8n', value: 'n8n', description: 'For addresses that only this n8n can reach' },
			{
				name: 'PicWish',
				value: 'picwish',
				description: 'For addresses that this n8n cannot or must not open',
			},
		],
		default: 'auto',
		displayOptions: { show: { '/operation': TASK_TYPES, '/imageSource': ['url'] } },
		description:
			'Who downloads the image from the URL. If the removal area needs the size of the image, n8n reads its first bytes whatever is chosen here.',
	},
	{
		displayName: 'Max Wait (Seconds)',
		name: 'maxWait',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: ONE_DAY_S },
		default: 300,
		displayOptions: notForPreview,
		description:
			'How long to wait for an image before its item fails; its result can still be fetched with Get Result',
	},
	{
		displayName: 'Max Concurrent Tasks',
		name: 'maxConcurrentTasks',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 0 },
		default: 0,
		displayOptions: notForPreview,
		description:
			'How many images may be in progress at once; 0 chooses the number that uses the request limit fully. The value of the first item applies to all.',
	},
	{
		displayName: 'Poll Interval (Seconds)',
		name: 'pollInterval',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: ONE_DAY_S },
		// PicWish documentation, "Recommended asynchronous flow": every second, not faster.
		default: 1,
		displayOptions: notForPreview,
		description:
			'Seconds between status checks of one image. In batches the node checks less often, to stay within your limit.',
	},
	{
		displayName: 'Request Mode',
		name: 'requestMode',
		type: 'options',
		options: [
			{
				name: 'Asynchronous',
				value: 'async',
				description:
					'Creates a task, then checks until it is done: two requests per image, and the safest choice',
			},
			{
				name: 'Synchronous',
				value: 'sync',
				description:
					'One request per image, kept open until it is done: up to twice as fast in batches. If the connection breaks, the task ID is lost with it.',
			},
		],
		default: 'async',
		displayOptions: { show: { '/operation': TASK_TYPES } },
		description: 'How the node waits for the result',
	},
	{
		displayName: 'Result Transfer',
		name: 'resultTransfer',
		type: 'options',
		options: [
			{ name: 'Download From URL', value: 'url' },
			{
				name: 'Inside the Reply (Base64)',
				value: 'base64',
				description: 'For networks that cannot reach the result host; needs more memory',
			},
		],
		default: 'url',
		displayOptions: { show: { '/operation': givesBase64 } },
		description: 'How the result image comes back',
	},
];
