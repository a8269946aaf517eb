import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import { readCredential } from './input/credential';
import { httpMeaning } from './api/codes';
import { PicWishError } from './errors';
import { TASKS } from './api/tasks';
import { readAnswer } from './api/wire';
import { toObject, toText } from './untrusted';

/** No task has this ID, so the query costs nothing. A 404 from the API means that the key is valid. */
const NO_TASK = '00000000-0000-0000-0000-000000000000';
const TIMEOUT_MS = 15_000;

/**
 * The credential form's test. A declarative test request would not do: it cannot distinguish the API's
 * 404 from another server's, and reports nothing but the error code for an unreachable host.
 */
export async function picWishApiTest(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	// n8n gives credential tests no other request function.
	const { request } = this.helpers;
	const { data = {} } = credential;
	try {
		const { baseUrl } = readCredential(data);
		const reply = toObject(
			await request({
				method: 'GET',
				uri: `${baseUrl}${TASKS.removeObjects.path}/${NO_TASK}`,
				headers: { 'X-API-KEY': String(data.apiKey).trim(), accept: 'application/json' },
				resolveWithFullResponse: true,
				simple: false,
				followRedirect: false,
				timeout: TIMEOUT_MS,
			}),
		);
		const message = problem(Number(reply?.statusCode), reply?.body, baseUrl);
		if (message === undefined) return { status: 'OK', message: 'The key is accepted' };
		return { status: 'Error', message };
	} catch (error) {
		return { status: 'Error', message: explain(error) };
	}
}

/** What is wrong with the answer; undefined if the API accepts the key. */
function problem(httpStatus: number, body: unknown, baseUrl: string): string | undefined {
	const { status, data } = readAnswer(httpStatus, body);
	if (!data) {
		return `${new URL(baseUrl).host} answers, but not as the PicWish API does. Check the base URL, and whether a proxy stands between n8n and PicWish.`;
	}
	if ([200, 404, 429].includes(status)) return undefined;
	const { meaning, hint } = httpMeaning(status);
	return `${meaning}. ${hint}`;
}

function explain(error: unknown): string {
	if (error instanceof PicWishError) return `${error.message}. ${error.details.description}`;
	const thrown = toObject(error);
	const code = toText(thrown?.code) ?? toText(toObject(thrown?.cause)?.code) ?? 'unknown reason';
	return `The PicWish host cannot be reached (${code}). Check the region or base URL, and the network of the machine n8n runs on.`;
}
