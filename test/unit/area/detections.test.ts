import { readDetections, type DetectionSettings } from '../../../nodes/PicWish/area/detections';
import { asShape, SAMPLES, settings, size } from './answers';
import { refusalOf } from './refusal';

function read(answer: unknown, more: Partial<DetectionSettings> = {}) {
	return readDetections(answer, { ...settings, ...more }, size);
}

function refusal(answer: unknown, more: Partial<DetectionSettings> = {}) {
	return refusalOf(() => read(answer, more));
}

/** Numbers that are computed differ from typed ones by a hair. */
function rounded(value: unknown): unknown {
	const round = (_key: string, part: unknown) =>
		typeof part === 'number' ? Math.round(part * 1e6) / 1e6 + 0 : part;
	return JSON.parse(JSON.stringify(value, round));
}

describe('the answer of', () => {
	test.each(Object.entries(SAMPLES))('%s', (_name, { answer, shapes, labels }) => {
		const expected = { shapes: shapes.map(asShape), labels, found: shapes.length };
		expect(rounded(read(answer))).toEqual(expected);
		// As text, in a fence, behind a sentence, within other objects.
		const text = JSON.stringify(answer);
		const wrapped = [
			text,
			`\`\`\`json\n${text}\n\`\`\``,
			`Here it is: ${text} Good luck!`,
			{ output: `Sure.\n\`\`\`\n${text}\n\`\`\`` },
			{ body: { data: [[answer]] } },
			{ content: [{ type: 'text', text }] },
			JSON.stringify(text),
		];
		for (const each of typeof answer === 'string' ? [] : wrapped) {
			expect(rounded(read(each))).toEqual(expected);
		}
	});

	test('keys win over Box Format and Unit', () => {
		for (const [name, { answer, shapes }] of Object.entries(SAMPLES)) {
			if (/Claude|OpenAI|Rectangles/.test(name)) continue;
			const { shapes: made } = read(answer, { boxFormat: 'centers', unit: 'thousandths' });
			expect(rounded(made)).toEqual(shapes.map(asShape));
		}
	});
});

describe('in the words of a language model', () => {
	const logo = [{ x: 10, y: 20, width: 30, height: 40 }];
	const other = JSON.stringify([{ x: 1, y: 2, width: 3, height: 4 }]);
	const justLogo = { found: 1, shapes: read(logo).shapes };

	test('what stands in a fence counts, and not what is quoted before and behind it', () => {
		const text = `You gave me ${other}.\n\`\`\`json\n${JSON.stringify(logo)}\n\`\`\`\nThat was ${other}.`;
		expect(read(text)).toMatchObject(justLogo);
	});

	test('a lone quotation mark of prose hides nothing', () => {
		expect(read(`The 6" logo: ${JSON.stringify(logo)}`)).toMatchObject(justLogo);
	});

	test('what is thought aloud before the answer is a draft', () => {
		expect(read(`<think>Perhaps ${other}?</think>\n${JSON.stringify(logo)}`)).toMatchObject(
			justLogo,
		);
	});

	test('the question is not the answer', () => {
		const messages = [
			{ role: 'system', content: other },
			{ role: 'user', content: other },
			{ role: 'assistant', content: JSON.stringify(logo) },
		];
		expect(read({ messages })).toMatchObject(justLogo);
	});
});

test('of one object the keys that tell win over those that do not', () => {
	const both = { bbox: [1, 2, 3, 4], xmin: 10, ymin: 20, xmax: 40, ymax: 60 };
	const { shapes } = read([both]);
	expect(shapes).toEqual(read([{ xmin: 10, ymin: 20, xmax: 40, ymax: 60 }]).shapes);
	const around = {
		x: 1,
		y: 2,
		width: 3,
		height: 4,
		box: { xmin: 10, ymin: 20, xmax: 40, ymax: 60 },
	};
	expect(read([around]).shapes).toEqual(shapes);
});

test('a scaled copy may have another shape than the image', () => {
	const image = { width: size.width / 2, height: size.height / 4 };
	const predictions = [{ x: 20, y: 10, width: 10, height: 10, confidence: 0.9, class: 'logo' }];
	expect(read({ image, predictions }).shapes).toEqual([
		{ kind: 'box', left: 30, top: 20, right: 50, bottom: 60 },
	]);
});

describe('the size of the image that an answer gives', () => {
	const box = [{ x1: 10, y1: 20, x2: 30, y2: 40 }];
	const otherwise = { size: { width: size.height, height: size.width }, advice: 'Choose.' };

	test('tells that a detector did not rotate a photo as the node does', () => {
		const image = { width: 400, height: 500 };
		expect(refusal({ image, box }, { otherwise })).toMatchObject({
			message:
				'Detections: the boxes refer to an image of 400 × 500 pixels; the photo is stored rotated, and is read as 1000 × 800',
			description: 'Choose.',
		});
	});

	test.each([
		['of the same shape', { width: 500, height: 400 }],
		['of neither shape', { width: 640, height: 640 }],
	])('is only one to scale by, %s', (_name, image) => {
		expect(read({ image, box }, { otherwise })).toEqual(read({ image, box }));
	});

	test('tells nothing where the image has that shape both ways', () => {
		const image = { width: 500, height: 400 };
		const alike = { otherwise: { ...otherwise, size } };
		expect(read({ image, box }, alike)).toEqual(read({ image, box }));
	});

	test('is that, too, where the photo is not stored rotated', () => {
		expect(read({ image: { width: 400, height: 500 }, box }).shapes).toHaveLength(1);
	});
});

describe('plain numbers', () => {
	const numbers = [100, 200, 300, 400];
	test.each<[DetectionSettings['boxFormat'], number[]]>([
		['corners', [100, 200, 300, 400]],
		['cornersYFirst', [200, 100, 400, 300]],
		['sizes', [100, 200, 400, 600]],
		['centers', [-50, 0, 250, 400]],
	])('lists as %s', (boxFormat, [left, top, right, bottom]) => {
		const shapes = [{ kind: 'box', left, top, right, bottom }];
		const answers = [
			numbers,
			[numbers],
			{ bbox: numbers },
			{ boxes: [numbers], scores: [0.5] },
			[{ bbox_2d: numbers, label: 'a' }],
			{ detections: [{ xyxy: [numbers] }] },
			{ thing: numbers },
			'[[100, 200, 300, 400]]',
			{ text: 'The box is [100, 200, 300, 400].' },
		];
		for (const answer of answers) {
			expect(read(answer, { boxFormat }).shapes).toEqual(shapes);
			const { message, description } = refusal(answer);
			expect(message).toMatch(/^Detections: .*100, 200, 300, 400.* no x, y, width, height/);
			expect(description).toMatch(/Choose in Box Format/);
		}
	});

	test.each<[DetectionSettings['unit'], number[]]>([
		['pixels', [100, 80, 300, 240]],
		['percent', [10, 10, 30, 30]],
		['fraction', [0.1, 0.1, 0.3, 0.3]],
		['thousandths', [100, 100, 300, 300]],
	])('%s', (unit, box) => {
		const { shapes } = read([{ bbox_2d: box }], { boxFormat: 'corners', unit });
		expect(rounded(shapes)).toEqual([asShape([100, 80, 300, 240])]);
	});

	test('x, y, width, height take sizes and centers, with the unit', () => {
		const box = [{ x: 50, y: 50, width: 20, height: 10 }];
		const unit = 'percent';
		expect(read(box, { boxFormat: 'centers', unit }).shapes).toEqual([
			asShape([400, 360, 600, 440]),
		]);
		expect(read(box, { boxFormat: 'sizes', unit }).shapes).toEqual([asShape([500, 400, 700, 480])]);
		expect(refusal(box, { boxFormat: 'corners', unit }).message).toMatch(/cannot be corners/);
		expect(refusal(box, { boxFormat: 'cornersYFirst' }).message).toMatch(/cannot be corners/);
	});

	test.each<DetectionSettings['unit']>(['pixels', 'percent', 'thousandths'])(
		'fractions are refused as %s',
		(unit) => {
			const details = refusal([[0.1, 0.2, 0.3, 1]], { boxFormat: 'corners', unit });
			expect(details.message).toMatch(/look like fractions/);
			expect(details.description).toBe('Set Unit to Fraction of Image.');
		},
	);

	test('fractions are refused under keys that count otherwise', () => {
		expect(refusal([{ box_2d: [0.1, 0.2, 0.3, 0.4] }]).message).toMatch(/stand for thousandths/);
	});

	test('where nothing tells, the keys that were met are named', () => {
		const answer = [{ label: 'cup', box: { top: 1, left: 2, w: 3, h: 4 } }];
		expect(refusal(answer).message).toBe(
			'Detections: the answer has a box without x, y, width, height; it has top, left, w, h',
		);
	});

	test('four numbers are a box, also under a key for outlines', () => {
		const { shapes } = read({ polygon: [1, 2, 3, 4] }, { boxFormat: 'sizes' });
		expect(shapes).toEqual([asShape([1, 2, 4, 6])]);
	});

	test('keys beside a list tell more', () => {
		const answer = [{ x: 1, y: 2, width: 3, height: 4, bbox: [1, 2, 4, 6] }];
		expect(read(answer).shapes).toEqual([asShape([1, 2, 4, 6])]);
	});

	test('lists of four that are no boxes do not count beside boxes', () => {
		const answer = {
			color: [255, 0, 0, 255],
			timing: [1, 2, 3, 4],
			boxes: [{ x: 1, y: 2, w: 3, h: 4 }],
		};
		expect(read(answer).shapes).toEqual([asShape([1, 2, 4, 6])]);
	});
});

describe('pixels and fractions', () => {
	test.each([
		['whole numbers are pixels', [{ x1: 0, y1: 0, x2: 1, y2: 1 }], [[0, 0, 1, 1]]],
		[
			'up to 2 with decimals are fractions',
			[{ x1: 0, y1: 0, x2: 1.01, y2: 1 }],
			[[0, 0, 1010, 800]],
		],
		[
			'one box of the answer decides for all',
			[{ x1: 0.5, y1: 0.5, x2: 1.5, y2: 2 }, { box: { xmin: 4, ymin: 4, xmax: 9, ymax: 9 } }],
			[
				[0.5, 0.5, 1.5, 2],
				[4, 4, 9, 9],
			],
		],
		[
			'pixels under keys for fractions',
			[{ x_min: 10, y_min: 20, x_max: 30, y_max: 40 }],
			[[10, 20, 30, 40]],
		],
		[
			'a few pixels under keys for fractions',
			[{ x_min: 1, y_min: 2, x_max: 3, y_max: 4 }],
			[[1, 2, 3, 4]],
		],
		['reversed corners', [{ x1: 30, y1: 40, x2: 10, y2: 20 }], [[10, 20, 30, 40]]],
		['numbers as text', [{ x1: '10', y1: '20', x2: '30', y2: '40' }], [[10, 20, 30, 40]]],
	])('%s', (_name, answer, boxes) => {
		const shapes = boxes.map(([a = 0, b = 0, c = 0, d = 0]) => asShape([a, b, c, d]));
		expect(rounded(read(answer).shapes)).toEqual(shapes);
	});
});

describe('labels and confidence', () => {
	const answer = {
		Labels: [
			{
				Name: 'Car',
				Confidence: 99,
				Instances: [{ BoundingBox: { Left: 0, Top: 0, Width: 0.1, Height: 0.1 }, Confidence: 60 }],
			},
			{
				Name: 'Dog',
				Confidence: 90,
				Instances: [{ BoundingBox: { Left: 0.5, Top: 0, Width: 0.1, Height: 0.1 } }],
			},
		],
	};

	test.each<[Partial<DetectionSettings>, string[]]>([
		[{}, ['Car', 'Dog']],
		[{ onlyLabels: [' dog ', 'cat'] }, ['Dog']],
		[{ onlyLabels: ['', ' '] }, ['Car', 'Dog']],
		[{ onlyLabels: ['do'] }, []],
		[{ minConfidence: 60 }, ['Car', 'Dog']],
		[{ minConfidence: 61 }, ['Dog']],
		[{ minConfidence: 91 }, []],
	])('%j', (more, labels) => {
		const result = read(answer, more);
		expect(result.labels).toEqual(labels);
		expect(result.shapes).toHaveLength(labels.length);
		expect(result.found).toBe(2);
	});

	const box = (more: object) => ({ x1: 1, y1: 2, x2: 3, y2: 4, ...more });
	test.each([
		['0…1', [box({ score: 0.57 }), box({ score: 0.5 })], 57, 1],
		['above 1 are percentages, for all', [box({ confidence: 87 }), box({ confidence: 1 })], 50, 1],
		[
			'computed as a little more than 1',
			[box({ confidence: 1.0000001 }), box({ score: 0.6 })],
			50,
			2,
		],
		['missing counts as sure', [box({}), box({ confidence: 0.2 })], 100, 1],
		['as text', [box({ confidence: '0.9' })], 80, 1],
		['with a percent sign', [box({ confidence: '95%' }), box({ confidence: '40 %' })], 50, 1],
		['as probability', [box({ probability: 0.9 }), box({ probability: 0.2 })], 50, 1],
		['as conf', [box({ conf: 91 }), box({ conf: 20 })], 50, 1],
		['beside lists', { boxes: [box({}), box({})], scores: [0.9, 0.1] }, 50, 1],
		['beside lists, in percent', { boxes: [box({}), box({})], scores: ['95%', '40%'] }, 50, 1],
	])('confidences %s', (_name, list, minConfidence, count) => {
		expect(read(list, { minConfidence }).shapes).toHaveLength(count);
	});

	test('what has no label is none of those that are wanted', () => {
		const list = [box({}), box({ label: 'cup' })];
		expect(read(list, { onlyLabels: ['cup'] }).shapes).toHaveLength(1);
	});

	test.each(['tagName', 'class_name', 'category'])('%s is a label', (key) => {
		const list = [box({ [key]: 'Cup' }), box({ [key]: 'Dish' })];
		expect(read(list, { onlyLabels: ['cup'] }).labels).toEqual(['Cup']);
	});

	test('of the labels beside a list, those in words count', () => {
		const answer = { boxes: [box({})], labels: [0], text_labels: ['cup'], scores: [0.9] };
		expect(read(answer).labels).toEqual(['cup']);
	});

	test('says that nothing in the answer has a label', () => {
		expect(read([box({})], { onlyLabels: ['cup'] })).toMatchObject({ found: 1, noLabels: true });
		const some = read([box({}), box({ label: 'a' })], { onlyLabels: ['cup'] });
		expect(some.noLabels).toBeUndefined();
		expect(read([]).noLabels).toBeUndefined();
	});

	test('labels beside a list of another length are not its labels', () => {
		expect(read({ boxes: [box({}), box({})], labels: ['cup'] }).labels).toEqual([]);
	});

	test('of several sizes of images none is that of this one', () => {
		const images = [
			{ width: 100, height: 80 },
			{ width: 10, height: 8 },
		];
		expect(read({ images, boxes: [box({})] }).shapes).toEqual([asShape([1, 2, 3, 4])]);
	});

	test('a class may be a number', () => {
		expect(read([box({ class: 7 }), box({ class: 8 })], { onlyLabels: ['7'] }).labels).toEqual([
			'7',
		]);
	});

	test('what describes the reply is no label', () => {
		const reply = { object: 'response', name: 'x', output: JSON.stringify([box({})]) };
		expect(read(reply).labels).toEqual([]);
	});
});

describe('nothing found', () => {
	test.each<[string, unknown]>([
		['an empty list', []],
		['an empty list as text', ' [] '],
		['in a fence', '```json\n[]\n```'],
		['behind a sentence', 'There is no watermark: []'],
		['predictions', { predictions: [], image: { width: 10, height: 10 }, time: 0.1 }],
		[
			'Rekognition',
			{ Labels: [{ Name: 'Sky', Confidence: 99, Instances: [], Parents: [{ Name: 'Outdoors' }] }] },
		],
		[
			'Gemini',
			{ content: { parts: [{ text: '```json\n[]\n```' }], role: 'model' }, finishReason: 'STOP' },
		],
		['Florence-2', { '<OD>': { bboxes: [], labels: [] } }],
		['Google Vision', { responses: [{}] }],
		[
			'Azure',
			{ captionResult: { text: 'a wall', confidence: 0.8 }, objectsResult: { values: [] } },
		],
		[
			'Textract',
			{
				Blocks: [
					{
						BlockType: 'PAGE',
						Geometry: { BoundingBox: { Left: 0, Top: 0, Width: 1, Height: 1 } },
					},
				],
			},
		],
		['an object', { output: '{"boxes": []}' }],
		['a message’s content', { message: { role: 'assistant', content: { boxes: [] } } }],
		['an error that is none', { predictions: [], error: null }],
		['in the words of a model', '{"boxes": [], "error": "no logo to be seen"}'],
		['an envelope', { status: 200, message: 'success', data: { objects: [] } }],
		['beside limits', { objects: [], settings: { min_width: 9, max_width: 99, max_height: 99 } }],
		[
			'beside colors',
			{ Labels: [], ImageProperties: { DominantColors: [{ Red: 1, Green: 2, Blue: 3 }] } },
		],
		['beside the image', { objects: [], image: { width: 9, height: 9 }, scale: [1, 1] }],
		['beside counts', { objects: [], found: { 0: 1, 1: 2, 2: 3 } }],
		['no masks', { masks: [], mask: null, boxes: [] }],
	])('%s', (_name, answer) => {
		expect(read(answer)).toEqual({ shapes: [], labels: [], found: 0 });
	});

	test.each<[string, object]>([
		['sides by one letter', { l: 1, t: 2, r: 3, b: 4 }],
		['sides by words', { leftX: 1, topY: 2, rightX: 3, bottomY: 4 }],
		['sides of a class', { _x: 1, _y: 2, _width: 3, _height: 4 }],
		['sides as text', { top_left_x: '1', top_left_y: '2', right: '3' }],
		['a circle', { cx: 1, cy: 2, r: 3 }],
		['two corners', { min: [1, 2], max: [3, 4] }],
		['two corners by letters', { tl: [1, 2], br: [3, 4] }],
		[
			'corners as pairs',
			{
				geometry: [
					[0.1, 0.2],
					[0.3, 0.4],
				],
			},
		],
		[
			'corners of each text',
			{
				dt_polys: [
					[
						[1, 2],
						[3, 2],
						[3, 4],
						[1, 4],
					],
				],
			},
		],
		['rows of YOLO', { rows: [[0, 0.5, 0.5, 0.2, 0.2, 0.9]] }],
		['masks by address', { masks: ['https://example.com/mask.png'] }],
		['a mask as run lengths', { mask: { counts: 'abc', size: [5, 10] } }],
	])('is not meant by an empty list beside what nobody can read: %s', (_name, found) => {
		expect(() => read({ objects: [found], notes: [] })).toThrow(/has no x, y, width, height/);
	});

	test.each<[string, unknown, RegExp]>([
		['null', null, /gave nothing/],
		['undefined', undefined, /gave nothing/],
		['blank text', ' ', /gave nothing/],
		['an empty object', {}, /^Detections: the answer has no x, y, width, height/],
		['prose', 'There is no logo in this image.', /has no x, y, width, .*: "There is no logo in/],
		[
			'prose inside a reply',
			{ content: { parts: [{ text: 'I see none.' }] }, safetyRatings: [] },
			/has no x/,
		],
		[
			'prose beside empty lists',
			{ message: { role: 'assistant', content: 'Sorry.', annotations: [] } },
			/has no x/,
		],
		['prose beside an empty list', { output: 'I see no logo.', sources: [] }, /has no x/],
		[
			'a model that refuses',
			{ message: { role: 'assistant', content: null, refusal: 'No.', annotations: [] } },
			/has no x/,
		],
		[
			'a model that was cut off before it said anything',
			{ content: { role: 'model', parts: [] }, finishReason: 'MAX_TOKENS' },
			/has no x/,
		],
		['a message without content', { role: 'assistant', content: [], stop_reason: 'x' }, /has no x/],
		[
			'an error as text',
			{ predictions: [], error: 'loading' },
			/has no x.*; it is an error \(loading\)/,
		],
		[
			'an error as an object',
			{ responses: [{ error: { code: 7, message: 'denied', details: [] } }] },
			/has no x.*; it is an error \(denied\)/,
		],
		[
			'a request that failed, beside an empty list',
			{ status: 'error', message: 'bad key', predictions: [] },
			/has no x.*; it is an error \(bad key\)/,
		],
		[
			'a run that failed without a word',
			{ id: 'x', status: 'failed', output: [] },
			/has no x.*; it is an error \(failed\)/,
		],
		[
			'no success',
			{ success: false, objects: [] },
			/has no x.*; it is an error \(success is false\)/,
		],
		[
			'a prompt that Gemini blocked',
			{ candidates: [], promptFeedback: { blockReason: 'SAFETY' } },
			/has no x.*; it has candidates, promptFeedback/,
		],
		['no choices', { choices: [], usage: {} }, /has no x.*; it has choices, usage/],
		[
			'points that nothing tells of, beside an empty list',
			{ objects: [{ from: { x: 1, y: 2 }, to: { x: 3, y: 4 }, tags: [] }], notes: [] },
			/has no x/,
		],
		[
			'starts and ends',
			[{ startX: 1, startY: 2, endX: 3, endY: 4, notes: [] }],
			/it has startX, startY/,
		],
		['a box as text', { found: [{ box: '10, 20, 30, 40' }], notes: [] }, /a plain list of four/],
		['a number', 5, /has no x/],
		[
			'boxes with score and class',
			[[1, 2, 3, 4, 0.9, 0]],
			/has no x.*; it has a list of 6 numbers$/,
		],
		['other keys', [{ foo: 1, tags: [] }], /has no x.*; it has foo, tags$/],
		['a cut off list', '```json\n[{"box_2d": [1, 2, 3, 4]}, {"box_2', /cut off or not valid/],
		['not valid', "[{'x': 1, 'y': 2, 'width': 3, 'height': 4}]", /cut off or not valid/],
		[
			'a missing side',
			[
				{ x: 1, y: 2, width: 3, height: 4 },
				{ x: 1, y: 2, width: 3 },
			],
			/a box without height; it has x, y, width/,
		],
		[
			'a word',
			[{ x: 'left', y: 2, width: 3, height: 4 }],
			/a box whose x is not a number \(left\)/,
		],
		['infinity', [{ x: 1, y: 2, width: Infinity, height: 4 }], /a box whose width is not a number/],
		['five numbers', [{ bbox: [1, 2, 3, 4, 5] }], /5 numbers in bbox/],
		[
			'a circle',
			{
				shapes: [
					{
						points: [
							[1, 2],
							[3, 4],
						],
						shape_type: 'circle',
					},
				],
			},
			/is a circle/,
		],
		[
			'an ellipse',
			{ value: { x: 1, y: 2, radiusX: 3, radiusY: 4, ellipselabels: ['a'] } },
			/a box without width, height/,
		],
	])('%s is an error', (_name, answer, message) => {
		expect(refusal(answer)).toMatchObject({
			code: 'INVALID_INPUT',
			description: expect.any(String),
		});
		expect(refusal(answer).message).toMatch(message);
	});
});

describe('outside the image', () => {
	const inside = { x: 10, y: 20, width: 30, height: 40, label: 'in' };
	const outside = { x: 1000, y: 20, width: 30, height: 40, label: 'out' };
	const flat = { x: 10, y: 20, width: 0, height: 40, label: 'flat' };

	test('is dropped with its label', () => {
		expect(read([outside, inside, flat])).toEqual({
			shapes: [asShape([10, 20, 40, 60])],
			labels: ['in'],
			found: 3,
		});
	});

	test('is an error when nothing else is wanted', () => {
		expect(refusal([outside, flat]).message).toMatch(
			/all boxes lie outside the image.* 1000 × 800/,
		);
		expect(refusal([outside, inside], { onlyLabels: ['out'] }).message).toMatch(
			/outside the image/,
		);
	});

	test('is nothing found when it is not wanted', () => {
		expect(read([outside], { onlyLabels: ['in'] }).shapes).toEqual([]);
	});
});

describe('masks in base64', () => {
	const png =
		'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAG7buVgAAAABJRU5ErkJggg==';
	const bytes = Buffer.from(png, 'base64');

	test('Gemini’s fill their box', () => {
		const answer = [
			{ box_2d: [100, 200, 300, 400], mask: `data:image/png;base64,${png}`, label: 'cup' },
		];
		expect(read(answer)).toEqual({
			shapes: [{ kind: 'mask', png: bytes, left: 200, top: 80, right: 400, bottom: 240 }],
			labels: ['cup'],
			found: 1,
		});
	});

	test('Hugging Face’s fill the image', () => {
		const answer = [
			{ score: 0.99, label: 'sky', mask: png },
			{ score: 0.1, label: 'tree', mask: png },
		];
		expect(read(answer, { minConfidence: 50 })).toEqual({
			shapes: [{ kind: 'mask', png: bytes, left: 0, top: 0, right: 1000, bottom: 800 }],
			labels: ['sky'],
			found: 2,
		});
	});

	test('without a usable mask the box counts', () => {
		const answer = [{ box_2d: [100, 200, 300, 400], mask: '<start_of_mask><seg_4>' }];
		expect(read(answer).shapes).toEqual([asShape([200, 80, 400, 240])]);
	});
});
