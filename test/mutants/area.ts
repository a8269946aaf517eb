// What is marked: masks and bitmaps, rectangles, detections.

import { mutantsOf } from './mutant';

const BITMAPS = [
	...mutantsOf(
		'area/bitmap.ts',
		['unit/area/bitmap', 'unit/area/maskShapes'],
		[
			['if (!(radius > 0)) return;', 'if (radius === 0) return;'],
			['Math.min(Math.ceil(radius), Math.max(width, height))', 'Math.ceil(radius)'],
			['lastRow[x]! >= done - reach', 'lastRow[x]! > done - reach'],
			['fill(-reach * 2 - 1)', 'fill(-reach)'],
		],
	),
	...mutantsOf(
		'area/outline.ts',
		['unit/area/outline'],
		[
			['this.top[edge]! <= row + 0.5 &&', 'this.top[edge]! < row + 0.5 &&'],
			['row + 0.5 < this.bottom', 'row + 0.5 <= this.bottom'],
			['Math.floor(left + HAIR) : 0', 'Math.round(left) : 0'],
			['Math.ceil(right - HAIR) : width', 'Math.round(right) : width'],
			['FARTHEST = 1e9', 'FARTHEST = 1e300'],
			['!Number.isNaN(x) && !Number.isNaN(y)', '!Number.isNaN(x)'],
			['> row) active[kept++]', '>= row) active[kept++]'],
			['Math.max(0, left) >= this.knownFrom[row]!', 'true'],
			['row + 1 < bottom[edge]!', 'row < bottom[edge]!'],
			['const a = y > 0 ?', 'const a = y > 1 ?'],
		],
	),
	...mutantsOf(
		'area/pixels.ts',
		['unit/area/pixels'],
		[
			['rectangles.length <= MAX_RECTANGLES', 'rectangles.length < MAX_RECTANGLES'],
			['isClipped ? HAIR : 0', '0'],
			['Math.min(total, last + grow) - from', 'last + grow - from'],
			['Math.max(0, first - grow)', 'first - grow'],
			['Math.max(reached, y)', 'y'],
			['x > from || x + width < to', 'x > from'],
		],
	),
];

const MASKS = [
	...mutantsOf(
		'area/maskReader.ts',
		['unit/area/mask', 'unit/area/maskMistakes'],
		[
			['LEAST_OPAQUE = 250', 'LEAST_OPAQUE = 251'],
			['MOST_ERASED = 5', 'MOST_ERASED = 6'],
			['HALF = 128', 'HALF = 127'],
			['luminance >= 32', 'luminance > 32'],
			['luminance <= 223', 'luminance < 223'],
			[
				'transparent: (alpha) => alpha < LEAST_OPAQUE',
				'transparent: (alpha) => alpha <= LEAST_OPAQUE',
			],
			[
				'black: (alpha, luminance) => alpha >= LEAST_OPAQUE && luminance < HALF',
				'black: (alpha, luminance) => luminance < HALF',
			],
			['alpha === 255', 'alpha >= 254'],
			["Math.max(1, pixels('painted'))", 'all'],
		],
	),
	...mutantsOf(
		'area/mask.ts',
		['unit/area/mask', 'unit/area/maskMistakes', 'unit/area/maskShapes'],
		[
			['MOST_MID_GREY = 0.2', 'MOST_MID_GREY = 0.21'],
			['SHAPE_TOLERANCE = 0.01', 'SHAPE_TOLERANCE = 0.011'],
			['MOST_OF_IT = 0.5', 'MOST_OF_IT = 0.95'],
			["marks === 'white' && shares.opaque === 1", "marks === 'white'"],
			["marks === 'white' && shares.opaque === 1", 'shares.opaque === 1'],
			['isClean && orientation === 1 && !order.redraw', 'isClean && orientation === 1'],
			['isClean && orientation === 1 && !order.redraw', 'isClean && !order.redraw'],
			['fits && !(growBy > 0)', 'fits'],
			['fits && !(growBy > 0)', '!(growBy > 0)'],
			['coverage > 0 && coverage < 1', 'coverage > 0'],
			['one.width < other.width ?', 'one.width > other.width ?'],
			['Math.max(0.5, expected', 'Math.max(0, expected'],
			['shares[a] - shares[b]', 'shares[b] - shares[a]'],
			["marks === 'white' && shares.midGrey", 'shares.midGrey'],
			['shares.midGrey <= MOST_MID_GREY) pairs', 'true) pairs'],
			['Math.floor(value) : Math.round(value)', 'Math.round(value) : Math.round(value)'],
			['value < 0.1 ?', 'value < 0.01 ?'],
		],
	),
	...mutantsOf(
		'area/drawing.ts',
		['unit/area/maskShapes', 'unit/area/mask'],
		[
			['endPixel(box.top + (y + 1) * scaleY', 'endPixel(box.top + y * scaleY'],
			["shapeName, 'white')", "shapeName, 'black')"],
			['shape ${index + 1}', 'shape ${index}'],
			['await grow(bitmap, growBy);', ''],
		],
	),
	...mutantsOf(
		'area/oneAtATime.ts',
		['unit/area/oneAtATime', 'unit/area/maskMistakes'],
		[
			['queue = result.catch(() => undefined);', ''],
			['spare.length !== length', 'spare.length < length'],
			['spare.fill(0)', 'spare'],
			['if (pending === 0) spare = undefined;', ''],
		],
	),
];

const AREAS = [
	...mutantsOf(
		'area/rectangles.ts',
		['unit/area/rectangles'],
		[
			["unit !== 'pixels' || measuredFrom !== 'topLeft'", "unit !== 'pixels'"],
			['typed.width > 0 && typed.height > 0', 'typed.width >= 0 && typed.height >= 0'],
			['beyond > HAIR', 'beyond > 0'],
			['HAIR = 1e-3', 'HAIR = 1'],
			["unit !== 'fraction' && looks", 'looks'],
			['image.width - x - width', 'image.width - x'],
			["measuredFrom.startsWith('bottom')", "measuredFrom === 'bottomLeft'"],
			['box.bottom - imageHeight)', '0)'],
		],
	),
	...mutantsOf(
		'area/units.ts',
		['unit/area/detections', 'unit/area/rectangles'],
		[
			['number <= most)', 'number < most)'],
			[' && !every(Number.isInteger)', ''],
			['thousandths: 1000', 'thousandths: 999'],
			['size.height / whole.height', 'size.width / whole.width'],
		],
	),
	...mutantsOf(
		'area/detections.ts',
		['unit/area/detections'],
		[
			['SURE = 1.001', 'SURE = 1'],
			['HAIR = 1e-9', 'HAIR = 0'],
			['confidence === undefined ||', 'confidence !== undefined &&'],
			[
				'label !== undefined && names.has(plain(label))',
				'label === undefined || names.has(plain(label))',
			],
			[".filter((name) => name !== '')", ''],
			['label.trim().toLowerCase()', 'label.trim()'],
			['Math.min(left, right) * scale.x', 'left * scale.x'],
			['!hasShapeOf(each, size) && ', ''],
			['&& hasShapeOf(each, otherwise.size)', ''],
			['shapes.length === 0 && found > 0', 'found > 0'],
			['isOutside(shape, size)', 'false'],
			['wanted.length > 0 && shapes.length === 0', 'shapes.length === 0'],
			['found = measured.length', 'found = wanted.length'],
		],
	),
	...mutantsOf(
		'area/marks.ts',
		['unit/area/detections'],
		[['numbers.length >= 6', 'numbers.length >= 4']],
	),
	...mutantsOf(
		'area/context.ts',
		['unit/area/detections'],
		[
			['each.length === list.length', 'each.length > 0'],
			["fields.get('thought') === true", 'false'],
			['TEXT_KEYS.includes(key) && !confidenceOf(fields)', 'TEXT_KEYS.includes(key)'],
			['value.length === 1 ? value[0]', 'value.length > 0 ? value[0]'],
			['confidenceOf(fields) ?? context.confidence', 'context.confidence ?? confidenceOf(fields)'],
			['isBox ? undefined : own', 'own'],
			["&& !(key === 'input' && fields.get('type') === 'tool_use')", ''],
			["said.trimEnd().endsWith('%')", 'false'],
		],
	),
	...mutantsOf(
		'area/answerUnits.ts',
		['unit/area/detections'],
		[
			["numbersIn('pixels'), 2)", "numbersIn('pixels'), 1)"],
			['number > 2)', 'number > 20)'],
		],
	),
	...mutantsOf(
		'area/objectMarks.ts',
		['unit/area/detections'],
		[
			['box: 2, outline: 3', 'box: 3, outline: 2'],
			['sides: 1, box: 2', 'sides: 2, box: 1'],
			['coordinates > 2', 'coordinates > 4'],
			['coordinates > 2', 'coordinates > 1'],
			['Array.isArray(value) ? value.length > 0 : value', 'value'],
		],
	),
	...mutantsOf(
		'area/answer.ts',
		['unit/area/detections', 'unit/area/hostile.slow'],
		[
			['this.left[what] >= 0', 'this.left[what] > 0'],
			[' && !this.hasUnknownMark;', ';'],
			['isListed && length > 1', 'false'],
			['asList(given)', 'given'],
			['(this.failure !== undefined || !isEmpty)', '!isEmpty'],
			['(this.failure !== undefined || !isEmpty)', 'true'],
			['if (!SIDE_LIST.test(key)) this', 'this'],
			['inText || !this.hasText', 'true'],
			['inText || !this.hasText', '!inText'],
			['isPage || isQuestion(fields)', 'isPage'],
			["&& fields.delete('layout')", ''],
			['!visit.context.inText', 'true'],
			["fields.has('role') && Array", 'false && Array'],
			['!(length === 2 && /coord/i.test(key))', 'true'],
			['this.seen.has(value)', 'false'],
		],
	),
	...mutantsOf(
		'area/findJson.ts',
		['unit/area/detections', 'unit/area/hostile.slow'],
		[
			["answer.split('</think>').at(-1) ?? ''", 'answer'],
			['index % 2 === 1', 'index % 2 === 0'],
			['inFences.values.length > 0 && !inFences.broken', 'inFences.values.length > 0'],
			["char === '\"' && open.length > 0", "char === '\"'"],
			['MAX_PIECES = 20_000', 'MAX_PIECES = 1'],
		],
	),
	...mutantsOf(
		'area/detectors.ts',
		['unit/area/detections'],
		[
			["row('box_2d', 'cornersYFirst'", "row('box_2d', 'corners'"],
			["row('bbox', 'sizes'", "row('bbox', 'corners'"],
			["'centers', 'pixels', 'class confidence'", "'sizes', 'pixels', 'class confidence'"],
			["row('x y w h', 'sizes'", "row('x y w h', 'centers'"],
			['right: x + width / 2', 'right: x + width'],
			['edges: (left, right, top, bottom)', 'edges: (left, top, right, bottom)'],
		],
	),
];

export const AREA_MUTANTS = [...BITMAPS, ...MASKS, ...AREAS];
