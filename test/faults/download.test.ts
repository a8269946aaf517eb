/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { gzipSync } from 'node:zlib';
import type { Fault, FaultAction } from '../sandbox/server';
import { patchData } from './answers';
import { testFaults, type FaultRow } from './faultTable';
import { picture, type Trial } from './trial';

const times = (count: number, act: FaultAction): Fault[] => [
	{ kind: 'download', act, times: count },
];
const once = (act: FaultAction) => times(1, act);
const always = (act: FaultAction) => times(Infinity, act);
const resultIs = (url: string): Fault[] => [
	{ kind: 'query', act: patchData((data) => ({ ...data, file: url })), times: Infinity },
];

const serve = (body: Buffer, headers: Record<string, string> = {}): FaultAction => ({
	type: 'serve',
	headers,
	body,
});
const status = (code: number, headers?: Record<string, string>): FaultAction => ({
	type: 'respond',
	status: code,
	headers: { 'content-type': 'application/xml', ...headers },
	body: `<?xml version="1.0"?><Error><Code>${code}</Code></Error>`,
});
const redirect = (location: string) => status(302, { location });

const html = serve(Buffer.from('<!DOCTYPE html><html><body>Sign in</body></html>'));
const xml = serve(Buffer.from('<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>'));

/** Half of the image, then `end`; without a Content-Length. */
const half = (end: () => Promise<unknown>): FaultAction => ({
	type: 'serve',
	body: async function* () {
		yield picture.subarray(0, picture.length / 2);
		await end();
	},
});
/** More than 400 MB that begin like an image. */
async function* endless() {
	const megabyte = Buffer.alloc(1024 * 1024);
	yield picture;
	for (let sent = 0; sent <= 400; sent++) yield megabyte;
}

const FINE = '; the result';
const FETCHED_AGAIN = `1 create, 1 query, 2 downloads${FINE}`;
const UNUSABLE = 'RESULT_INVALID, with task ID, retryable';
const REFUSED = 'RESULT_INVALID, with task ID, final';

/** Whether all downloads had different URLs. */
const addresses = ({ requests }: Trial): string => {
	const urls = requests.filter(({ kind }) => kind === 'download').map(({ url }) => url);
	return new Set(urls).size === urls.length ? 'each from a new URL' : 'from the same URL';
};

const passing: FaultRow[] = [
	{ fault: 'reset', act: { type: 'resetAtOnce' as const } },
	{ fault: 'cut off before the first byte', act: { type: 'cut' as const, afterBytes: 0 } },
	{ fault: 'cut off midway', act: { type: 'cut' as const, afterBytes: 40_000 } },
	{
		fault: 'cut off midway, without a Content-Length',
		act: half(async () => await Promise.reject(new Error('The host breaks down'))),
	},
	{
		fault: 'shorter than its Content-Length',
		act: { ...serve(picture.subarray(0, 50_000)), length: picture.length },
	},
	{ fault: '429 with Retry-After', act: status(429, { 'retry-after': '1' }) },
	{ fault: '0 bytes', act: serve(Buffer.alloc(0)) },
	{ fault: 'an HTML page with status 200', act: html },
	{ fault: 'an XML page with status 200', act: xml },
	{ fault: 'a host that accepts the request and goes silent', act: { type: 'hang' as const } },
	{
		fault: 'a host that goes silent midway',
		act: half(async () => await new Promise(() => {})),
	},
].map(({ fault, act }) => ({
	fault,
	promise: 'downloaded again from the same URL',
	faults: once(act),
	seen: `${FETCHED_AGAIN}; from the same URL`,
	shows: addresses,
}));

const lasting: FaultRow[] = [
	{
		fault: '500 twice',
		promise: 'downloaded again',
		faults: times(2, status(500)),
		seen: `1 create, 1 query, 3 downloads${FINE}`,
	},
	{
		fault: '403 once (the URL has expired)',
		promise: 'the task is polled once for a new URL',
		faults: once(status(403)),
		seen: `1 create, 2 queries, 2 downloads${FINE}; each from a new URL`,
		shows: addresses,
	},
	{
		fault: '403 every time',
		promise: 'the task is polled once for a new URL',
		faults: always(status(403)),
		seen: '1 create, 2 queries, 2 downloads; RESULT_EXPIRED, status 403, with task ID, retryable',
	},
	{
		fault: '0 bytes every time',
		promise: 'fails after three tries',
		faults: always(serve(Buffer.alloc(0))),
		seen: `1 create, 1 query, 3 downloads; ${UNUSABLE}`,
	},
	{
		fault: 'an HTML page with status 200 every time',
		promise: 'fails after three tries; a page is not passed off as an image',
		faults: always(html),
		seen: `1 create, 1 query, 3 downloads; ${UNUSABLE}`,
	},
	{
		fault: 'a Content-Length above 400 MB',
		promise: 'rejected unread',
		faults: always({ type: 'serve', body: endless, length: 402 * 1024 * 1024 }),
		seen: `1 create, 1 query, 1 download; ${REFUSED}`,
	},
	{
		fault: 'larger than 400 MB, without a Content-Length',
		promise: 'rejected at the limit',
		faults: always({ type: 'serve', body: endless }),
		seen: `1 create, 1 query, 1 download; ${REFUSED}`,
	},
];

const odd: FaultRow[] = [
	{
		fault: 'a wrong Content-Type on a valid image',
		promise: 'the bytes count',
		faults: once(serve(picture, { 'content-type': 'text/plain' })),
		seen: `1 create, 1 query, 1 download${FINE}; image/jpeg, mug-no-watermark.jpg`,
		shows: ({ run }) => {
			const { mimeType, fileName } = run.outputs[0]?.[0]?.binary?.data ?? {};
			return `${mimeType}, ${fileName}`;
		},
	},
	{
		fault: 'compressed in transit',
		promise: 'decompressed',
		faults: once(serve(gzipSync(picture), { 'content-encoding': 'gzip' })),
		seen: `1 create, 1 query, 1 download${FINE}`,
	},
	{
		fault: 'a redirect',
		promise: 'followed',
		faults: ({ resultsUrl }) => once(redirect(`${resultsUrl}/samples/mug-watermarked.jpg`)),
		seen: `1 create, 1 query, 1 download${FINE}`,
	},
	{
		fault: 'a redirect back to the API host',
		promise: 'followed without the key',
		faults: ({ apiUrl }) => once(redirect(`${apiUrl}/elsewhere`)),
		seen: `1 create, 2 queries, 2 downloads${FINE}; the key was not sent`,
		shows: ({ requests }) => {
			const elsewhere = requests.filter(({ url }) => url === '/elsewhere');
			expect(elsewhere).toHaveLength(1);
			return `the key ${elsewhere[0]?.headers['x-api-key'] ? 'was sent' : 'was not sent'}`;
		},
	},
	{
		fault: 'a redirect loop',
		promise: 'fails after five redirects',
		faults: always({ type: 'respond', status: 302, headers: { location: '?' }, body: '' }),
		seen: `1 create, 1 query, 6 downloads; ${REFUSED}`,
	},
	{
		fault: 'a redirect to file:',
		promise: 'rejected',
		faults: always(redirect('file:///etc/hostname')),
		seen: `1 create, 1 query, 1 download; ${REFUSED}`,
	},
	{
		fault: 'a result URL with a scheme other than http and https',
		promise: 'rejected',
		faults: resultIs('ftp://127.0.0.1/result.jpg'),
		seen: `1 create, 1 query; ${REFUSED}`,
	},
	{
		fault: 'an invalid result URL',
		promise: 'rejected',
		faults: resultIs('a result'),
		seen: `1 create, 1 query; ${UNUSABLE}`,
	},
	{
		fault: 'base64 that is not an image',
		promise: 'text is not passed off as an image',
		faults: [{ kind: 'query', act: patchData((data) => ({ ...data, image: 'PGh0bWw+' })) }],
		parameters: {
			operation: 'removeObjects',
			rectangles: { rectangle: [{ x: 1, y: 1, width: 9, height: 9 }] },
		},
		options: { resultTransfer: 'base64' },
		seen: `1 create, 1 query; ${UNUSABLE}`,
	},
];

testFaults('Downloading the result', [...passing, ...lasting, ...odd], 60_000);
