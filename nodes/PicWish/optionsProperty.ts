import type { INodeProperties } from 'n8n-workflow';

/** The form's Options: everything that has a sensible default. */
export const optionsProperty: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [
		{
			displayName: 'Download Result',
			name: 'downloadResult',
			type: 'boolean',
			default: true,
			description:
				'Whether to put the result picture into the output. If off, the output has only its address, which works for one hour.',
		},
		{
			displayName: 'File Name',
			name: 'fileName',
			type: 'string',
			default: '',
			placeholder: 'e.g. photo-clean',
			description:
				'Name of the result picture; its extension follows from the picture. By default the name of the source (in Get Result the task ID) with -no-objects or -no-watermark.',
		},
		{
			displayName: 'Include Input Fields',
			name: 'includeInputFields',
			type: 'boolean',
			default: false,
			description:
				"Whether to copy the input item's JSON fields into the output, beside the result",
		},
		{
			displayName: 'Max Concurrent Tasks',
			name: 'maxConcurrentTasks',
			type: 'number',
			typeOptions: { minValue: 0, numberPrecision: 0 },
			default: 0,
			description:
				'How many images may be in progress at once; 0 chooses the number that uses the request limit fully. Read from the first item, for all.',
		},
		{
			displayName: 'Max Wait (Seconds)',
			name: 'maxWait',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 300,
			description:
				'How long to wait for an image before its item is given up; its task stays fetchable',
		},
		{
			displayName: 'Output Binary Field',
			name: 'outputBinaryPropertyName',
			type: 'string',
			default: 'data',
			description: 'Name of the output binary field for the result picture',
		},
		{
			displayName: 'Poll Interval (Seconds)',
			name: 'pollInterval',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 1,
			description:
				'How often to ask whether an image is done. In batches fewer requests are sent, so that the limit lasts for all.',
		},
		{
			displayName: 'Request Mode',
			name: 'requestMode',
			type: 'options',
			options: [
				{
					name: 'Asynchronous',
					value: 'async',
					description: 'Create a task, then ask for it: two requests an image, safest',
				},
				{
					name: 'Synchronous',
					value: 'sync',
					description:
						'One request an image, kept open until it is done: twice as fast in batches. If the connection breaks, the task ID is lost with it.',
				},
			],
			default: 'async',
			displayOptions: { show: { '/operation': ['removeObjects', 'removeWatermark'] } },
			description: 'How the image is requested from PicWish',
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
					description: 'For networks in which the result host cannot be reached; needs more memory',
				},
			],
			default: 'url',
			displayOptions: { show: { '/operation': ['removeObjects'] } },
			description: 'How the result picture comes back',
		},
		{
			displayName: 'Wait for Completion',
			name: 'waitForCompletion',
			type: 'boolean',
			default: true,
			displayOptions: { hide: { requestMode: ['sync'] } },
			description:
				'Whether to wait until the image is done. If off, the output has the task ID at once; fetch the picture later with Get Result.',
		},
	],
};
