// Checks and encodes web addresses.

import { invalidInput } from '../errors';
import { plainName } from '../picture/fileName';
import { readJson, shortened } from '../untrusted';

const BEGINNING = 'Give an address that begins with https://';

/**
 * The address (HTTP or HTTPS) with all invalid characters encoded.
 *
 * @throws PicWishError INVALID_INPUT that quotes the value
 */
export function webAddress(value: unknown, field: string): string {
	const problem = (what: string, advice: string) => invalidInput(`${field}: ${what}`, advice);
	if (Array.isArray(typeof value === 'string' ? readJson(value) : value)) {
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
	const text = String(value ?? '').trim();
	if (text === '') {
		throw problem(
			`no address is given (${value === '' ? 'it is empty' : `the value is ${JSON.stringify(value)}`})`,
			`${BEGINNING}. If the value is an expression, check the name of the field in it.`,
		);
	}
	const withoutUser = text.replace(/\/\/[^/\s]*@/g, '//…@');
	const seen = `"${shortened(withoutUser.replace(/\s+/g, ' '))}"`;
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

const DOWNLOAD_FIRST =
	'download the file first, with its own node or by hand, and use a binary field';
const viaNode = (name: string) =>
	`download the file with the ${name} node first, and use the binary field`;

/** Services whose share links lead to a page: their hosts, and what to do instead. */
const SHARE_PAGES: ReadonlyArray<[service: string, hosts: RegExp, instead: string]> = [
	['Google Photos', /^photos\.(google\.com|app\.goo\.gl)$/, DOWNLOAD_FIRST],
	['Google Drive', /^(drive|docs)\.google\.com$/, viaNode('Google Drive')],
	['Dropbox', /^(www\.)?dropbox\.com$/, 'make the address end with raw=1 instead of dl=0'],
	['OneDrive', /^(1drv\.ms|onedrive\.live\.com)$/, viaNode('Microsoft OneDrive')],
	['OneDrive', /\.sharepoint\.com$/, viaNode('Microsoft OneDrive')],
	['iCloud', /^(www\.|share\.)?icloud\.com$/, DOWNLOAD_FIRST],
];

/** Advice for an address that probably leads to a page; otherwise ''. */
export function sharePageHint(url: string): string {
	const { hostname } = new URL(url);
	const [service, , instead] = SHARE_PAGES.find(([, hosts]) => hosts.test(hostname)) ?? [];
	return service ? `Links shared from ${service} lead to a page: ${instead}.` : '';
}
