// Reads and checks the credential.

import { createHash } from 'crypto';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { regions } from '../../../credentials/PicWishApi.credentials';
import { invalidInput } from '../errors';
import { shown, toText } from '../untrusted';
import { defaultOf, oneOf, withinLimits } from './fields';

/** No key is shorter, and redacting a shorter text could blank parts of ordinary words. */
const SHORTEST_KEY = 8;

/** @throws PicWishError INVALID_INPUT naming the credential's field */
export function readCredential(credential: ICredentialDataDecryptedObject) {
	const key = toText(credential.apiKey)?.trim();
	if (!key) {
		throw invalidInput(
			'API Key: the credential has no key',
			'Enter your PicWish API key in the credential.',
		);
	}
	if (!/^[\x21-\x7e]+$/.test(key) || /["'<>]/.test(key)) {
		throw invalidInput(
			/\s/.test(key)
				? 'API Key: a space or line break is inside the key'
				: 'API Key: contains characters that no key has',
			'Copy it again from your PicWish account.',
		);
	}
	/** Removes the key from a text, because a server may echo it in an error. */
	const redact = (text: string) =>
		key.length < SHORTEST_KEY ? text : text.replaceAll(key, '(API key)');
	const choices = [...regions.map(({ value }) => value), 'custom'];
	const region = oneOf('region', credential.region ?? defaultOf('region'), choices);
	const custom = toText(credential.baseUrl)?.trim() ?? '';
	const baseUrl =
		regions.find(({ value }) => value === region)?.baseUrl ?? (custom && customUrl(custom));
	if (!baseUrl) {
		throw invalidInput(
			custom
				? `Base URL: this is not a web address: ${shown(redact(custom.replace(/[^/]*@/, '…@')))}`
				: 'Base URL: no address is given',
			'Give an address that begins with https:// (or http:// for a test server), without /api/tasks.',
		);
	}
	const requestsPerSecond = withinLimits(
		'requestsPerSecond',
		credential.requestsPerSecond,
		'Set it in the credential to the limit of your PicWish account; new accounts have 2.',
	);
	/** Identifies the key and the host without revealing the key. */
	const identity = createHash('sha256').update(`${baseUrl}\n${key}`).digest('hex');
	return { baseUrl, requestsPerSecond, identity, redact };
}

/** Drops a trailing slash, the API's path, credentials and query; undefined if not a web address. */
function customUrl(text: string): string | undefined {
	if (!URL.canParse(text)) return undefined;
	const { protocol, origin, pathname } = new URL(text);
	if (protocol !== 'https:' && protocol !== 'http:') return undefined;
	return origin + pathname.replace(/\/api\/tasks(\/.*)?$/, '').replace(/\/+$/, '');
}
