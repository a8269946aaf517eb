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
	try {
		const { apiKey } = credential.data ?? {};
		const { baseUrl } = readCredential(credential.data ?? {});
		const reply = toObject(
			await request({
				method: 'GET',
				uri: `${baseUrl}${TASKS.removeObjects.path}/${NO_TASK}`,
				headers: { 'X-API-KEY': String(apiKey).trim(), accept: 'application/json' },
				resolveWithFullResponse: true,
				simple: false,
				followRedirect: false,
				timeout: TIMEOUT_MS,
			}),
		);
		return verdict(Number(reply?.statusCode), reply?.body, baseUrl);
	} catch (error) {
		return { status: 'Error', message: explain(error) };
	}
}

function verdict(status: number, body: unknown, baseUrl: string): INodeCredentialTestResult {
	const answer = readAnswer(status, body);
	if (!answer.envelope) {
		return {
			status: 'Error',
			message: `${new URL(baseUrl).host} answers, but not as the PicWish API does. Check the base URL, and whether a proxy stands between n8n and PicWish.`,
		};
	}
	if ([200, 404, 429].includes(answer.status)) {
		return { status: 'OK', message: 'The key is accepted' };
	}
	const { meaning, hint } = httpMeaning(answer.status);
	return { status: 'Error', message: `${meaning}. ${hint}` };
}

function explain(error: unknown): string {
	if (error instanceof PicWishError)
		return `${error.details.message}. ${error.details.description}`;
	const thrown = toObject(error);
	const code = toText(thrown?.code) ?? toText(toObject(thrown?.cause)?.code) ?? 'unknown reason';
	return `The PicWish host cannot be reached (${code}). Check the region or base URL, and the network of the machine n8n runs on.`;
}
