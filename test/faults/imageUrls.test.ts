import { refuse, page, startWebHost, whole, type Answer, type WebHost } from '../contract/webHost';
import { testFaults, type FaultRow } from './faultTable';
import { UNCERTAIN } from './itemError';
import { picture } from './trial';

/** Refuses the sandbox, which downloads as PicWish would, and responds to n8n. */
const onlyForN8n =
	(answer: Answer): Answer =>
	(request, response) =>
		(request.headers['user-agent'] === 'node' ? refuse(403) : answer)(request, response);

/** Breaks halfway at first, once for each of the two runs of a row. */
function breaksAtFirst(): Answer {
	let broken = 0;
	return (request, response) => {
		if (request.headers.range || broken++ >= 2) return whole(picture)(request, response);
		response.writeHead(200, { 'content-length': picture.length });
		return response.write(picture.subarray(0, picture.length / 2), () => response.destroy());
	};
}

let host: WebHost;
/** Filled once the host is up; n8n reads them when a row runs. */
const addresses: Array<{ json: { url: string }; answer: Answer }> = [];

function byUrl(answer: Answer) {
	const item = { json: { url: '' } };
	addresses.push({ ...item, answer });
	return { items: [item], parameters: { imageSource: 'url', imageUrl: '={{ $json.url }}' } };
}

beforeAll(async () => {
	host = await startWebHost();
	addresses.forEach(({ json, answer }, index) => {
		json.url = host.serve(`/${index}.jpg`, answer);
	});
});
afterAll(async () => await host.close());

const NOT_SENT = 'no request; ';
const rows: FaultRow[] = [
	{
		fault: 'PicWish cannot download the image (state -3)',
		promise:
			'n8n downloads the image and uploads it as a new task; only finished tasks are charged',
		...byUrl(onlyForN8n(whole(picture))),
		seen: '2 creates, 2 queries, 1 download; the result',
	},
	{
		fault: 'the same, synchronous',
		promise: 'the same',
		...byUrl(onlyForN8n(whole(picture))),
		options: { requestMode: 'sync' },
		seen: '2 creates, 1 download; the result',
	},
	{
		fault: 'PicWish cannot download the image, and n8n gets a web page',
		promise: 'the error gives both reasons',
		...byUrl(onlyForN8n(page)),
		seen: '1 create, 1 query; TASK_FAILED, state -3, with task ID, final',
	},
	{
		fault: 'PicWish cannot download the image, and only PicWish may fetch it',
		promise: 'reported',
		...byUrl(onlyForN8n(whole(picture))),
		options: { urlFetchedBy: 'picwish' },
		seen: '1 create, 1 query; TASK_FAILED, state -3, with task ID, retryable',
	},
	{
		fault: 'PicWish cannot download the image, and the response to the upload is lost',
		promise: 'not retried, as a task may exist',
		...byUrl(onlyForN8n(whole(picture))),
		faults: [{ kind: 'create', skip: 1, act: { type: 'loseAnswer' } }],
		seen: `2 creates, 1 query; NETWORK_ERROR, ${UNCERTAIN}`,
	},
	{
		fault: 'n8n fetches the image, and the connection breaks halfway',
		promise: 'downloaded again; a partial image is never uploaded',
		...byUrl(breaksAtFirst()),
		options: { urlFetchedBy: 'n8n' },
		seen: '1 create, 1 query, 1 download; the result',
	},
	{
		fault: 'n8n fetches the image, and its host returns 503',
		promise: 'fails after three tries',
		...byUrl(refuse(503)),
		options: { urlFetchedBy: 'n8n' },
		seen: `${NOT_SENT}NETWORK_ERROR, retryable`,
	},
	{
		fault: 'n8n fetches the image, and the URL leads to a web page',
		promise: 'rejected before anything is sent',
		...byUrl(page),
		options: { urlFetchedBy: 'n8n' },
		seen: `${NOT_SENT}INVALID_INPUT, final`,
	},
];

testFaults('Images by URL', rows);
