// Options for reading the removal area.

import type { INodeProperties } from 'n8n-workflow';
import { TAKE_AREA } from './operationProperties';

const showForAreas = { '/operation': TAKE_AREA };
const showForDetections = { ...showForAreas, '/removalArea': ['detections'] };

export const areaOptions: INodeProperties[] = [
	{
		displayName: 'Grow Area (Pixels)',
		name: 'growArea',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 200, numberPrecision: 0 },
		default: 0,
		displayOptions: { show: showForAreas, hide: { '/removalArea': ['maskUrl'] } },
		description:
			'Pixels to add to the removal area on every side, for boxes and masks that are too tight. Edges and shadows of an object often need 5 to 20 pixels.',
	},
	{
		displayName: 'Min Confidence (Percent)',
		name: 'minConfidence',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 100 },
		default: 0,
		displayOptions: { show: showForDetections },
		description:
			'Ignores detections with a lower confidence. Detections that have no confidence are kept.',
	},
	{
		displayName: 'Nothing Found',
		name: 'nothingFound',
		type: 'options',
		options: [
			{
				name: 'Pass Image Through',
				value: 'passThrough',
				description: 'Output the image unchanged, at no cost',
			},
			{ name: 'Error', value: 'error', description: 'The item fails' },
		],
		default: 'passThrough',
		displayOptions: { show: showForDetections, hide: { '/operation': ['previewArea'] } },
		description: 'What to do when the detections contain nothing to remove',
	},
	{
		displayName: 'Coordinates',
		name: 'coordinates',
		type: 'options',
		options: [
			{ name: 'As Shown', value: 'shown', description: 'In the image as viewers show it, upright' },
			{
				name: 'As Stored',
				value: 'stored',
				description: 'In the pixels of the file, without its EXIF orientation',
			},
		],
		default: 'shown',
		displayOptions: {
			show: { ...showForAreas, '/imageSource': ['binary'] },
			hide: { '/removalArea': ['maskUrl'] },
		},
		description:
			'How to read the removal area on photos that are stored rotated, as many phones store them',
	},
];
