// Adapts n8n's HTTP helpers to the two calls that `api/` needs.

import type { IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { BLOCKED_BY_N8N, type ByteStream, type Http, type NoReply, type Reply } from './api/http';

const KEEP_ALL_ANSWERS: Partial<IHttpRequestOptions> = {
	returnFullResponse: true,
	// Otherwise n8n retries once after a 401 and wraps the answer so that its body is lost.
	ignoreHttpStatusErrors: true,
	disableFollowRedirect: true,
};

/** Overrides n8n's 300 s, which some versions count from the start of the upload. */
const NO_TIMEOUT_MS = 24 * 60 * 60 * 1000;

export function n8nHttp(context: IExecuteFunctions, baseUrl: string): Http {
	return {
		async api({ method, path, form, signal }) {
			const options: IHttpRequestOptions = {
				...KEEP_ALL_ANSWERS,
				method,
				url: baseUrl + path,
				body: form,
				headers: { accept: 'application/json' },
				timeout: NO_TIMEOUT_MS,
			};
			const { httpRequestWithAuthentication: request } = context.helpers;
			return await replyTo<unknown>(
				async () => await request.call(endedBy(context, signal), 'picWishApi', options),
			);
		},
		async open(url, { timeoutMs, signal, range }) {
			const options: IHttpRequestOptions = {
				...KEEP_ALL_ANSWERS,
				url,
				encoding: 'stream',
				// The length of a compressed body cannot show whether the picture is complete.
				headers: {
					'accept-encoding': 'identity',
					...(range && { range: `bytes=${range.join('-')}` }),
				},
				timeout: timeoutMs,
				abortSignal: signal,
			};
			return await replyTo<ByteStream>(async () => await context.helpers.httpRequest(options));
		},
	};
}

/**
 * The same context with our own cancel signal. n8n's helper accepts a signal only through its context;
 * ours also aborts a request when the run stops because another item failed.
 */
function endedBy(context: IExecuteFunctions, signal: AbortSignal): IExecuteFunctions {
	return Object.create(context, { getExecutionCancelSignal: { value: () => signal } });
}

async function replyTo<Body>(
	request: () => Promise<{ statusCode: number; headers: Record<string, unknown>; body: Body }>,
): Promise<Reply<Body> | NoReply> {
	try {
		const { statusCode: status, headers, body } = await request();
		return { status, headers, body };
	} catch (error) {
		return toNoReply(error);
	}
}

/** The connection was not made or, for EPIPE, the rest of the request could not be written. */
const NOT_DELIVERED = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EAI_FAIL|EADDRNOTAVAIL|EPROTO|EPIPE)$/;
/** The same, but only for the system call `connect`: these codes can also end an open connection. */
const NOT_DELIVERED_BY_CONNECT = /^(ETIMEDOUT|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH)$/;
const CERTIFICATE_ERROR = /^(CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

function toNoReply(error: unknown): NoReply {
	const { code, syscall } = networkFailure(error);
	return { status: undefined, reason: reasonOf(code, syscall), cause: code };
}

function reasonOf(code: string, syscall: string | undefined): NoReply['reason'] {
	if (code === 'ERR_CANCELED' || code === 'ABORT_ERR') return 'canceled';
	if (code === 'ECONNABORTED') return 'givenUp';
	if (code.startsWith(BLOCKED_BY_N8N) || CERTIFICATE_ERROR.test(code)) return 'notDelivered';
	const isUnconnected = syscall === 'connect' && NOT_DELIVERED_BY_CONNECT.test(code);
	return isUnconnected || NOT_DELIVERED.test(code) ? 'notDelivered' : 'lost';
}

/** With a credential, n8n wraps the library's error once; the code is on the inner error. */
function networkFailure(error: unknown): { code: string; syscall?: string } {
	const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
	const name = textProperty(inner, 'name') ?? '';
	// n8n's SSRF protection rejects before anything is sent; its errors have no code.
	const code = name.startsWith(BLOCKED_BY_N8N) ? name : textProperty(inner, 'code');
	return { code: code ?? 'UNKNOWN', syscall: textProperty(inner, 'syscall') };
}

function textProperty(value: unknown, name: string): string | undefined {
	if (typeof value !== 'object' || value === null) return undefined;
	const found: unknown = Reflect.get(value, name);
	return typeof found === 'string' ? found : undefined;
}
