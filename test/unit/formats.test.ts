import fc from 'fast-check';
import { FILE_TYPES, recognize } from '../../nodes/PicWish/picture/formats';

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
	['JPEG', 'jpeg', latin1('\xff\xd8\0\0\xff\xe0\0\x10JFIF\0')],
	['PNG', 'png', latin1('\x89PNG\r\n\x1a\n')],
	['WebP', 'webp', latin1('RIFF\x10\0\0\0WEBPVP8 ')],
	['TIFF', 'tiff', latin1('II*\0')],
	['TIFF', 'tiff', latin1('MM\0*')],
	['BMP', 'bmp', bmp(40)],
	['BMP', 'bmp', bmp(124)],
	['TIFF', 'tiff', latin1('II+\0\x08\0\0\0')],
	['BMP', 'bmp', bmp(12)],
	['BMP', 'bmp', bmp(16)],
	['BMP', 'bmp', bmp(64)],
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
	['AVIF', '\0\0\0\x1cftypmif1\0\0\0\0mif1avif'],
	['MP4 video', '\0\0\0\x14ftypmp42\0\0\0\0mp42avif'],
	['HEIC', '\0\0\0\x1cftypmif3\0\0\0\0mif3heic'],
	['JPEG XL', '\0\0\0\x0cJXL \r\n'],
	['JPEG XL', '\xff\x0a\xfa\x7f\x01\x90'],
	['JPEG XL', '\xff\x0a\x07\0\0\0'],
	['JPEG 2000', '\0\0\0\x0cjP  \r\n'],
	['ZIP', 'PK\x03\x04'],
	['gzip', '\x1f\x8b\x08'],
	['Photoshop', '8BPS\0\x01'],
	['ICO', '\0\0\x01\0\x01\0\x10\x10\0\0\x01\0\x20\0\x68\x04\0\0\x16\0\0\0'],
	['HTML', '<!doctype html>'],
	['HTML', '\xef\xbb\xbf<HTML>'],
	['HTML', '<!-- 404 --><html lang="en">'],
	['HTML', '<head><title>Sign in</title>'],
	['SVG', '<svg viewBox="0 0 1 1">'],
	['SVG', '<?xml version="1.0"?><!DOCTYPE svg><svg>'],
	['XML', '<?xml version="1.0"?><Error/>'],
	['JSON', '{"status":401}'],
	['JSON', '[ {"x":1} ]'],
	['JSON', '{}'],
	['JSON', '[255, 216]'],
	['base64 text of an image (JPEG)', '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBD'],
	['base64 text of an image (PNG)', '"iVBORw0KGgoAAAANSUhEUgAAABQAAAAU"'],
	['base64 text of an image (WebP)', 'UklGRhAAAABXRUJQVlA4IAAAAAAAAAAA'],
	['base64 text of an image (JPEG)', '_9j_4AAQSkZJRgABAQAAAQABAAD_2wBD'],
	['base64 text of an image (JPEG)', '\xef\xbb\xbf/9j/4AAQSkZJRgABAQAAAQABAAD/2wBD'],
	['base64 text of an image (HEIC)', 'AAAAGGZ0eXBoZWljAAAAAG1pZjFoZWlj'],
	['a data URI as text', 'data:image/png;base64,iVBORw0KGgo'],
	['a data URI as text', "\xef\xbb\xbf'DATA:image/png;base64,iVBORw0KGgo'"],
	['a data URI that was decoded with its prefix', '\x75\xab\x5a\x8a\x66\xa0\x7b\xfa'],
])('%s is known, and not taken: %j', (name, head) => {
	const content = recognize(latin1(head));
	expect(content).toMatchObject({ name, advice: expect.stringMatching(/\.$/) });
	expect(content?.format).toBeUndefined();
});

test.each([
	'',
	'x',
	'BM',
	'BMW is a car',
	'just text',
	'\xff\xd8',
	'\xff\xd8\0\0\xff\xe0',
	'\0\0\0\0',
	// Raw pixels may begin like any short signature.
	'\0\0\x01\0\0\0\x01\0\0\0\x01\0\0\0\x01\0\0\0\x01\0\0\0',
	'\0\0\x01\0\0\0\x10\x10\0\0\x01\0\x20\0\x68\x04\0\0\x16\0\0\0',
	'\0\0\x01\0\x01\0\x10\x10\0\0\x01\0\x05\0\x68\x04\0\0\x16\0\0\0',
	'\x1f\x8b\x08\xe0',
	'\xff\x0a\x06\xff\x0a\x06',
	'\xff\x0a\x38\0\0\0',
	'<a',
	'[7',
	'/9j/4AAQ',
	'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef',
	'I like: WEBP pictures',
	// Camera raw, which PicWish takes.
	'\0\0\0\x18ftypcrx \0\0\0\x01crx isom',
])('%j could be anything', (head) => {
	expect(recognize(latin1(head))).toBeUndefined();
});

test('JSON that looks like the start of a WebP is JSON', () => {
	expect(recognize(latin1('{      "WEBP": {}}'))?.name).toBe('JSON');
});

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
