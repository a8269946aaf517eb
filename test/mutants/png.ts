// Files of masks: area/png*, area/crc32.

import { mutantsOf } from './mutant';

/** Without the pictures made at random, which take longest. */
const READ = 'unit/area/pngReader.slow#sharp writes|a picture of its own|else a file';

export const PNG_MUTANTS = [
	...mutantsOf(
		'area/pngChunks.ts',
		['unit/area/pngDamage#refused|source', READ],
		[
			['IHDR: 13,', 'IHDR: 130,'],
			['PLTE: 768,', 'PLTE: 7680,'],
			['length > mostBytes', 'length >= mostBytes'],
			['crc !== expected', 'false'],
			['await file.close();', ''],
			['const reason = messageOf(error);', 'throw error;'],
			['if (!bytes) throw cutShort(name);', ''],
		],
	),
	...mutantsOf(
		'area/crc32.ts',
		['unit/area/pngWriter'],
		[
			['0xedb88320', '0xedb88321'],
			['let crc = ~before;', 'let crc = -1;'],
			['i + 4 <= bytes.length', 'i + 3 <= bytes.length'],
			['TABLE[256 + ((crc >>> 16)', 'TABLE[((crc >>> 16)'],
			['~crc >>> 0', '~crc'],
		],
	),
	...mutantsOf(
		'area/pngPixels.ts',
		[READ, 'unit/area/pngDamage#refused'],
		[
			['red * 77 + green * 150', 'red * 150 + green * 77'],
			['blue * 29) >> 8', 'blue * 29) >> 7'],
			['depth < 8 || colorType === PALETTE)', 'depth < 8)'],
			['(sample * 255) / most', 'sample'],
			['if (depth === 16) return value;', ''],
			['(left + up) >> 1', 'left'],
			['(limit - high) >> 31', '(high - limit) >> 31'],
			['byte = first;', 'byte = first + 1;'],
			['upper[i] = row[2 * i]!', 'upper[i] = row[2 * i + 1]!'],
			['(8 - depth - (bit & 7))', '(bit & 7)'],
		],
	),
	...mutantsOf(
		'area/pngReader.ts',
		['unit/area/pngDamage#refused|source', READ],
		[
			['width > MAX_SIDE || height > MAX_SIDE', 'width > MAX_SIDE'],
			['width > MAX_SIDE || height > MAX_SIDE', 'width >= MAX_SIDE || height > MAX_SIDE'],
			['width === 0 || height === 0', 'width === 0'],
			["type !== 'IHDR'", 'false'],
			['data.length !== 13', 'data.length < 9'],
			['compression !== 0 || filter !== 0 || interlace > 1', 'compression !== 0 || interlace > 1'],
			['compression !== 0 || filter !== 0 || interlace > 1', 'filter !== 0 || interlace > 1'],
			['compression !== 0 || filter !== 0 || interlace > 1', 'compression !== 0 || filter !== 0'],
			["if (type === 'tRNS')", "if (type === 'IHDR')"],
			['header.colorType === PALETTE && !header.palette', 'false'],
			['if (!(await rows)) throw', 'if (!rows) throw'],
		],
	),
	...mutantsOf(
		'area/pngWriter.ts',
		['unit/area/pngWriter'],
		[
			['Math.min(rowsAtOnce, height - y)', 'rowsAtOnce'],
			['row * (width + 1) + 1)', 'row * (width + 1))'],
			['[8, GREY]', '[8, 2]'],
		],
	),
];
