// What a file is, by its first bytes.

import type { PictureFormat } from './tasks';

export interface Content {
	/** As people call it. */
	name: string;
	/** Set for the formats that PicWish may take. */
	format?: PictureFormat;
}

interface Signature extends Content {
	at: number;
	bytes: string;
}

/** File signatures by their bytes (latin1) and offset. Those without `format` are certainly refused. */
const SIGNATURES: readonly Signature[] = [
	{ name: 'JPEG', format: 'jpeg', at: 0, bytes: '\xff\xd8\xff' },
	{ name: 'PNG', format: 'png', at: 0, bytes: '\x89PNG\r\n\x1a\n' },
	{ name: 'WebP', format: 'webp', at: 8, bytes: 'WEBP' },
	{ name: 'TIFF', format: 'tiff', at: 0, bytes: 'II*\0' },
	{ name: 'TIFF', format: 'tiff', at: 0, bytes: 'MM\0*' },
	{ name: 'GIF', at: 0, bytes: 'GIF8' },
	{ name: 'PDF', at: 0, bytes: '%PDF-' },
	{ name: 'AVIF', at: 4, bytes: 'ftypavi' },
	{ name: 'HEIC', at: 4, bytes: 'ftyphei' },
	{ name: 'HEIC', at: 4, bytes: 'ftyphev' },
	{ name: 'HEIC', at: 4, bytes: 'ftypmif1' },
	{ name: 'HEIC', at: 4, bytes: 'ftypmsf1' },
	{ name: 'MP4 video', at: 4, bytes: 'ftyp' },
	{ name: 'JPEG XL', at: 0, bytes: '\xff\x0a' },
	{ name: 'JPEG XL', at: 4, bytes: 'JXL ' },
	{ name: 'JPEG 2000', at: 4, bytes: 'jP  ' },
	{ name: 'ICO', at: 0, bytes: '\0\0\x01\0' },
	{ name: 'Photoshop', at: 0, bytes: '8BPS' },
	{ name: 'ZIP', at: 0, bytes: 'PK\x03\x04' },
	{ name: 'gzip', at: 0, bytes: '\x1f\x8b' },
];

/** BMP's two letters alone could begin anything; the size of the header that follows makes sure. */
const BMP_HEADER_SIZES = [12, 40, 52, 56, 64, 108, 124];

const MARKUP = /^(?:\xef\xbb\xbf)?\s*<(!doctype html|html|\?xml|svg|[a-z!])/i;
const JSON_TEXT = /^(?:\xef\xbb\xbf)?\s*(\{\s*"|\[\s*[{["])/;

/** What a file is, by its first bytes; undefined when they are not known. */
export function recognize(head: Uint8Array): Content | undefined {
	const start = Buffer.from(head.subarray(0, 1024)).toString('latin1');
	const found = SIGNATURES.find(({ at, bytes }) => start.startsWith(bytes, at));
	if (found) return { name: found.name, format: found.format };
	if (start.startsWith('BM') && BMP_HEADER_SIZES.includes(head[14] ?? 0) && head[15] === 0) {
		return { name: 'BMP', format: 'bmp' };
	}
	const markup = MARKUP.exec(start);
	if (markup) {
		const isSvg = /<svg[\s>]/i.test(start);
		return { name: isSvg ? 'SVG' : /html/i.test(markup[1] ?? '') ? 'HTML' : 'XML' };
	}
	return JSON_TEXT.test(start) ? { name: 'JSON' } : undefined;
}

/** Extension and MIME type of the formats a result may have. */
export const FILE_TYPES: Record<PictureFormat, { extension: string; mimeType: string }> = {
	jpeg: { extension: 'jpg', mimeType: 'image/jpeg' },
	png: { extension: 'png', mimeType: 'image/png' },
	bmp: { extension: 'bmp', mimeType: 'image/bmp' },
	webp: { extension: 'webp', mimeType: 'image/webp' },
	tiff: { extension: 'tiff', mimeType: 'image/tiff' },
};
