// The answer formats of detectors, as data. A row is recognized by its keys alone.

import type { Box } from './shapes';
import type { Unit } from './units';

/** How four numbers make a box. */
export const BOXES = {
	corners: (left, top, right, bottom) => ({ left, top, right, bottom }),
	cornersYFirst: (top, left, bottom, right) => ({ left, top, right, bottom }),
	edges: (left, right, top, bottom) => ({ left, top, right, bottom }),
	sizes: (x, y, width, height) => ({ left: x, top: y, right: x + width, bottom: y + height }),
	centers: (x, y, width, height) => ({
		left: x - width / 2,
		top: y - height / 2,
		right: x + width / 2,
		bottom: y + height / 2,
	}),
} satisfies Record<string, (a: number, b: number, c: number, d: number) => Box>;

export type BoxForm = keyof typeof BOXES;

/** What numbers mean: a box, an `outline` (x, y, x, y, …), or what Box Format and Unit may say. */
export type Form = BoxForm | 'outline' | 'sides' | 'list';

export interface Row {
	keys: readonly string[];
	form: Form;
	/** Pixels and fractions (0…1) are swapped if the numbers of the answer leave no doubt. */
	unit: Unit;
	/** Unless empty, applies only if all keys of one of these sets are in the same object. */
	beside: ReadonlyArray<readonly string[]>;
}

const words = (text: string) => text.split(' ');

function row(keys: string, form: Form, unit: Unit, ...beside: string[]): Row {
	return { keys: words(keys), form, unit, beside: beside.map(words) };
}

/** Keys of an object that is a box or has four corners. */
export const OBJECT_ROWS: readonly Row[] = [
	row('x1 y1 x2 y2 x3 y3 x4 y4', 'outline', 'pixels'), // Ultralytics, rotated boxes
	row('x0 y0 x1 y1 x2 y2 x3 y3', 'outline', 'pixels'), // words of OCR services
	row('Left Top Width Height', 'sizes', 'fraction'), // Amazon Rekognition and Textract
	row('x_min y_min x_max y_max', 'corners', 'fraction'), // Moondream
	row('xmin ymin xmax ymax', 'corners', 'pixels'), // Hugging Face, DETR, Cloudflare
	row('xMin yMin xMax yMax', 'corners', 'pixels'),
	row('x1 y1 x2 y2', 'corners', 'pixels'), // Ultralytics
	row('x y w h', 'sizes', 'pixels'), // Azure Computer Vision 3.2 and 4.0, Florence-2 at fal
	row('left top width height', 'sizes', 'pixels'), // Azure Face
	row('left top right bottom', 'corners', 'pixels'),
	row('originX originY width height', 'sizes', 'pixels'), // MediaPipe
	row('x0 y0 x1 y1', 'corners', 'pixels'), // Tesseract.js
	row('xtl ytl xbr ybr', 'corners', 'pixels'), // CVAT
	row('left_col top_row right_col bottom_row', 'corners', 'fraction'), // Clarifai
	row('top_left_x top_left_y bottom_right_x bottom_right_y', 'corners', 'pixels'), // Mistral OCR
	row('x y width height', 'sizes', 'percent', 'rectanglelabels'), // Label Studio
	row('x y width height', 'centers', 'pixels', 'class confidence'), // Roboflow
	row('x y width height', 'centers', 'pixels', 'class_id confidence', 'detection_id'), // Roboflow
	row('x y width height', 'sides', 'pixels'), // the rectangles of this node
	row('X Y Width Height', 'sizes', 'pixels'), // Tencent Cloud, .NET
];

/** Keys of a list of four numbers, or of a list of such lists. */
export const LIST_ROWS: readonly Row[] = [
	row('box_2d', 'cornersYFirst', 'thousandths'), // Gemini
	row('bbox', 'sizes', 'pixels', 'category_id', 'segmentation'), // COCO, Segment Anything
	row('bboxes', 'edges', 'fraction', 'displayNames'), // Vertex AutoML
	row('bboxes', 'corners', 'pixels', 'labels', 'bboxes_labels'), // Florence-2
];

export const OUTLINE_ROWS: readonly Row[] = [
	row('Polygon', 'outline', 'fraction'), // Amazon Rekognition and Textract
	// Google Vision; omits an x or y of 0. If both kinds are present, the normalized one counts.
	row('normalizedVertices', 'outline', 'fraction'),
	row('normalized_vertices', 'outline', 'fraction'),
	row('vertices', 'outline', 'pixels'),
	// Azure Read, Azure Document Intelligence; `boundingBox` with eight numbers is Read 3.2
	row('boundingPolygon', 'outline', 'pixels'),
	row('polygon', 'outline', 'pixels'),
	row('boundingBox', 'outline', 'pixels'),
	row('points', 'outline', 'percent', 'polygonlabels'), // Label Studio
	row('points', 'outline', 'pixels'), // Roboflow and LabelMe
	row('segments', 'outline', 'pixels'), // Ultralytics
	row('segmentation', 'outline', 'pixels'), // COCO
	row('exterior', 'outline', 'pixels'), // Supervisely
];

/** In row order: normalized vertices come before `vertices`. */
export const OUTLINE_KEYS = [...new Set(OUTLINE_ROWS.flatMap(({ keys }) => keys))];

/** Florence-2: lists of outlines, each a list of numbers in pixels. */
export const OUTLINE_LISTS = words('quad_boxes polygons');

/** Parts of one object. Its box and its outline may be in different parts and count once. */
export const PART_KEYS = words(
	'box bbox boundingBox BoundingBox rectangle rect Geometry geometry boundingPoly fdBoundingPoly bounding_poly region_info ItemPolygon',
);

/** In order of preference. */
export const LABEL_KEYS = words(
	'label name Name class object description DetectedText tagName class_name classTitle category',
);
/** In order of preference. */
export const CONFIDENCE_KEYS = words('score confidence probability conf');
/** Lists beside a box. The first entry has its label, and possibly its confidence. */
export const LABEL_LISTS = [
	{ key: 'tags', name: 'name', confidence: 'confidence' }, // Azure 4.0
	{ key: 'categories', name: 'categoryName', confidence: 'score' }, // MediaPipe
	{ within: 'data', key: 'concepts', name: 'name', confidence: 'value' }, // Clarifai
];
/** Label Studio: lists of names. */
export const LABEL_NAMES = words('rectanglelabels polygonlabels');
/** Lists parallel to a list of boxes. */
export const PARALLEL_LABELS = words(
	'text_labels labels displayNames bboxes_labels class_names classes',
);
export const PARALLEL_SCORES = words('scores confidences');

/** Objects beside the boxes that may have the size of the image. */
export const FRAME_KEYS = words('image metadata images pages dimensions');

/** Fields with the text of a language model. */
export const TEXT_KEYS = words(
	'text content output output_text generated_text response completion answer arguments',
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

/** Three of these with numbers but no matching row: a box that cannot be read. */
export const SIDE_KEY =
	/^(?:(?:c|center|min|max|origin|start|end)?_?[xy]_?(?:\d|c|center|min|max)?|left|top|right|bottom|w|h|width|height|radius[xy]?)$/i;

/** Three numbers under such keys, or two points: coordinates in an unknown form. */
export const COORDINATE_KEY =
	/^(?!\d)_?(?:w|h|width|height|radius|(?:_?(?:[xyltrbc]|left|top|right|bottom|upper|lower|row|col|center|min|max|start|end|\d))+)$/i;
/** Masks as addresses or run lengths, which are not supported. */
export const MASK_KEY = /^masks?$/i;
