// Checks and encodes web addresses.

import { invalidInput, type PicWishError } from '../errors';
import { plainName } from '../picture/fileName';
import { readJson } from '../untrusted';

const LONGEST_QUOTE = 60;
const BEGINNING = 'Give an address that begins with https://';

/**
 * The address (HTTP or HTTPS) with all invalid characters encoded.
 *
 * @throws PicWishError INVALID_INPUT that quotes the value
 */
export function webAddress(value: unknown, field: string): string {
	const problem = (what: string, description: string): PicWishError =>
		invalidInput(`${field}: ${what}`, description);
	if (Array.isArray(value) || (typeof value === 'string' && isListText(value))) {
		throw problem(
			'the expression gave a list, not one address',
			'Use one address of the list, or put a Split Out node before this one: it makes one item per address.',
		);
	}
	if (typeof value === 'object' && value !== null) {
		const keys = Object.keys(value).join(', ');
		throw problem(
			`the expression gave an object, not an address (its fields: ${shortened(keys) || 'none'})`,
			'Use the field of it that holds the address, for example {{ $json.url }}.',
		);
	}
	const text = value === undefined || value === null ? '' : String(value).trim();
	if (text === '') {
		throw problem(
			`no address is given (${value === '' ? 'it is empty' : `the value is ${JSON.stringify(value)}`})`,
			`${BEGINNING}. If the value is an expression, check the name of the field in it.`,
		);
	}
	const seen = quoted(text);
	if (/https?:\/\/\S+?[\s,;|]+https?:\/\//i.test(text)) {
		throw problem(
			`more than one address is given: ${seen}`,
			'Use one address per item; a Split Out node turns a list into items.',
		);
	}
	if (/[\t\r\n]/.test(text)) {
		throw problem(`a line break or tab is inside the address: ${seen}`, 'Remove it.');
	}
	if (!URL.canParse(text) || !/^https?:\/\//i.test(text)) {
		throw problem(
			`this is not a web address: ${seen}`,
			`${BEGINNING} or http://. For a file in the workflow, use a binary field.`,
		);
	}
	const url = new URL(text);
	// Encode the invalid characters that `URL` leaves unchanged.
	url.pathname = encodeRest(url.pathname);
	url.search = encodeRest(url.search);
	if (url.username || url.password) {
		throw problem(
			'the address contains a user name or password, which would be sent to PicWish',
			'Download the file with an HTTP Request node first, and use the binary field.',
		);
	}
	return url.href;
}

function isListText(text: string): boolean {
	return text.trim().startsWith('[') && Array.isArray(readJson(text));
}

/** The text on one line, shortened, without user name and password. */
function quoted(text: string): string {
	return `"${shortened(text.replace(/\/\/[^/\s]*@/g, '//…@').replace(/\s+/g, ' '))}"`;
}

function shortened(text: string): string {
	return text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE - 1)}…` : text;
}

function encodeRest(part: string): string {
	return part
		.replace(/%(?![0-9a-f]{2})/gi, '%25')
		.replace(/[[\]|^`{}\\]/g, (character) => encodeURIComponent(character));
}

/** The file name in an address; `image` if there is none. */
export function lastPart(url: string): string {
	const part = new URL(url).pathname.split('/').pop() ?? '';
	try {
		return plainName(decodeURIComponent(part));
	} catch {
		return plainName('');
	}
}

const DRIVE_NODE = 'download the file with the Google Drive node first, and use the binary field';
const DOWNLOAD_FIRST =
	'download the file first, with its own node or by hand, and use a binary field';

/** Services whose share links lead to a page, and what to do instead. */
const SHARE_PAGES: ReadonlyArray<{ service: string; hosts: RegExp; instead: string }> = [
	{
		service: 'Google Photos',
		hosts: /^photos\.(google\.com|app\.goo\.gl)$/,
		instead: DOWNLOAD_FIRST,
	},
	{ service: 'Google Drive', hosts: /^(drive|docs)\.google\.com$/, instead: DRIVE_NODE },
	{
		service: 'Dropbox',
		hosts: /^(www\.)?dropbox\.com$/,
		instead: 'make the address end with raw=1 instead of dl=0',
	},
	{
		service: 'OneDrive',
		hosts: /^(1drv\.ms|onedrive\.live\.com|([\w-]+\.)+sharepoint\.com)$/,
		instead: 'download the file with the Microsoft OneDrive node first, and use the binary field',
	},
	{ service: 'iCloud', hosts: /^(www\.|share\.)?icloud\.com$/, instead: DOWNLOAD_FIRST },
];

/** Advice for an address that probably leads to a page; otherwise ''. */
export function sharePageHint(url: string): string {
	const { hostname } = new URL(url);
	const found = SHARE_PAGES.find(({ hosts }) => hosts.test(hostname));
	return found ? `Links shared from ${found.service} lead to a page: ${found.instead}.` : '';
}
