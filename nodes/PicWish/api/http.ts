import type { IExecuteFunctions } from 'n8n-workflow';

/** All requests of the node go through these two. Neither throws on network errors or error statuses. */
export interface Http {
	/** To the API host, with the key. Redirects are not followed: they could leak the key. */
	api(request: ApiRequest): Promise<Reply<unknown> | NoReply>;
	/** To any host, without the key. Redirects are not followed: the caller must check their target. */
	open(
		url: string,
		/** `timeoutMs`: until the answer begins. `range`: requested first and last byte. */
		limits: { timeoutMs: number; signal: AbortSignal; range?: [first: number, last: number] },
	): Promise<Reply<ByteStream> | NoReply>;
}

export interface ApiRequest {
	method: 'GET' | 'POST';
	/** Relative to the base URL. */
	path: string;
	/** Sent as multipart/form-data. */
	form?: FormData;
	/** The only time limit: the request runs until it is aborted. */
	signal: AbortSignal;
}

export interface Reply<Body> {
	status: number;
	headers: Record<string, unknown>;
	body: Body;
}

/**
 * No answer arrived. `notDelivered`: the server certainly did not get the whole request. `lost`: the
 * connection broke. `givenUp`: the request timed out.
 */
export interface NoReply {
	status: undefined;
	reason: 'notDelivered' | 'lost' | 'givenUp' | 'canceled';
	/** For the message: a code such as ECONNREFUSED, or text that begins with BLOCKED_BY_N8N. */
	cause: string;
}

/** How the cause begins if n8n's SSRF protection blocks an address. */
export const BLOCKED_BY_N8N = 'SsrfBlocked';

/** The readable stream of n8n's helpers; community nodes may not import Node's own type. */
export type ByteStream = Awaited<ReturnType<IExecuteFunctions['helpers']['getBinaryStream']>>;
