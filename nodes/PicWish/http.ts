import type { IExecuteFunctions, IHttpRequestMethods, IHttpRequestOptions } from 'n8n-workflow';

/** A readable stream as n8n's HTTP and binary helpers give and take it. */
export type ByteStream = Awaited<ReturnType<IExecuteFunctions['helpers']['getBinaryStream']>>;

export interface ApiRequest {
	method: IHttpRequestMethods;
	/** Below the base URL. */
	path: string;
	/** Sent as multipart/form-data. */
	form?: FormData;
	/** Silence on the connection after which it is given up. */
	timeoutMs: number;
	signal: AbortSignal;
}

export interface Reply<Body> {
	status: number;
	headers: Record<string, unknown>;
	body: Body;
}

/** No answer came. `notDelivered` is certain: the server has not had the whole request. */
export interface NoReply {
	status: undefined;
	reason: 'notDelivered' | 'lost' | 'canceled';
	/** System or library code such as ECONNREFUSED; for the person's message. */
	cause: string;
}

/** The two ways out of the node. Neither throws for what the network or the server does. */
export interface Http {
	/** To the API host, with the key. Redirects are not followed: they would carry the key away. */
	api(request: ApiRequest): Promise<Reply<unknown> | NoReply>;
	/** To any host, without the key. Redirects are not followed: their target is to be checked. */
	open(
		url: string,
		limits: { timeoutMs: number; signal: AbortSignal },
	): Promise<Reply<ByteStream> | NoReply>;
}

const KEEP_ALL_ANSWERS: Partial<IHttpRequestOptions> = {
	returnFullResponse: true,
	// Without it n8n resends once on 401 and wraps the answer so that its body is lost.
	ignoreHttpStatusErrors: true,
	disableFollowRedirect: true,
};

/** n8n's HTTP helpers as the client needs them. */
export function n8nHttp(context: IExecuteFunctions, baseUrl: string): Http {
	return {
		async api({ method, path, form, timeoutMs, signal }) {
			const options: IHttpRequestOptions = {
				...KEEP_ALL_ANSWERS,
				method,
				url: baseUrl + path,
				body: form,
				headers: { accept: 'application/json' },
				timeout: timeoutMs,
			};
			try {
				const { httpRequestWithAuthentication } = context.helpers;
				return toReply<unknown>(
					await httpRequestWithAuthentication.call(endedBy(context, signal), 'picWishApi', options),
				);
			} catch (error) {
				return toNoReply(error);
			}
		},
		async open(url, { timeoutMs, signal }) {
			const options: IHttpRequestOptions = {
				...KEEP_ALL_ANSWERS,
				url,
				encoding: 'stream',
				// A packed picture's length says nothing about whether it came whole.
				headers: { 'accept-encoding': 'identity' },
				timeout: timeoutMs,
				abortSignal: signal,
			};
			try {
				return toReply<ByteStream>(await context.helpers.httpRequest(options));
			} catch (error) {
				return toNoReply(error);
			}
		},
	};
}

/**
 * The same context with another cancel signal. n8n's helper takes the signal from its context, and only
 * from there; ours also ends a request when the run stops at an error of another item.
 */
function endedBy(context: IExecuteFunctions, signal: AbortSignal): IExecuteFunctions {
	return Object.create(context, { getExecutionCancelSignal: { value: () => signal } });
}

function toReply<Body>(full: {
	statusCode: number;
	headers: Record<string, unknown>;
	body: Body;
}): Reply<Body> {
	return { status: full.statusCode, headers: full.headers, body: full.body };
}

/**
 * Failures before a connection stood, beside certificate errors; and a broken pipe, which means that
 * bytes of the request could not be written any more.
 */
const NOT_DELIVERED = new Set([
	'ECONNREFUSED',
	'ENOTFOUND',
	'EAI_AGAIN',
	'EAI_FAIL',
	'EHOSTUNREACH',
	'EHOSTDOWN',
	'ENETUNREACH',
	'EADDRNOTAVAIL',
	'EPROTO',
	'EPIPE',
]);
const CERTIFICATE_ERROR = /^(CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

function toNoReply(error: unknown): NoReply {
	const { code, syscall } = networkFailure(error);
	if (code === 'ERR_CANCELED' || code === 'ABORT_ERR') {
		return { status: undefined, reason: 'canceled', cause: code };
	}
	const notDelivered =
		NOT_DELIVERED.has(code) ||
		CERTIFICATE_ERROR.test(code) ||
		(code === 'ETIMEDOUT' && syscall === 'connect');
	return { status: undefined, reason: notDelivered ? 'notDelivered' : 'lost', cause: code };
}

/** n8n wraps the library's error once when a credential is used; the code is on the inner one. */
function networkFailure(error: unknown): { code: string; syscall?: string } {
	const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
	const code = textProperty(inner, 'code') ?? 'UNKNOWN';
	return { code, syscall: textProperty(inner, 'syscall') };
}

function textProperty(value: unknown, name: string): string | undefined {
	if (typeof value !== 'object' || value === null) return undefined;
	const found: unknown = Reflect.get(value, name);
	return typeof found === 'string' ? found : undefined;
}
