interface Owner {
	email: string;
	password: string;
}

/** Made up; the server lives as long as one test file. */
export const owner: Owner = { email: 'owner@example.com', password: 'Only-for-e2e-1' };

/** The REST interface that n8n's editor uses, signed in as the owner. */
export interface N8nSession {
	/** The value of n8n's session cookie, for the browser. */
	cookie: { name: string; value: string };
	/**
	 * @param body makes it a POST unless `method` says otherwise
	 * @returns what lies under `data` of n8n's answer; its shape is n8n's, the caller names it
	 * @throws Error with n8n's message on any other status than 2xx
	 */
	request<T>(path: string, body?: unknown, method?: string): Promise<T>;
	/** A JSON file of the editor, which has no `data` around it. */
	json<T>(path: string): Promise<T>;
	/** The bytes of an answer that is no JSON, e.g. binary data. */
	bytes(path: string): Promise<Buffer>;
}

/** Creates the owner on a fresh server. */
export async function setUpOwner(url: string): Promise<N8nSession> {
	return await openSession(url, '/rest/owner/setup', {
		...owner,
		firstName: 'Test',
		lastName: 'Owner',
	});
}

async function openSession(url: string, path: string, body: unknown): Promise<N8nSession> {
	const response = await send(url, path, 'POST', {}, body);
	const cookie = response.headers
		.getSetCookie()
		.map((line) => /^(n8n-auth)=([^;]+)/.exec(line))
		.find((match) => match !== null);
	const [, name, value] = cookie ?? [];
	if (!name || !value) throw new Error(`${path} gave no session cookie`);
	const headers = { cookie: `${name}=${value}` };
	return {
		cookie: { name, value },
		async request<T>(to: string, content?: unknown, method = content ? 'POST' : 'GET') {
			const answer = await send(url, to, method, headers, content);
			const { data } = (await answer.json()) as { data: T };
			return data;
		},
		async json<T>(from: string) {
			return (await (await send(url, from, 'GET', headers)).json()) as T;
		},
		async bytes(from) {
			const answer = await send(url, from, 'GET', headers);
			return Buffer.from(await answer.arrayBuffer());
		},
	};
}

const answerTimeoutMs = 60_000;

async function send(
	url: string,
	path: string,
	method: string,
	headers: Record<string, string>,
	body?: unknown,
): Promise<Response> {
	const response = await fetch(url + path, {
		method,
		headers: {
			...headers,
			...(body !== undefined && { 'content-type': 'application/json' }),
			// A connection for each request: n8n may close a kept one just when it is used again.
			connection: 'close',
		},
		body: body === undefined ? undefined : JSON.stringify(body),
		signal: AbortSignal.timeout(answerTimeoutMs),
	});
	if (!response.ok) {
		throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
	}
	return response;
}
