// Recognises files by their first bytes.

import { isBmpHeaderSize } from './bmp';

/** The formats that PicWish may accept. */
export type PictureFormat = 'jpeg' | 'png' | 'bmp' | 'webp' | 'tiff';

export interface Content {
	/** The everyday name; fits after "the file is". */
	name: string;
	/** Set for the formats that PicWish may accept. */
	format?: PictureFormat;
	/** What to do instead; only for what PicWish certainly refuses. */
	advice?: string;
}

/** A picture in a format that PicWish may accept or return. */
export type PictureContent = Content & { format: PictureFormat };

/** Also the advice for a format that only the other task accepts. */
export const CONVERT = 'Convert it first, for example with the Edit Image node (Format: JPEG).';
const CONVERT_ELSEWHERE =
	'Convert it to JPEG first; the Edit Image node cannot read it on every n8n.';
const NO_IMAGE = 'Let the node before this one output an image.';
const FETCH_AS_FILE =
	'A server sent this file instead of an image: check the address and the login in the node that downloaded it.';
const UNPACK = 'Unpack it first, for example with the Compression node.';
const DECODED_DATA_URI: Content = {
	name: 'a data URI that was decoded with its prefix',
	advice: 'Decode only the part after the comma, for example {{ $json.image.split(",")[1] }}.',
};

type Check = (head: Buffer) => boolean;

/** A marker at once, or a JFIF or Exif segment after stray bytes, which decoders skip. */
const hasJpegSegment: Check = (head) =>
	head[2] === 0xff || /(JFIF|Exif)\0/.test(head.toString('latin1', 2, 64));
const hasBmpHeader: Check = (head) => head.length >= 18 && isBmpHeaderSize(head.readUInt32LE(14));
const isRiff: Check = (head) => head.toString('latin1', 0, 4) === 'RIFF';
/** The upper three bits of the flags are reserved and zero (RFC 1952). */
const hasGzipFlags: Check = (head) => ((head[3] ?? 0) & 0xe0) === 0;

/**
 * A file's bytes at an offset, one character per byte (latin1), and for signatures so short that raw
 * pixels may start with them a check of the next fields. PicWish certainly refuses those without `format`.
 */
const SIGNATURES: ReadonlyArray<[content: Content, at: number, bytes: string, fits?: Check]> = [
	[{ name: 'JPEG', format: 'jpeg' }, 0, '\xff\xd8', hasJpegSegment],
	[{ name: 'PNG', format: 'png' }, 0, '\x89PNG\r\n\x1a\n'],
	[{ name: 'BMP', format: 'bmp' }, 0, 'BM', hasBmpHeader],
	[{ name: 'WebP', format: 'webp' }, 8, 'WEBP', isRiff],
	[{ name: 'TIFF', format: 'tiff' }, 0, 'II*\0'],
	[{ name: 'TIFF', format: 'tiff' }, 0, 'MM\0*'],
	[{ name: 'TIFF', format: 'tiff' }, 0, 'II+\0\x08\0\0\0'],
	[{ name: 'TIFF', format: 'tiff' }, 0, 'MM\0+\0\x08\0\0'],
	[{ name: 'GIF', advice: `${CONVERT} Only one frame of an animation is kept.` }, 0, 'GIF8'],
	[{ name: 'PDF', advice: 'Turn the page into an image first.' }, 0, '%PDF-'],
	[{ name: 'JPEG XL', advice: CONVERT_ELSEWHERE }, 0, '\xff\x0a', hasJpegXlSize],
	[{ name: 'JPEG XL', advice: CONVERT_ELSEWHERE }, 4, 'JXL \r\n'],
	[{ name: 'JPEG 2000', advice: CONVERT_ELSEWHERE }, 4, 'jP  \r\n'],
	[{ name: 'JPEG 2000', advice: CONVERT_ELSEWHERE }, 0, '\xff\x4f\xff\x51'],
	[{ name: 'ICO', advice: CONVERT }, 0, '\0\0\x01\0', hasIcon],
	[{ name: 'Photoshop', advice: CONVERT }, 0, '8BPS'],
	[{ name: 'ZIP', advice: UNPACK }, 0, 'PK\x03\x04'],
	[{ name: 'gzip', advice: UNPACK }, 0, '\x1f\x8b\x08', hasGzipFlags],
	// What a base64 decoder makes of "data:imag", as it skips the colon.
	[DECODED_DATA_URI, 0, '\x75\xab\x5a\x8a\x66\xa0'],
];

const MARKUP = /^<(!doctype html|html|\?xml|!--|[a-z][\w:-]*[\s>/])/i;
const HTML = /<(?:!doctype )?(?:html|head|body)\b/i;
const JSON_TEXT = /^(\{\s*["}]|\[\s*([\]{["]|-?[\d.]+\s*[,\]]))/;
const DATA_URI = /^["']?data:[\w.+-]+\/[\w.+-]+[;,]/i;
/** The start of a file as base64 text, in either alphabet; also in quotes, as in JSON. */
const BASE64_TEXT = /^["']?([\w+/-]{4}[\w+/\r\n-]{20,})/;

/** What a file is, by its first bytes; undefined if unknown. */
export function recognize(head: Uint8Array): Content | undefined {
	const start = Buffer.from(head.subarray(0, 1024));
	// Text may begin with a byte order mark.
	const text = start.toString('latin1').replace(/^(?:\xef\xbb\xbf)?\s*/, '');
	return asBinary(start) ?? asText(text);
}

function asBinary(start: Buffer): Content | undefined {
	const text = start.toString('latin1');
	const found = SIGNATURES.find(
		([, at, bytes, fits]) => text.startsWith(bytes, at) && (fits?.(start) ?? true),
	);
	return found ? found[0] : byBrands(start, text);
}

/** ISO media files (ISO 14496-12) declare their types in a list of brands. */
function byBrands(start: Buffer, text: string): Content | undefined {
	if (!text.startsWith('ftyp', 4)) return undefined;
	const listed = text.slice(16, Math.max(16, start.readUInt32BE(0)));
	const brands = [text.slice(8, 12), ...(listed.match(/.{4}/gs) ?? [])];
	const major = brands[0] ?? '';
	// Camera raw files (CR3), which PicWish accepts.
	if (major === 'crx ') return undefined;
	if (brands.some((brand) => /^avi[fs]$/.test(brand))) {
		return { name: 'AVIF', advice: CONVERT_ELSEWHERE };
	}
	if (/^(he[iv][a-z]|mif\d|msf\d|miaf)$/.test(major)) {
		return {
			name: 'HEIC',
			advice: `${CONVERT_ELSEWHERE} An iPhone takes JPEGs with Settings → Camera → Formats → Most Compatible.`,
		};
	}
	return { name: 'MP4 video', advice: NO_IMAGE };
}

/** Markup, JSON, or base64 of a known kind of file; a short text in these characters proves nothing. */
function asText(text: string): Content | undefined {
	if (MARKUP.test(text)) {
		if (/<svg[\s>]/i.test(text)) return { name: 'SVG', advice: CONVERT };
		return { name: HTML.test(text) ? 'HTML' : 'XML', advice: FETCH_AS_FILE };
	}
	if (JSON_TEXT.test(text)) return { name: 'JSON', advice: FETCH_AS_FILE };
	const advice = 'Decode it first, with the Convert to File node (Move Base64 String to File).';
	if (DATA_URI.test(text)) {
		return {
			name: 'a data URI as text',
			advice: `${advice} Leave out everything up to the comma.`,
		};
	}
	const [, encoded = ''] = BASE64_TEXT.exec(text) ?? [];
	const inside = asBinary(Buffer.from(encoded, 'base64'));
	return inside && { name: `base64 text of an image (${inside.name})`, advice };
}

/** At least one image; its entry has a zero, a plausible depth, and an offset after all entries. */
function hasIcon(head: Buffer): boolean {
	if (head.length < 22) return false;
	const images = head.readUInt16LE(4);
	const isDepth = [0, 1, 4, 8, 16, 24, 32].includes(head.readUInt16LE(12));
	return images > 0 && head[9] === 0 && isDepth && head.readUInt32LE(18) >= 6 + 16 * images;
}

/** A plausible height: a multiple of eight up to 256, or one of 9 or 13 bits (ISO 18181-1). */
function hasJpegXlSize(head: Buffer): boolean {
	if (head.length < 6) return false;
	const bits = head.readUInt32LE(2);
	if ((bits & 1) === 1) return true;
	const selector = (bits >>> 1) & 3;
	const height = 1 + ((bits >>> 3) & (selector === 0 ? 0x1ff : 0x1fff));
	return selector <= 1 && height >= 16;
}

/** Extension and MIME type of the formats a result may have. */
export const FILE_TYPES: Record<PictureFormat, { extension: string; mimeType: string }> = {
	jpeg: { extension: 'jpg', mimeType: 'image/jpeg' },
	png: { extension: 'png', mimeType: 'image/png' },
	bmp: { extension: 'bmp', mimeType: 'image/bmp' },
	webp: { extension: 'webp', mimeType: 'image/webp' },
	tiff: { extension: 'tiff', mimeType: 'image/tiff' },
};
