// File names: untrusted, and used in forms, messages and on disk.

import { toTyped } from '../untrusted';

const NAMELESS = 'image';

/** The name under which a file is sent: unchanged, except for what no form part can carry. */
export function sentName(fileName: unknown): string {
	// Line breaks stay: the form escapes them.
	return toTyped(toTyped(fileName)?.replace(/(?![\r\n])\p{Cc}/gu, '')) ?? NAMELESS;
}

/** The name under which a file is shown or stored: no folders, no control characters, not empty. */
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
