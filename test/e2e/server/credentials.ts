import type { Sandbox } from '../../sandbox/server';
import type { N8nSession } from './n8nSession';

export interface SavedCredential {
	id: string;
	name: string;
}

/** @param data the fields of the credential's form */
export async function createCredential(
	session: N8nSession,
	type: string,
	name: string,
	data: Record<string, unknown>,
): Promise<SavedCredential> {
	return await session.request<SavedCredential>('/rest/credentials', { type, name, data });
}

/** The fields of a "PicWish API" credential for the sandbox. */
export function sandboxCredential(
	{ apiKey, apiUrl }: Pick<Sandbox, 'apiKey' | 'apiUrl'>,
	requestsPerSecond: number,
) {
	return { apiKey, region: 'custom', baseUrl: apiUrl, requestsPerSecond };
}
