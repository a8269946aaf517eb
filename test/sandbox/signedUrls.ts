import { createHmac, randomBytes } from 'node:crypto';

import { extensions } from './pictureFile';
import type { PictureFormat } from './taskTypes';

const QUERY = /^OSSAccessKeyId=(SANDBOX\d+)&Expires=([\d.]+)&Signature=([^&]+)$/;

/** Creates and checks URLs like those of the vendor's object store: signed in the query string. */
export class SignedUrls {
	private readonly secret = randomBytes(32);
	private count = 0;

	constructor(
		private readonly resultsUrl: string,
		/** Lifetime of a URL from its creation. */
		private readonly lifetimeMs: number,
		private readonly now: () => number,
	) {}

	/** A new URL per call. Its signature contains `%2B`, `%2F` and `%3D`: re-encoding breaks it. */
	urlFor(taskId: string, format: PictureFormat): string {
		const path = `/results/${taskId}.${extensions[format]}`;
		const expires = String(Math.round(this.now() + this.lifetimeMs) / 1000);
		for (;;) {
			const query = this.query(path, `SANDBOX${++this.count}`, expires);
			if (query.includes('%2B') && query.includes('%2F')) {
				return `${this.resultsUrl}${path}?${query}`;
			}
		}
	}

	/** Compares the query byte for byte. */
	check(path: string, query: string): 'valid' | 'expired' | 'forged' {
		const [, keyId = '', expires = ''] = QUERY.exec(query) ?? [];
		if (keyId === '' || query !== this.query(path, keyId, expires)) return 'forged';
		return this.now() < Number(expires) * 1000 ? 'valid' : 'expired';
	}

	private query(path: string, keyId: string, expires: string): string {
		const hmac = createHmac('sha1', this.secret).update(`GET\n${path}\n${keyId}\n${expires}`);
		const signature = encodeURIComponent(hmac.digest('base64'));
		return `OSSAccessKeyId=${keyId}&Expires=${expires}&Signature=${signature}`;
	}
}
