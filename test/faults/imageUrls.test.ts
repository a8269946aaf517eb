import { refuse, page, startWebHost, whole, type Answer, type WebHost } from '../contract/webHost';
import { testFaults, type FaultRow } from './faultTable';
import { UNCERTAIN } from './itemError';
import { picture } from './trial';

/** As the sandbox is refused in PicWish's place, and n8n is answered. */
const onlyForN8n =
	(answer: Answer): Answer =>
	(request, response) =>
		(request.headers['user-agent'] === 'node' ? refuse(403) : answer)(request, response);

/** Breaks half-way at first, for each of the two runs of a row. */
function breaksAtFirst(): Answer {
	let broken = 0;
	return (request, response) => {
		if (request.headers.range || broken++ >= 2) return whole(picture)(request, response);
		response.writeHead(200, { 'content-length': picture.length });
		return response.write(picture.subarray(0, picture.length / 2), () => response.destroy());
	};
}

let host: WebHost;
/** Filled when the host is up: n8n reads them when a row is run. */
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
		promise: 'n8n downloads and uploads it, as a new task; only finished tasks are charged',
		...byUrl(onlyForN8n(whole(picture))),
		seen: '2 creates, 2 queries, 1 download; the picture',
	},
	{
		fault: 'the same, synchronous',
		promise: 'the same',
		...byUrl(onlyForN8n(whole(picture))),
		options: { requestMode: 'sync' },
		seen: '2 creates, 1 download; the picture',
	},
	{
		fault: 'PicWish cannot download the image, and for n8n it is a web page',
		promise: 'both reasons are told',
		...byUrl(onlyForN8n(page)),
		seen: '1 create, 1 query; TASK_FAILED, state -3, task named, final',
	},
	{
		fault: 'PicWish cannot download the image, and n8n is not to do it',
		promise: 'reported',
		...byUrl(onlyForN8n(whole(picture))),
		options: { urlFetchedBy: 'picwish' },
		seen: '1 create, 1 query; TASK_FAILED, state -3, task named, trying again can help',
	},
	{
		fault: 'PicWish cannot download the image, and the answer to the upload is lost',
		promise: 'not sent again, as a task may exist',
		...byUrl(onlyForN8n(whole(picture))),
		faults: [{ kind: 'create', skip: 1, act: { type: 'loseAnswer' } }],
		seen: `2 creates, 1 query; NETWORK_ERROR, ${UNCERTAIN}`,
	},
	{
		fault: 'n8n fetches the image, and the connection breaks half-way',
		promise: 'downloaded again; half an image is never uploaded',
		...byUrl(breaksAtFirst()),
		options: { urlFetchedBy: 'n8n' },
		seen: '1 create, 1 query, 1 download; the picture',
	},
	{
		fault: 'n8n fetches the image, and its host answers 503',
		promise: 'given up after three tries',
		...byUrl(refuse(503)),
		options: { urlFetchedBy: 'n8n' },
		seen: `${NOT_SENT}NETWORK_ERROR, trying again can help`,
	},
	{
		fault: 'n8n fetches the image, and the address leads to a web page',
		promise: 'refused before anything is sent',
		...byUrl(page),
		options: { urlFetchedBy: 'n8n' },
		seen: `${NOT_SENT}INVALID_INPUT, final`,
	},
];

testFaults('Images by URL', rows);
