import { recognize, type Content } from '../formats';
import type { ByteStream, Http } from '../http';
import type { Clock } from '../schedule/requestBudget';
import { canceled, PicWishError } from './errors';
import type { Stop } from '../stop';
import { retryAfterMs, withRetries, type Failed } from './retry';

/** A finished picture: its bytes, and what they are. */
export interface FetchedPicture {
	body: ByteStream | Buffer;
	content: Required<Content>;
}

/** A transfer on which nothing moves for so long is given up. */
const SILENCE_MS = 30_000;
/** How often that is looked at. */
const WATCH_MS = 250;
/** A download that begins at the end of the waiting time still gets this long: the picture is paid for. */
const AT_LEAST_MS = 60_000;
/** No result is that large: sources end at 50 MB. */
const LARGEST_BYTES = 200 * 1024 * 1024;
const MOST_REDIRECTS = 5;
const TOO_LARGE = 'it is larger than 200 MB';
const FETCH_LATER =
	'The task is done and paid for. Fetch it with the Get Result operation within an hour.';
/** What `recognize` needs to tell formats apart. */
const HEAD_BYTES = 1024;

export interface DownloadSettings {
	http: Http;
	clock: Clock;
	stop: Stop;
	/** On the clock. */
	deadline: number;
	/** False only where the API itself is spoken to without encryption. */
	httpsOnly: boolean;
	taskId: string;
	/** Asks the task for a new result URL. */
	renewUrl: () => Promise<string>;
}

/**
 * Fetches a result and hands it to `store` as a stream, so that it is never held whole.
 * The key is not sent: the result's host is not the API's. Downloads are outside the request budget.
 *
 * @throws PicWishError RESULT_EXPIRED, RESULT_INVALID, NETWORK_ERROR, SERVER_ERROR, CANCELED
 */
export async function downloadResult<T>(
	resultUrl: string,
	store: (picture: FetchedPicture) => Promise<T>,
	settings: DownloadSettings,
): Promise<T> {
	const { clock, stop, renewUrl } = settings;
	const deadline = Math.max(settings.deadline, clock.now() + AT_LEAST_MS);
	let url: string | undefined = resultUrl;
	const attempt = async () => {
		url ??= await renewUrl();
		const { signal, over } = stop.forRequest(false, clock.sleep);
		const outcome = await fetchOnce(url, store, settings, signal);
		over();
		if ('failure' in outcome && outcome.failure === 'expired') url = undefined;
		return outcome;
	};
	return await withRetries('download', attempt, { clock, deadline: () => deadline, stop });
}

/**
 * A result that came as base64 text inside the reply.
 *
 * @throws PicWishError RESULT_INVALID
 */
export function decodeResult(text: string, taskId: string): FetchedPicture {
	const body = Buffer.from(text.replace(/^data:[^,]*,/, ''), 'base64');
	const content = asPicture(body);
	if (content) return { body, content };
	throw invalidResult(describeContent(body), taskId);
}

async function fetchOnce<T>(
	resultUrl: string,
	store: (picture: FetchedPicture) => Promise<T>,
	{ http, clock, httpsOnly, taskId }: DownloadSettings,
	signal: AbortSignal,
): Promise<{ value: T } | Failed> {
	let url = resultUrl;
	for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
		if (!isAllowed(url, httpsOnly)) {
			const what = 'its address is not a secure web address (https)';
			return { failure: 'refused', error: invalidResult(what, taskId) };
		}
		const reply = await http.open(url, { timeoutMs: SILENCE_MS, signal });
		if (reply.status === undefined) return interrupted(reply.reason, reply.cause, taskId);
		const { status, headers, body } = reply;
		if (status === 200) {
			return await receive(body, Number(headers['content-length']), store, clock, taskId);
		}
		body.destroy();
		const target = redirectTarget(status, headers.location, url);
		if (!target) return noPicture(status, headers['retry-after'], taskId);
		url = target;
	}
	const what = 'its address leads in circles';
	return { failure: 'refused', error: invalidResult(what, taskId) };
}

async function receive<T>(
	source: ByteStream,
	announced: number,
	store: (picture: FetchedPicture) => Promise<T>,
	clock: Clock,
	taskId: string,
): Promise<{ value: T } | Failed> {
	const transfer = watched(source, clock);
	const bad = (what: string, failure: Failed['failure']): Failed => {
		source.destroy();
		return { failure, error: invalidResult(what, taskId) };
	};
	try {
		if (announced > LARGEST_BYTES) return bad(TOO_LARGE, 'refused');
		const { head, ended } = await peek(transfer.stream);
		const content = asPicture(head);
		if (!content) return bad(describeContent(head), 'unreadable');
		const value = await store({ body: ended ? head : transfer.stream, content });
		// More than announced comes from hosts that compress although they were asked not to.
		const whole = !(transfer.received() < announced);
		return whole ? { value } : interrupted('lost', 'the picture is cut off', taskId);
	} catch (error) {
		if (transfer.received() > LARGEST_BYTES) return bad(TOO_LARGE, 'refused');
		const cause = error instanceof Error ? error.message : String(error);
		return interrupted('lost', cause, taskId);
	} finally {
		transfer.finish();
	}
}

/** The stream, counted on its way, and ended when nothing moves or too much comes. */
function watched(source: ByteStream, clock: Clock) {
	let received = 0;
	let movedAt = clock.now();
	let finished = false;
	const stream: ByteStream = source.map((chunk: Uint8Array) => {
		received += chunk.length;
		movedAt = clock.now();
		if (received > LARGEST_BYTES) source.destroy(new Error(TOO_LARGE));
		return chunk;
	});
	// An error is noticed by whoever reads; without these it would also end the process.
	source.on('error', () => {});
	stream.on('error', () => {});
	void (async () => {
		while (!finished) {
			await clock.sleep(WATCH_MS);
			if (!finished && clock.now() - movedAt > SILENCE_MS) {
				source.destroy(new Error(`nothing arrived for ${SILENCE_MS / 1000} seconds`));
				return;
			}
		}
	})();
	return { stream, received: () => received, finish: () => (finished = true) };
}

/** Looks at the first bytes and puts them back; of a short body all bytes are the head. */
async function peek(stream: ByteStream): Promise<{ head: Buffer; ended: boolean }> {
	const chunks: Uint8Array[] = [];
	let length = 0;
	for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
		chunks.push(chunk);
		length += chunk.length;
		if (length >= HEAD_BYTES) break;
	}
	const head = Buffer.concat(chunks);
	if (length < HEAD_BYTES) return { head, ended: true };
	stream.unshift(head);
	return { head, ended: false };
}

function asPicture(head: Buffer): Required<Content> | undefined {
	const content = recognize(head);
	return content?.format && { name: content.name, format: content.format };
}

function describeContent(head: Buffer): string {
	if (head.length === 0) return 'it is empty';
	return `it is ${recognize(head)?.name ?? 'of an unknown kind'}, not a picture`;
}

/** Https; http only where the API is spoken to in the same way (a test server, a proxy of one's own). */
function isAllowed(url: string, httpsOnly: boolean): boolean {
	if (!URL.canParse(url)) return false;
	const { protocol } = new URL(url);
	return protocol === 'https:' || (protocol === 'http:' && !httpsOnly);
}

function redirectTarget(status: number, location: unknown, from: string): string | undefined {
	if (status < 300 || status >= 400 || typeof location !== 'string') return undefined;
	return URL.canParse(location, from) ? new URL(location, from).href : undefined;
}

/** The result's host said no. Object stores answer 403 or 404 when a signed URL is over. */
function noPicture(status: number, retryAfter: unknown, taskId: string): Failed {
	const common = { httpStatus: status, taskId, retryable: true };
	if (status === 429 || status >= 500) {
		const error = new PicWishError({
			...common,
			code: status === 429 ? 'RATE_LIMITED' : 'SERVER_ERROR',
			message: `The result picture could not be downloaded (status ${status})`,
			description: FETCH_LATER,
		});
		const delayMs = retryAfterMs(retryAfter, Date.now());
		return { failure: status === 429 ? 'rateLimited' : 'serverError', error, delayMs };
	}
	const error = new PicWishError({
		...common,
		code: 'RESULT_EXPIRED',
		message: `The address of the result picture works no longer (status ${status})`,
		description:
			'PicWish keeps results for one hour. If the task is younger, fetch it with the Get Result operation.',
	});
	return { failure: 'expired', error };
}

function interrupted(
	failure: 'notDelivered' | 'lost' | 'canceled',
	cause: string,
	taskId: string,
): Failed {
	if (failure === 'canceled') return { failure, error: canceled(taskId) };
	const error = new PicWishError({
		code: 'NETWORK_ERROR',
		message: 'The result picture could not be downloaded',
		description: `${FETCH_LATER} (${cause})`,
		taskId,
		retryable: true,
	});
	return { failure, error };
}

function invalidResult(what: string, taskId: string): PicWishError {
	return new PicWishError({
		code: 'RESULT_INVALID',
		message: `The result of PicWish cannot be used: ${what}`,
		description: FETCH_LATER,
		taskId,
		retryable: true,
	});
}
