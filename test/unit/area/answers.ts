// Answers of detectors as their documentation shows them, shortened, for an image of 1000 × 800 pixels.

import type { DetectionSettings } from '../../../nodes/PicWish/area/detections';
import type { Shape } from '../../../nodes/PicWish/area/shapes';

type Box = [left: number, top: number, right: number, bottom: number];
type Outline = Array<[x: number, y: number]>;

interface Sample {
	answer: unknown;
	/** Boxes have four numbers, outlines are lists of points. */
	shapes: Array<Box | Outline>;
	labels: string[];
}

export const size = { width: 1000, height: 800 };

/** As the form has them at first. */
export const settings: DetectionSettings = {
	boxFormat: 'auto',
	unit: 'pixels',
	onlyLabels: [],
	minConfidence: 0,
	field: 'Detections',
};

export const box = (left: number, top: number, right: number, bottom: number): Shape => ({
	kind: 'box',
	left,
	top,
	right,
	bottom,
});

export function asShape(shape: Box | Outline): Shape {
	const [left, top, right, bottom] = shape;
	if (
		typeof left === 'number' &&
		typeof top === 'number' &&
		typeof right === 'number' &&
		typeof bottom === 'number'
	) {
		return box(left, top, right, bottom);
	}
	const points = shape.flatMap((point) => (typeof point === 'number' ? [] : [point]));
	return { kind: 'outline', points: points.map(([x, y]) => ({ x, y })) };
}

const geminiBoxes = [
	{ box_2d: [100, 200, 300, 400], label: 'logo' },
	{ box_2d: [0, 0, 50, 1000], label: 'banner' },
];
const geminiFound: Pick<Sample, 'shapes' | 'labels'> = {
	shapes: [
		[200, 80, 400, 240],
		[0, 0, 1000, 40],
	],
	labels: ['logo', 'banner'],
};
const fenced = '```json\n' + JSON.stringify(geminiBoxes, null, 2) + '\n```';

export const SAMPLES: Record<string, Sample> = {
	'Gemini, as n8n simplifies it': {
		answer: {
			content: { parts: [{ text: fenced }], role: 'model' },
			finishReason: 'STOP',
			index: 0,
		},
		...geminiFound,
	},
	'Gemini, the whole reply': {
		answer: {
			candidates: [
				{
					content: {
						parts: [
							{ text: 'Maybe [{"box_2d": [1, 1, 9, 9]}]?', thought: true },
							{ text: `Here are the boxes:\n\n${fenced}\nTell me if you need more.` },
						],
						role: 'model',
					},
					finishReason: 'STOP',
					safetyRatings: [],
				},
			],
			usageMetadata: { promptTokenCount: 281, candidatesTokenCount: 99, totalTokenCount: 380 },
			modelVersion: 'gemini-2.5-flash',
		},
		...geminiFound,
	},
	'Gemini, one object a line': {
		answer: geminiBoxes.map((box) => JSON.stringify(box)).join('\n'),
		...geminiFound,
	},
	'Claude in n8n, boxes as asked for': {
		answer: {
			content: [
				{
					type: 'text',
					text: 'I found one [see below]:\n{"x": 10, "y": 20, "width": 30, "height": 40, "label": "sign"}',
				},
			],
		},
		shapes: [[10, 20, 40, 60]],
		labels: ['sign'],
	},
	'OpenAI chat completion': {
		answer: {
			id: 'chatcmpl-1',
			object: 'chat.completion',
			choices: [
				{
					index: 0,
					message: {
						role: 'assistant',
						content: '{"objects":[{"x":10,"y":20,"width":30,"height":40}]}',
						refusal: null,
						annotations: [],
					},
					finish_reason: 'stop',
				},
			],
			usage: { prompt_tokens: 9, completion_tokens: 12, total_tokens: 21, cached_tokens: 0 },
		},
		shapes: [[10, 20, 40, 60]],
		labels: [],
	},
	'n8n agent with the question beside': {
		answer: {
			chatInput: 'Answer like [{"box_2d":[1,2,3,4],"label":"x"}]',
			output: fenced,
		},
		...geminiFound,
	},
	'Amazon Rekognition labels': {
		answer: {
			Labels: [
				{
					Name: 'Car',
					Confidence: 99.9,
					Instances: [
						{
							BoundingBox: { Width: 0.1, Height: 0.25, Left: -0.01, Top: 0.5 },
							Confidence: 99.8,
						},
						{ BoundingBox: { Width: 0.2, Height: 0.1, Left: 0.5, Top: 0.6 }, Confidence: 81.2 },
					],
					Parents: [{ Name: 'Vehicle' }, { Name: 'Transportation' }],
					Aliases: [{ Name: 'Automobile' }],
					Categories: [{ Name: 'Vehicles and Automotive' }],
				},
				{ Name: 'Sky', Confidence: 98.1, Instances: [], Parents: [], Aliases: [], Categories: [] },
			],
			LabelModelVersion: '3.0',
		},
		shapes: [
			[-10, 400, 90, 600],
			[500, 480, 700, 560],
		],
		labels: ['Car'],
	},
	'Amazon Rekognition text': {
		answer: {
			TextDetections: [
				{
					DetectedText: 'SALE',
					Type: 'LINE',
					Id: 0,
					Confidence: 98.2,
					Geometry: {
						BoundingBox: { Width: 0.5, Height: 0.25, Left: 0.25, Top: 0.25 },
						Polygon: [
							{ X: 0.25, Y: 0.25 },
							{ X: 0.75, Y: 0.25 },
							{ X: 0.75, Y: 0.5 },
							{ X: 0.25, Y: 0.5 },
						],
					},
				},
			],
			TextModelVersion: '3.0',
		},
		shapes: [
			[
				[250, 200],
				[750, 200],
				[750, 400],
				[250, 400],
			],
		],
		labels: ['SALE'],
	},
	'Amazon Textract': {
		answer: {
			DocumentMetadata: { Pages: 1 },
			Blocks: [
				{
					BlockType: 'PAGE',
					Geometry: {
						BoundingBox: { Width: 1, Height: 1, Left: 0, Top: 0 },
						Polygon: [
							{ X: 0, Y: 0 },
							{ X: 1, Y: 0 },
							{ X: 1, Y: 1 },
							{ X: 0, Y: 1 },
						],
					},
					Id: 'a',
					Relationships: [{ Type: 'CHILD', Ids: ['b'] }],
				},
				{
					BlockType: 'LINE',
					Confidence: 99.5,
					Text: 'Total',
					Geometry: {
						BoundingBox: { Width: 0.5, Height: 0.5, Left: 0.25, Top: 0.25 },
						Polygon: [
							{ X: 0.25, Y: 0.25 },
							{ X: 0.75, Y: 0.25 },
							{ X: 0.75, Y: 0.75 },
						],
					},
					Id: 'b',
				},
			],
		},
		shapes: [
			[
				[250, 200],
				[750, 200],
				[750, 600],
			],
		],
		labels: [],
	},
	'Google Vision objects, zeros left out': {
		answer: {
			responses: [
				{
					localizedObjectAnnotations: [
						{
							mid: '/m/01bqk0',
							name: 'Bicycle wheel',
							score: 0.94,
							boundingPoly: {
								normalizedVertices: [{}, { x: 0.5 }, { x: 0.5, y: 0.5 }, { y: 0.5 }],
							},
						},
					],
				},
			],
		},
		shapes: [
			[
				[0, 0],
				[500, 0],
				[500, 400],
				[0, 400],
			],
		],
		labels: ['Bicycle wheel'],
	},
	'Google Vision text and logos': {
		answer: {
			responses: [
				{
					textAnnotations: [
						{
							locale: 'en',
							description: 'WAITING',
							boundingPoly: {
								vertices: [{ x: 341 }, { x: 548, y: 10 }, { x: 548, y: 64 }, { x: 341, y: 64 }],
							},
						},
					],
					logoAnnotations: [
						{
							mid: '/m/045c7b',
							description: 'Google',
							score: 0.35,
							boundingPoly: {
								vertices: [
									{ x: 1, y: 2 },
									{ x: 33, y: 2 },
									{ x: 33, y: 44 },
									{ x: 1, y: 44 },
								],
								normalizedVertices: [],
							},
						},
					],
				},
			],
		},
		shapes: [
			[
				[341, 0],
				[548, 10],
				[548, 64],
				[341, 64],
			],
			[
				[1, 2],
				[33, 2],
				[33, 44],
				[1, 44],
			],
		],
		labels: ['WAITING', 'Google'],
	},
	'Vertex product search, two points': {
		answer: {
			boundingPoly: {
				normalizedVertices: [
					{ x: 0.1, y: 0.25 },
					{ x: 0.5, y: 0.75 },
				],
			},
		},
		shapes: [[100, 200, 500, 600]],
		labels: [],
	},
	'Azure Computer Vision 3.2': {
		answer: {
			categories: [{ name: 'abstract_', score: 0.00390625 }],
			tags: [{ name: 'wall', confidence: 0.98 }],
			objects: [
				{
					rectangle: { x: 25, y: 43, w: 100, h: 50 },
					object: 'keyboard',
					confidence: 0.87,
					parent: { object: 'computer keyboard', confidence: 0.9 },
				},
			],
			faces: [
				{ age: 11, gender: 'Male', faceRectangle: { left: 62, top: 4, width: 50, height: 50 } },
			],
			requestId: 'b1',
			metadata: { height: 400, width: 500, format: 'Jpeg' },
		},
		shapes: [
			[50, 86, 250, 186],
			[124, 8, 224, 108],
		],
		labels: ['keyboard'],
	},
	'Azure Image Analysis 4.0': {
		answer: {
			modelVersion: '2024-02-01',
			captionResult: { text: 'a kitchen', confidence: 0.7 },
			metadata: { width: 1000, height: 800 },
			tagsResult: { values: [{ name: 'indoor', confidence: 0.99 }] },
			objectsResult: {
				values: [
					{
						boundingBox: { x: 730, y: 66, w: 135, h: 85 },
						tags: [{ name: 'kitchen appliance', confidence: 0.501 }],
					},
				],
			},
			peopleResult: { values: [{ boundingBox: { x: 10, y: 20, w: 30, h: 40 }, confidence: 0.94 }] },
		},
		shapes: [
			[730, 66, 865, 151],
			[10, 20, 40, 60],
		],
		labels: ['kitchen appliance'],
	},
	'Azure Read 4.0': {
		answer: {
			metadata: { width: 1000, height: 800 },
			readResult: {
				blocks: [
					{
						lines: [
							{
								text: '[{"9:35',
								boundingPolygon: [
									{ x: 131, y: 130 },
									{ x: 171, y: 130 },
									{ x: 171, y: 149 },
									{ x: 130, y: 149 },
								],
								words: [],
							},
						],
					},
				],
			},
		},
		shapes: [
			[
				[131, 130],
				[171, 130],
				[171, 149],
				[130, 149],
			],
		],
		labels: [],
	},
	'Azure Document Intelligence': {
		answer: {
			status: 'succeeded',
			analyzeResult: {
				content: 'A {"page"',
				pages: [
					{
						pageNumber: 1,
						angle: 0,
						width: 500,
						height: 400,
						unit: 'pixel',
						words: [{ content: 'A', polygon: [10, 20, 30, 20, 30, 40, 10, 40], confidence: 0.99 }],
						lines: [],
					},
				],
			},
		},
		shapes: [
			[
				[20, 40],
				[60, 40],
				[60, 80],
				[20, 80],
			],
		],
		labels: [],
	},
	'Azure Read 3.2': {
		answer: {
			analyzeResult: {
				readResults: [
					{
						page: 1,
						width: 1000,
						height: 800,
						unit: 'pixel',
						lines: [{ boundingBox: [1, 2, 9, 2, 9, 5, 1, 5], text: 'A', words: [] }],
					},
				],
			},
		},
		shapes: [
			[
				[1, 2],
				[9, 2],
				[9, 5],
				[1, 5],
			],
		],
		labels: [],
	},
	'Hugging Face object detection': {
		answer: [
			{ score: 0.998, label: 'cat', box: { xmin: 13, ymin: 52, xmax: 314, ymax: 470 } },
			{ score: 0.9, label: 'remote', box: { xmin: 40, ymin: 72, xmax: 177, ymax: 115 } },
		],
		shapes: [
			[13, 52, 314, 470],
			[40, 72, 177, 115],
		],
		labels: ['cat', 'remote'],
	},
	Cloudflare: {
		answer: {
			result: [{ score: 0.97, label: 'dog', box: { xmin: 1, ymin: 2, xmax: 300, ymax: 400 } }],
			success: true,
			errors: [],
			messages: [],
		},
		shapes: [[1, 2, 300, 400]],
		labels: ['dog'],
	},
	Moondream: {
		answer: {
			request_id: '2025-03-25_detect',
			objects: [{ x_min: 0.2, y_min: 0.25, x_max: 0.4, y_max: 0.5 }],
		},
		shapes: [[200, 200, 400, 400]],
		labels: [],
	},
	'Moondream, the whole image': {
		answer: { objects: [{ x_min: 0, y_min: 0, x_max: 1, y_max: 1 }] },
		shapes: [[0, 0, 1000, 800]],
		labels: [],
	},
	'Ultralytics boxes': {
		answer: {
			images: [
				{
					results: [
						{
							class: 0,
							name: 'person',
							confidence: 0.92,
							box: { x1: 118.1, x2: 416.5, y1: 112.6, y2: 660.2 },
						},
					],
					shape: [800, 1000],
					speed: { inference: 200.8, postprocess: 0.8, preprocess: 2.8 },
				},
			],
			metadata: { imageCount: 1 },
		},
		shapes: [[118.1, 112.6, 416.5, 660.2]],
		labels: ['person'],
	},
	'Ultralytics, normalized': {
		answer: [{ class: 5, confidence: 0.9, box: { x1: 0.1, y1: 0.25, x2: 0.5, y2: 0.5 } }],
		shapes: [[100, 200, 500, 400]],
		labels: ['5'],
	},
	'Ultralytics segments': {
		answer: [
			{
				name: 'bus',
				class: 5,
				confidence: 0.9,
				box: { x1: 1, y1: 2, x2: 90, y2: 80 },
				segments: { x: [1, 90, 45], y: [2, 2, 80] },
			},
		],
		shapes: [
			[
				[1, 2],
				[90, 2],
				[45, 80],
			],
		],
		labels: ['bus'],
	},
	'Ultralytics turned boxes': {
		answer: [
			{ name: 'ship', box: { x1: 10, y1: 0, x2: 20, y2: 10, x3: 10, y3: 20, x4: 0, y4: 10 } },
		],
		shapes: [
			[
				[10, 0],
				[20, 10],
				[10, 20],
				[0, 10],
			],
		],
		labels: ['ship'],
	},
	Roboflow: {
		answer: {
			inference_id: '4e5f',
			time: 0.16,
			image: { width: 500, height: 400 },
			predictions: [
				{
					x: 100,
					y: 50,
					width: 40,
					height: 20,
					confidence: 0.93,
					class: 'logo',
					class_id: 0,
					detection_id: '7c8d',
				},
			],
		},
		shapes: [[160, 80, 240, 120]],
		labels: ['logo'],
	},
	'Roboflow workflow with outlines': {
		answer: [
			{
				model_predictions: {
					image: { width: 1000, height: 800 },
					predictions: [
						{
							x: 100,
							y: 50,
							width: 40,
							height: 20,
							confidence: 0.93,
							class: 'logo',
							points: [
								{ x: 80, y: 40 },
								{ x: 120, y: 40 },
								{ x: 100, y: 60 },
							],
						},
					],
				},
			},
		],
		shapes: [
			[
				[80, 40],
				[120, 40],
				[100, 60],
			],
		],
		labels: ['logo'],
	},
	'Label Studio': {
		answer: {
			annotations: [
				{
					result: [
						{
							original_width: 1000,
							original_height: 800,
							type: 'rectanglelabels',
							value: {
								x: 10,
								y: 25,
								width: 50,
								height: 0.5,
								rotation: 0,
								rectanglelabels: ['Plane'],
							},
						},
						{
							type: 'polygonlabels',
							value: {
								points: [
									[10, 25],
									[50, 25],
									[50, 75],
								],
								closed: true,
								polygonlabels: ['Wing'],
							},
						},
					],
				},
			],
		},
		shapes: [
			[100, 200, 600, 204],
			[
				[100, 200],
				[500, 200],
				[500, 600],
			],
		],
		labels: ['Plane', 'Wing'],
	},
	'Label Studio, turned by a right angle': {
		answer: [{ x: 50, y: 50, width: 10, height: 5, rotation: 90, rectanglelabels: ['Tag'] }],
		shapes: [
			[
				[500, 400],
				[500, 500],
				[460, 500],
				[460, 400],
			],
		],
		labels: ['Tag'],
	},
	LabelMe: {
		answer: {
			version: '5.2.1',
			flags: {},
			shapes: [
				{
					label: 'text',
					points: [
						[50, 60],
						[10, 20],
					],
					shape_type: 'rectangle',
					flags: {},
				},
			],
			imagePath: 'a.jpg',
			imageData: null,
			imageHeight: 400,
			imageWidth: 500,
		},
		shapes: [[20, 40, 100, 120]],
		labels: ['text'],
	},
	COCO: {
		answer: {
			info: { description: 'COCO 2017', year: 2017 },
			images: [{ id: 397133, width: 1000, height: 800, file_name: '000000397133.jpg' }],
			annotations: [
				{
					id: 82445,
					category_id: 44,
					image_id: 397133,
					bbox: [217.5, 240, 38.5, 57],
					area: 1481,
					iscrowd: 0,
				},
				{
					id: 2,
					category_id: 1,
					bbox: [1, 2, 8, 8],
					segmentation: [[1, 2, 9, 2, 9, 10]],
					iscrowd: 0,
				},
				{
					id: 3,
					category_id: 1,
					bbox: [5, 6, 7, 8],
					segmentation: { counts: [1, 2, 3, 4], size: [800, 1000] },
					iscrowd: 1,
				},
			],
			categories: [{ supercategory: 'kitchen', id: 44, name: 'bottle' }],
		},
		shapes: [
			[217.5, 240, 256, 297],
			[
				[1, 2],
				[9, 2],
				[9, 10],
			],
			[5, 6, 12, 14],
		],
		labels: [],
	},
	'Florence-2': {
		answer: {
			'<OD>': {
				bboxes: [
					[33.6, 159.6, 597.4, 371.8],
					[1, 2, 3, 4],
				],
				labels: ['car', 'wheel'],
			},
		},
		shapes: [
			[33.6, 159.6, 597.4, 371.8],
			[1, 2, 3, 4],
		],
		labels: ['car', 'wheel'],
	},
	'Florence-2 text': {
		answer: { '<OCR_WITH_REGION>': { quad_boxes: [[1, 2, 9, 2, 9, 5, 1, 5]], labels: ['SALE'] } },
		shapes: [
			[
				[1, 2],
				[9, 2],
				[9, 5],
				[1, 5],
			],
		],
		labels: ['SALE'],
	},
	'Florence-2 at fal': {
		answer: {
			image: { url: 'https://fal.media/a.png', width: 500, height: 400 },
			results: { bboxes: [{ x: 10, y: 20, w: 30, h: 40, label: 'car' }] },
		},
		shapes: [[20, 40, 80, 120]],
		labels: ['car'],
	},
	'Azure Custom Vision': {
		answer: {
			id: 'f1',
			iteration: 'i1',
			predictions: [
				{
					probability: 0.9,
					tagId: 't1',
					tagName: 'logo',
					boundingBox: { left: 0.1, top: 0.25, width: 0.5, height: 0.5 },
				},
			],
		},
		shapes: [[100, 200, 600, 600]],
		labels: ['logo'],
	},
	Clarifai: {
		answer: {
			outputs: [
				{
					data: {
						regions: [
							{
								region_info: {
									bounding_box: { top_row: 0.25, left_col: 0.1, bottom_row: 0.75, right_col: 0.6 },
								},
								data: { concepts: [{ id: 'a', name: 'face', value: 0.9 }] },
							},
						],
					},
				},
			],
		},
		shapes: [[100, 200, 600, 600]],
		labels: ['face'],
	},
	'CVAT, its XML as JSON': {
		answer: {
			image: {
				width: '500',
				height: '400',
				box: [{ label: 'logo', xtl: '10', ytl: '20', xbr: '30', ybr: '40' }],
			},
		},
		shapes: [[20, 40, 60, 80]],
		labels: ['logo'],
	},
	'Tesseract.js': {
		answer: {
			words: [{ text: 'SALE', confidence: 91, bbox: { x0: 10, y0: 20, x1: 30, y1: 40 } }],
		},
		shapes: [[10, 20, 30, 40]],
		labels: [],
	},
	'OCR words with four corners': {
		answer: [{ x0: 1, y0: 2, x1: 9, y1: 2, x2: 9, y2: 5, x3: 1, y3: 5 }],
		shapes: [
			[
				[1, 2],
				[9, 2],
				[9, 5],
				[1, 5],
			],
		],
		labels: [],
	},
	'Segment Anything, automatic masks': {
		answer: [
			{
				segmentation: { size: [800, 1000], counts: 'abc' },
				bbox: [1, 2, 30, 40],
				point_coords: [[3, 4]],
				crop_box: [0, 0, 1000, 800],
			},
		],
		shapes: [[1, 2, 31, 42]],
		labels: [],
	},
	'Imagga, corners beside the box’s own size': {
		answer: {
			faces: [{ coordinates: { xmin: 10, ymin: 20, xmax: 30, ymax: 40, width: 20, height: 20 } }],
		},
		shapes: [[10, 20, 30, 40]],
		labels: [],
	},
	'Mistral OCR, its pages of another size': {
		answer: {
			pages: [
				{
					index: 0,
					images: [
						{
							id: 'img-0.jpeg',
							top_left_x: 20,
							top_left_y: 40,
							bottom_right_x: 60,
							bottom_right_y: 80,
						},
					],
					tables: [],
					dimensions: { dpi: 200, width: 2000, height: 1600 },
				},
			],
		},
		shapes: [[10, 20, 30, 40]],
		labels: [],
	},
	'Supervisely, a rectangle and a polygon': {
		answer: {
			objects: [
				{
					classTitle: 'logo',
					points: {
						exterior: [
							[30, 40],
							[10, 20],
						],
						interior: [],
					},
				},
				{
					classTitle: 'text',
					points: {
						exterior: [
							[1, 2],
							[9, 2],
							[9, 5],
						],
						interior: [],
					},
				},
			],
		},
		shapes: [
			[10, 20, 30, 40],
			[
				[1, 2],
				[9, 2],
				[9, 5],
			],
		],
		labels: ['logo', 'text'],
	},
	'Tencent Cloud, a box beside the outline': {
		answer: {
			TextDetections: [
				{
					DetectedText: 'SALE',
					Confidence: 99,
					Polygon: [
						{ X: 10, Y: 20 },
						{ X: 30, Y: 20 },
						{ X: 30, Y: 40 },
					],
					ItemPolygon: { X: 10, Y: 20, Width: 20, Height: 20 },
				},
			],
		},
		shapes: [
			[
				[10, 20],
				[30, 20],
				[30, 40],
			],
		],
		labels: ['SALE'],
	},
	'sides in capitals': {
		answer: [{ X: 10, Y: 20, Width: 20, Height: 20 }],
		shapes: [[10, 20, 30, 40]],
		labels: [],
	},
	'Google Vision, as its Python library names the fields': {
		answer: {
			localized_object_annotations: [
				{
					name: 'Dog',
					bounding_poly: {
						vertices: [],
						normalized_vertices: [{ y: 0.25 }, { x: 0.5, y: 0.25 }, { x: 0.5, y: 0.75 }],
					},
				},
			],
		},
		shapes: [
			[
				[0, 200],
				[500, 200],
				[500, 600],
			],
		],
		labels: ['Dog'],
	},
	'Google Document AI': {
		answer: {
			pages: [
				{
					pageNumber: 1,
					dimension: { width: 500, height: 400, unit: 'pixels' },
					layout: {
						boundingPoly: { normalizedVertices: [{}, { x: 1 }, { x: 1, y: 1 }, { y: 1 }] },
					},
					tokens: [
						{
							layout: {
								confidence: 0.9,
								boundingPoly: {
									vertices: [
										{ x: 50, y: 100 },
										{ x: 300, y: 100 },
										{ x: 300, y: 300 },
									],
									normalizedVertices: [
										{ x: 0.1, y: 0.25 },
										{ x: 0.6, y: 0.25 },
										{ x: 0.6, y: 0.75 },
									],
								},
							},
						},
					],
				},
			],
		},
		shapes: [
			[
				[100, 200],
				[600, 200],
				[600, 600],
			],
		],
		labels: [],
	},
	'A tool that Claude calls': {
		answer: {
			content: [
				{ type: 'tool_use', id: 't', input: { found: [{ box_2d: [1, 2, 3, 4], label: 'cup' }] } },
			],
		},
		shapes: [[2, 0.8, 4, 2.4]],
		labels: ['cup'],
	},
	'A tool that OpenAI’s models call': {
		answer: {
			message: {
				role: 'assistant',
				content: null,
				tool_calls: [
					{ function: { name: 'report', arguments: '{"found":[{"box_2d":[1,2,3,4]}]}' } },
				],
			},
		},
		shapes: [[2, 0.8, 4, 2.4]],
		labels: [],
	},
	'Vertex AutoML': {
		answer: {
			predictions: [
				{
					ids: ['1', '2', '3', '4'],
					displayNames: ['cat', 'dog', 'cat', 'cow'],
					bboxes: [
						[0.1, 0.2, 0.25, 0.5],
						[0.2, 0.3, 0.5, 0.75],
						[0, 0.1, 0, 0.25],
						[0, 1, 0, 1],
					],
					confidences: [0.7, 0.5, 0.9, 0.4],
				},
			],
			deployedModelId: '2345',
		},
		shapes: [
			[100, 200, 200, 400],
			[200, 400, 300, 600],
			[0, 0, 100, 200],
			[0, 0, 1000, 800],
		],
		labels: ['cat', 'dog', 'cow'],
	},
	'Rectangles of this node, as text': {
		answer: '[{"x":1,"y":2,"width":3,"height":4},{"x":"5","y":6,"width":7,"height":8.5}]',
		shapes: [
			[1, 2, 4, 6],
			[5, 6, 12, 14.5],
		],
		labels: [],
	},
	'Rectangles that are fractions': {
		answer: [
			{ x: 0.1, y: 0.25, width: 0.5, height: 0.5, name: 'a' },
			{ x: 0, y: 0, width: 1, height: 1, name: 'b' },
		],
		shapes: [
			[100, 200, 600, 600],
			[0, 0, 1000, 800],
		],
		labels: ['a', 'b'],
	},
};
