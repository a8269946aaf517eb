// The credential, read and checked.

import { createHash } from 'crypto';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { invalidInput } from './api/errors';
import { toNumber, toText } from './api/untrusted';

/** The credential, checked. */
interface CredentialSettings {
	baseUrl: string;
	requestsPerSecond: number;
	/** Tells keys and hosts apart without holding the key. */
	identity: string;
	/** Takes the key out of a text: a server may quote it in its answer. */
	redact: (text: string) => string;
}

/** PicWish documentation, "Base URL"; the second one serves keys of picwish.cn. */
const BASE_URLS: Record<string, string> = {
	global: 'https://techhk.aoscdn.com',
	china: 'https://techsz.aoscdn.com',
};

/** PicWish documentation, status 429: "default QPS is 2". */
const DEFAULT_REQUESTS_PER_SECOND = 2;

const HIDDEN = '(API key)';

/** @throws PicWishError INVALID_INPUT naming the credential's field */
export function readCredential(credential: ICredentialDataDecryptedObject): CredentialSettings {
	const { apiKey, region = 'global', baseUrl: custom } = credential;
	const key = toText(apiKey)?.trim();
	if (!key) {
		throw invalidInput('API Key: the credential has no key', 'Add your PicWish API key to it.');
	}
	if (!/^[\x21-\x7e]+$/.test(key)) {
		throw invalidInput(
			'API Key: contains characters that no key has',
			'Copy it again from your PicWish account.',
		);
	}
	const baseUrl = region === 'custom' ? customUrl(toText(custom) ?? '') : BASE_URLS[String(region)];
	if (!baseUrl) {
		throw invalidInput(
			'Base URL: the credential has no valid web address',
			'Give an address that begins with https:// (or http:// for a test server), without a path to a task.',
		);
	}
	const requestsPerSecond = toNumber(credential.requestsPerSecond ?? DEFAULT_REQUESTS_PER_SECOND);
	if (requestsPerSecond === undefined || requestsPerSecond <= 0) {
		throw invalidInput(
			'Requests per Second: must be a number above 0',
			'Set it in the credential to the limit of your PicWish account; new accounts have 2.',
		);
	}
	const identity = createHash('sha256').update(`${baseUrl}\n${key}`).digest('hex');
	const redact = (text: string) => text.replaceAll(key, HIDDEN);
	return { baseUrl, requestsPerSecond, identity, redact };
}

/** Without a trailing slash, user name or query; undefined when it is no web address. */
function customUrl(text: string): string | undefined {
	if (!URL.canParse(text.trim())) return undefined;
	const { protocol, origin, pathname } = new URL(text.trim());
	if (protocol !== 'https:' && protocol !== 'http:') return undefined;
	return origin + pathname.replace(/\/+$/, '');
}
