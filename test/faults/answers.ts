import type { FaultAction } from '../sandbox/server';

/** A response in the API's own format. */
export function inEnvelope(
	status: number,
	body: Record<string, unknown>,
	headers: Record<string, string> = {},
): FaultAction {
	return {
		type: 'respond',
		status,
		headers: { 'content-type': 'application/json', ...headers },
		body: JSON.stringify(body),
	};
}

/** A refusal by the API. */
export const saysNo = (status: number, headers?: Record<string, string>): FaultAction =>
	inEnvelope(status, { status, message: `Sandbox says ${status}` }, headers);

/** What a gateway in front of the API sends. */
export const htmlPage = (status: number): FaultAction => ({
	type: 'respond',
	status,
	headers: { 'content-type': 'text/html' },
	body: '<!DOCTYPE html><html><body><h1>Bad Gateway</h1></body></html>',
});

/** The real response with its `data` changed. */
export function patchData(
	change: (data: Record<string, unknown>) => Record<string, unknown>,
): FaultAction {
	return {
		type: 'patch',
		change: (body) => {
			const envelope = Object(body);
			return { ...envelope, data: change({ ...envelope.data }) };
		},
	};
}
