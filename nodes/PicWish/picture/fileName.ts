// Names of files: they come from outside, and may end up in a form, a message or on a disk.

import { toTyped } from '../untrusted';

const NAMELESS = 'image';

/** What a file is called where it is sent: as it is, but for what no form part can carry. */
export function sentName(fileName: unknown): string {
	// Line breaks stay: the form escapes them.
	return toTyped(toTyped(fileName)?.replace(/(?![\r\n])\p{Cc}/gu, '')) ?? NAMELESS;
}

/** What a file is called where it is shown or stored: no folders, no control characters. */
export function plainName(fileName: unknown): string {
	return safeName(toTyped(fileName) ?? '') || NAMELESS;
}

/** No folders, no control characters; may be empty. */
export function safeName(fileName: string): string {
	const last = fileName.split(/[\\/]/).pop() ?? '';
	return last.replace(/\p{Cc}/gu, '').trim();
}

/** A file name without its extension. */
export function stem(fileName: string): string {
	return fileName.replace(/(.)\.[^.]{1,5}$/, '$1');
}
