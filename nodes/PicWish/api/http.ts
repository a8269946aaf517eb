import type { IExecuteFunctions } from 'n8n-workflow';

/** The two ways out of the node. Neither throws for what the network or the server does. */
export interface Http {
	/** To the API host, with the key. Redirects are not followed: they would carry the key away. */
	api(request: ApiRequest): Promise<Reply<unknown> | NoReply>;
	/** To any host, without the key. Redirects are not followed: their target is to be checked. */
	open(
		url: string,
		/** `timeoutMs`: until the answer begins. `range`: first and last byte that are wanted. */
		limits: { timeoutMs: number; signal: AbortSignal; range?: [first: number, last: number] },
	): Promise<Reply<ByteStream> | NoReply>;
}

export interface ApiRequest {
	method: 'GET' | 'POST';
	/** Below the base URL. */
	path: string;
	/** Sent as multipart/form-data. */
	form?: FormData;
	/** The only limit: the request takes as long as it is not aborted. */
	signal: AbortSignal;
}

export interface Reply<Body> {
	status: number;
	headers: Record<string, unknown>;
	body: Body;
}

/**
 * No answer came. `notDelivered` is certain: the server has not had the whole request. `lost`: the
 * connection broke. `givenUp`: we did not wait any longer.
 */
export interface NoReply {
	status: undefined;
	reason: 'notDelivered' | 'lost' | 'givenUp' | 'canceled';
	/** System or library code such as ECONNREFUSED, or BLOCKED_BY_N8N and more; for the person's message. */
	cause: string;
}

/** How the cause begins where n8n may not open an address (its protection against SSRF). */
export const BLOCKED_BY_N8N = 'SsrfBlocked';

/** A readable stream as n8n's helpers give and take it; Node's own type may not be imported. */
export type ByteStream = Awaited<ReturnType<IExecuteFunctions['helpers']['getBinaryStream']>>;
