import type { BrowserContext } from 'playwright-core';

import type { Editor } from './editor';

/** Addresses that are not of this machine. */
export interface Outside {
	/** What the browser has tried to open. n8n's editor may try; the browser finds nobody. */
	asked: string[];
	/** What it has got an answer from. */
	answered: string[];
}

/** The browser knows no other host than 127.0.0.1, whoever asks it: the page, or it itself. */
export const loopbackOnly = [
	'--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
	'--no-proxy-server',
];

export function watchOutside(context: BrowserContext): Outside {
	const outside: Outside = { asked: [], answered: [] };
	const note = (list: string[], url: string) => {
		const { protocol, hostname } = new URL(url);
		if (/^(https?|wss?):$/.test(protocol) && hostname !== '127.0.0.1') list.push(url);
	};
	context.on('request', (request) => note(outside.asked, request.url()));
	context.on('response', (response) => note(outside.answered, response.url()));
	return outside;
}

/** That nobody but this machine has answered, and that it would have been seen. */
export async function expectLoopbackOnly({ page, outside }: Editor): Promise<void> {
	const stranger = 'http://example.com/';
	const answer = await page.evaluate(
		`fetch('${stranger}', { mode: 'no-cors' }).then(() => 'answered', () => 'refused')`,
	);
	expect(answer).toBe('refused');
	expect(outside.asked).toContain(stranger);
	expect(outside.answered).toEqual([]);
}
