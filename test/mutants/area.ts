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
			['typed.width <= 0 || typed.height <= 0', 'typed.width < 0 || typed.height < 0'],
			['beyond > HAIR', 'beyond > 0'],
			['HAIR = 1e-3', 'HAIR = 1'],
			["unit !== 'fraction' && numbers", 'numbers'],
			['size.width - x - width', 'size.width - x'],
			[
				"measuredFrom === 'bottomLeft' || measuredFrom === 'bottomRight'",
				"measuredFrom === 'bottomLeft'",
			],
			['box.bottom - height)', '0)'],
		],
	),
	...mutantsOf(
		'area/units.ts',
		['unit/area/detections', 'unit/area/rectangles'],
		[
			['this.most <= most && !this.allWhole', 'this.most < most && !this.allWhole'],
			['this.most <= most && !this.allWhole', 'this.most <= most'],
			['thousandths: 1000', 'thousandths: 999'],
			['size.height / frame.height', 'size.width / frame.width'],
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
			['(failure !== undefined || !empty)', '!empty'],
			['(failure !== undefined || !empty)', 'true'],
			['!hasShapeOf(frame, size) && ', ''],
			['&& hasShapeOf(frame, otherwise.size)', ''],
			['shapes.length === 0 && noLabels && ', 'noLabels && '],
			['!shape || isOutside(shape, size)', '!shape'],
			['wanted.length > 0 && shapes.length === 0', 'shapes.length === 0'],
			['found = measured.length', 'found = wanted.length'],
		],
	),
	...mutantsOf(
		'area/marks.ts',
		['unit/area/detections'],
		[
			['right: a + c / 2', 'right: a + c'],
			['left: a, top: c, right: b, bottom: d', 'left: a, top: b, right: c, bottom: d'],
			['numbers.length >= 6', 'numbers.length >= 4'],
		],
	),
	...mutantsOf(
		'area/context.ts',
		['unit/area/detections'],
		[
			['each.length === list.length', 'each.length > 0'],
			["fields.get('thought') === true", 'false'],
			['TEXT_KEYS.has(key) && !confidenceOf(fields)', 'TEXT_KEYS.has(key)'],
			['value.length === 1 ? value[0]', 'value.length > 0 ? value[0]'],
			['confidenceOf(fields) ?? context.confidence', 'context.confidence ?? confidenceOf(fields)'],
			['isBox ? undefined : own', 'own'],
			["&& !(key === 'input' && fields.get('type') === 'tool_use')", ''],
			["each.trimEnd().endsWith('%')", 'false'],
		],
	),
	...mutantsOf(
		'area/answerUnits.ts',
		['unit/area/detections'],
		[
			['looksLikeFractions(2)', 'looksLikeFractions(1)'],
			['byKeys.fraction.most > 2', 'byKeys.fraction.most > 20'],
		],
	),
	...mutantsOf(
		'area/objectMarks.ts',
		['unit/area/detections'],
		[
			['box: 2, outline: 3', 'box: 3, outline: 2'],
			['plain: 1, box: 2', 'plain: 2, box: 1'],
		],
	),
	...mutantsOf(
		'area/answer.ts',
		['unit/area/detections', 'unit/area/hostile.slow'],
		[
			['this.marks.length > MAX_MARKS', 'this.marks.length >= MAX_MARKS'],
			['emptyLists > 0 && !this.hasPoints', 'emptyLists > 0'],
			['if (!SIDE_LIST.test(key)) this', 'this'],
			['this.hasText ? this.emptyListsInText : this.emptyLists', 'this.emptyLists'],
			['depth > MAX_DEPTH_OF_TEXT', 'depth > 1'],
			['isPage || isQuestion(fields)', 'isPage'],
			["&& fields.delete('layout')", ''],
			['!visit.context.inText', 'true'],
			["fields.has('role') && Array", 'false && Array'],
			['!(numbers.length === 2 && POINT_LIST.test(key))', 'true'],
			['!this.seen.has(value)', 'true'],
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
			["{ key: 'box_2d', form: 'cornersYFirst'", "{ key: 'box_2d', form: 'corners'"],
			[
				"beside: [['category_id'], ['segmentation']], form: 'sizes'",
				"beside: [['category_id'], ['segmentation']], form: 'corners'",
			],
			["form: 'centers',", "form: 'sizes',"],
			["'h'], form: 'sizes'", "'h'], form: 'centers'"],
		],
	),
];

export const AREA_MUTANTS = [...BITMAPS, ...MASKS, ...AREAS];
