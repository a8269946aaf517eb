import fc from 'fast-check';
import { FILE_TYPES, recognize } from '../../nodes/PicWish/api/formats';

const latin1 = (text: string) => Buffer.from(text, 'latin1');

/** A BMP's two letters, twelve bytes, and the size of the header that follows. */
const bmp = (headerBytes: number) => {
	const head = Buffer.alloc(32);
	head.write('BM');
	head.writeUInt32LE(headerBytes, 14);
	return head;
};

test.each([
	['JPEG', 'jpeg', latin1('\xff\xd8\xff\xe0')],
	['PNG', 'png', latin1('\x89PNG\r\n\x1a\n')],
	['WebP', 'webp', latin1('RIFF\x10\0\0\0WEBPVP8 ')],
	['TIFF', 'tiff', latin1('II*\0')],
	['TIFF', 'tiff', latin1('MM\0*')],
	['BMP', 'bmp', bmp(40)],
	['BMP', 'bmp', bmp(124)],
	['BMP', 'bmp', bmp(12)],
])('%s is taken for %s', (name, format, head) => {
	expect(recognize(head)).toEqual({ name, format });
});

test.each([
	['GIF', 'GIF89a'],
	['PDF', '%PDF-1.4'],
	['AVIF', '\0\0\0\x1cftypavif'],
	['AVIF', '\0\0\0\x1cftypavis'],
	['HEIC', '\0\0\0\x18ftypheic'],
	['HEIC', '\0\0\0\x18ftypheix'],
	['HEIC', '\0\0\0\x18ftyphevc'],
	['HEIC', '\0\0\0\x18ftypmif1'],
	['MP4 video', '\0\0\0\x18ftypmp42'],
	['JPEG XL', '\0\0\0\x0cJXL \r\n'],
	['JPEG 2000', '\0\0\0\x0cjP  \r\n'],
	['ZIP', 'PK\x03\x04'],
	['gzip', '\x1f\x8b\x08'],
	['Photoshop', '8BPS\0\x01'],
	['ICO', '\0\0\x01\0\x01\0'],
	['HTML', '<!doctype html>'],
	['HTML', '\xef\xbb\xbf<HTML>'],
	['SVG', '<svg viewBox="0 0 1 1">'],
	['SVG', '<?xml version="1.0"?><!DOCTYPE svg><svg>'],
	['XML', '<?xml version="1.0"?><Error/>'],
	['JSON', '{"status":401}'],
	['JSON', '[ {"x":1} ]'],
])('%s is known, and not taken: %j', (name, head) => {
	expect(recognize(latin1(head))).toEqual({ name });
});

test.each(['', 'x', 'BM', 'BMW is a car', 'just text', '\xff\xd8', '\0\0\0\0'])(
	'%j could be anything',
	(head) => {
		expect(recognize(latin1(head))).toBeUndefined();
	},
);

test('never throws, and says a format only with its name', () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
			const content = recognize(bytes);
			expect(content === undefined || content.name.length > 0).toBe(true);
		}),
	);
});

test('the beginning decides, whatever follows', () => {
	const jpeg = latin1('\xff\xd8\xff\xe0');
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 2000 }), (rest) => {
			expect(recognize(Buffer.concat([jpeg, rest]))).toEqual({ name: 'JPEG', format: 'jpeg' });
		}),
	);
});

test('every format has an extension and a type of its own', () => {
	const types = Object.values(FILE_TYPES);
	expect(new Set(types.map(({ extension }) => extension)).size).toBe(5);
	expect(types.map(({ mimeType }) => mimeType)).toEqual(
		expect.arrayContaining(['image/jpeg', 'image/png', 'image/bmp', 'image/webp', 'image/tiff']),
	);
});
