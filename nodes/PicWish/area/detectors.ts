// The answer formats of detectors, as data. A row is recognized by its keys alone.

import type { Unit } from './units';

/** How four numbers make a box. `edges`: x from, x to, y from, y to. */
export type Form = 'corners' | 'cornersYFirst' | 'sizes' | 'centers' | 'edges';

interface Row {
	/** Applies only if all keys of one of these sets are in the same object. */
	beside?: ReadonlyArray<readonly string[]>;
	form: Form;
	/** Pixels and fractions (0…1) are swapped if the numbers of the answer leave no doubt. */
	unit: Unit;
}

/** A box as an object. */
interface BoxRow extends Row {
	keys: readonly string[];
}

/** A box as a list of four numbers, or a list of such lists. */
export interface ListRow extends Row {
	key: string;
}

interface OutlineRow {
	key: string;
	beside?: ReadonlyArray<readonly string[]>;
	unit: Unit;
}

/** Keys of the node's own rectangles. If no row matches, Box Format and Unit apply. */
export const PLAIN_KEYS = ['x', 'y', 'width', 'height'] as const;

export const BOX_ROWS: readonly BoxRow[] = [
	// Amazon Rekognition and Textract
	{ keys: ['Left', 'Top', 'Width', 'Height'], form: 'sizes', unit: 'fraction' },
	// Moondream
	{ keys: ['x_min', 'y_min', 'x_max', 'y_max'], form: 'corners', unit: 'fraction' },
	// Hugging Face, DETR, Cloudflare
	{ keys: ['xmin', 'ymin', 'xmax', 'ymax'], form: 'corners', unit: 'pixels' },
	{ keys: ['xMin', 'yMin', 'xMax', 'yMax'], form: 'corners', unit: 'pixels' },
	// Ultralytics
	{ keys: ['x1', 'y1', 'x2', 'y2'], form: 'corners', unit: 'pixels' },
	// Azure Computer Vision 3.2 and 4.0, Florence-2 at fal
	{ keys: ['x', 'y', 'w', 'h'], form: 'sizes', unit: 'pixels' },
	// Azure Face
	{ keys: ['left', 'top', 'width', 'height'], form: 'sizes', unit: 'pixels' },
	{ keys: ['left', 'top', 'right', 'bottom'], form: 'corners', unit: 'pixels' },
	// MediaPipe
	{ keys: ['originX', 'originY', 'width', 'height'], form: 'sizes', unit: 'pixels' },
	// Tesseract.js
	{ keys: ['x0', 'y0', 'x1', 'y1'], form: 'corners', unit: 'pixels' },
	// CVAT
	{ keys: ['xtl', 'ytl', 'xbr', 'ybr'], form: 'corners', unit: 'pixels' },
	// Clarifai
	{ keys: ['left_col', 'top_row', 'right_col', 'bottom_row'], form: 'corners', unit: 'fraction' },
	// Label Studio
	{ keys: PLAIN_KEYS, beside: [['rectanglelabels']], form: 'sizes', unit: 'percent' },
	// Roboflow
	{
		keys: PLAIN_KEYS,
		beside: [['class', 'confidence'], ['class_id', 'confidence'], ['detection_id']],
		form: 'centers',
		unit: 'pixels',
	},
];

/** Four corners as keys: rotated boxes of Ultralytics, words of OCR services. */
export const QUADS = [
	['x1', 'y1', 'x2', 'y2', 'x3', 'y3', 'x4', 'y4'],
	['x0', 'y0', 'x1', 'y1', 'x2', 'y2', 'x3', 'y3'],
] as const;

export const LIST_ROWS: readonly ListRow[] = [
	// Gemini
	{ key: 'box_2d', form: 'cornersYFirst', unit: 'thousandths' },
	// COCO, Segment Anything
	{ key: 'bbox', beside: [['category_id'], ['segmentation']], form: 'sizes', unit: 'pixels' },
	// Vertex AutoML
	{ key: 'bboxes', beside: [['displayNames']], form: 'edges', unit: 'fraction' },
	// Florence-2
	{ key: 'bboxes', beside: [['labels'], ['bboxes_labels']], form: 'corners', unit: 'pixels' },
];

export const OUTLINE_ROWS: readonly OutlineRow[] = [
	// Amazon Rekognition and Textract
	{ key: 'Polygon', unit: 'fraction' },
	// Google Vision; omits an x or y of 0. If both kinds are present, the normalized one counts.
	{ key: 'normalizedVertices', unit: 'fraction' },
	{ key: 'normalized_vertices', unit: 'fraction' },
	{ key: 'vertices', unit: 'pixels' },
	// Azure Read, Azure Document Intelligence; `boundingBox` with eight numbers is Read 3.2
	{ key: 'boundingPolygon', unit: 'pixels' },
	{ key: 'polygon', unit: 'pixels' },
	{ key: 'boundingBox', unit: 'pixels' },
	// Label Studio; Roboflow and LabelMe
	{ key: 'points', beside: [['polygonlabels']], unit: 'percent' },
	{ key: 'points', unit: 'pixels' },
	// Ultralytics
	{ key: 'segments', unit: 'pixels' },
	// COCO
	{ key: 'segmentation', unit: 'pixels' },
];

/** In row order: normalized vertices come before `vertices`. */
export const OUTLINE_KEYS = [...new Set(OUTLINE_ROWS.map(({ key }) => key))];

/** Florence-2: lists of outlines, each a list of numbers in pixels. */
export const OUTLINE_LISTS = new Set(['quad_boxes', 'polygons']);

/** Parts of one object. Its box and its outline may be in different parts and count once. */
export const PART_KEYS = new Set(
	'box bbox boundingBox BoundingBox rectangle rect Geometry geometry boundingPoly fdBoundingPoly bounding_poly region_info'.split(
		' ',
	),
);

/** In order of preference. */
export const LABEL_KEYS =
	'label name Name class object description DetectedText tagName class_name category'.split(' ');
/** In order of preference. */
export const CONFIDENCE_KEYS = ['score', 'confidence', 'probability', 'conf'];
/** Lists beside a box. The first entry has its label, and possibly its confidence. */
export const LABEL_LISTS = [
	// Azure 4.0
	{ key: 'tags', name: 'name', confidence: 'confidence' },
	// MediaPipe
	{ key: 'categories', name: 'categoryName', confidence: 'score' },
	// Clarifai
	{ within: 'data', key: 'concepts', name: 'name', confidence: 'value' },
];
/** Label Studio: lists of names. */
export const LABEL_NAMES = ['rectanglelabels', 'polygonlabels'];
/** Lists parallel to a list of boxes. */
export const PARALLEL_LABELS = [
	'text_labels',
	'labels',
	'displayNames',
	'bboxes_labels',
	'class_names',
	'classes',
];
export const PARALLEL_SCORES = ['scores', 'confidences'];

/** Objects beside the boxes that may have the size of the image. */
export const FRAME_KEYS = ['image', 'metadata', 'images', 'pages'];

/** Fields with the text of a language model. */
export const TEXT_KEYS = new Set(
	'text content output output_text generated_text response completion answer arguments'.split(' '),
);
/** Prompts are not searched: they may contain an example of an answer. */
export const QUESTION_KEY =
	/prompt$|^(?:(?:user|system|chat)_?)?(?:instructions?|question|query|input)$/i;

/** An empty list under these keys does not mean that nothing was found. */
export const SIDE_LIST =
	/^(?:tags|aliases|parents|categories|candidates|choices|safety_?ratings|tool_?calls|attributes|warnings|errors|messages|landmarks|citations|tools|summary|logprobs)$/i;

/** The `status` of an answer that is none. */
export const FAILED_STATUS = /^(?:error|fail|failed|failure|canceled)$/i;

/** Lists of numbers under these keys are never boxes. */
export const NO_BOX_LIST =
	/(?:^|_)(?:ids?|ind(?:ex|ices)|scores?|conf(?:idences?)?|prob(?:s|abilities)?|class(?:es)?|labels?|shape|sizes?|colou?rs?|speed|embeddings?|logits|tokens?)$/i;
/** Lists of numbers under these keys are almost certainly boxes. */
export const BOX_LIST = /box|rect|xyxy|xywh|coord/i;

/** Two numbers under these keys are a point. */
export const POINT_LIST = /coord/i;

/** Three of these with numbers but no matching row: a box that cannot be read. */
export const SIDE_KEY =
	/^(?:(?:c|center|min|max|origin|start|end)?_?[xy]_?(?:\d|c|center|min|max)?|left|top|right|bottom|w|h|width|height|radius[xy]?)$/i;
