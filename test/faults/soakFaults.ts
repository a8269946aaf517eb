import { createHash } from 'node:crypto';
import type { Fault, FaultAction, LoggedRequest, Sandbox } from '../sandbox/server';
import { htmlPage, patchData, saysNo } from './answers';

const empty = Buffer.alloc(0);

/** The faults of each stage; all are equally likely. */
const FAULTS: Record<Fault['kind'], FaultAction[]> = {
	create: [
		saysNo(429),
		saysNo(500),
		htmlPage(502),
		{ type: 'resetAfterUpload' },
		{ type: 'loseAnswer' },
		{ type: 'failTask', state: -9 },
		{ type: 'failTask', state: -7 },
		patchData(() => ({})),
		{ type: 'delay', ms: 300 },
	],
	query: [
		{ type: 'resetAtOnce' },
		{ type: 'loseAnswer' },
		saysNo(429),
		saysNo(500),
		htmlPage(502),
		htmlPage(200),
		saysNo(404),
		patchData((data) => ({ ...data, state: undefined })),
		patchData((data) => ({ ...data, file: undefined })),
		{ type: 'delay', ms: 300 },
	],
	download: [
		{ type: 'resetAtOnce' },
		{ type: 'respond', status: 500, body: '' },
		{ type: 'respond', status: 403, body: '' },
		{ type: 'cut', afterBytes: 400 },
		{ type: 'serve', body: empty },
		{ type: 'serve', body: Buffer.from('<!DOCTYPE html><html></html>') },
		{ type: 'delay', ms: 300 },
	],
};

/** The file name of an item's image; it identifies the item's requests. */
export const fileNameOf = (index: number) => `soak-${index}.jpg`;

/** The item that a request belongs to, found by its file or its task. */
export function itemOf(requests: readonly LoggedRequest[], request: LoggedRequest): string {
	if (request.files.file) return request.files.file.fileName;
	const create = requests.find(
		({ kind, taskId }) => kind === 'create' && taskId === request.taskId,
	);
	return create?.files.file?.fileName ?? '';
}

/**
 * Faults for all stages, drawn from the seed, the stage, the item and the item's number of visits to
 * the stage. The same requests are hit in whatever order they arrive.
 *
 * @param share of the requests that are hit, 0…1
 */
export function drawFaults({ requests }: Sandbox, seed: number, share: number): Fault[] {
	const drawn = new WeakMap<LoggedRequest, FaultAction | undefined>();
	const visits = new Map<string, number>();
	const draw = (kind: Fault['kind'], request: LoggedRequest): FaultAction | undefined => {
		const place = `${kind} ${itemOf(requests, request)}`;
		const visit = (visits.get(place) ?? 0) + 1;
		visits.set(place, visit);
		const number = createHash('sha256').update(`${seed} ${place} ${visit}`).digest().readUInt32BE();
		const actions = FAULTS[kind];
		return actions[Math.floor((number / 2 ** 32 / share) * actions.length)];
	};
	const drawOnce = (kind: Fault['kind'], request: LoggedRequest) => {
		if (!drawn.has(request)) drawn.set(request, draw(kind, request));
		return drawn.get(request);
	};
	return (['create', 'query', 'download'] as const).flatMap((kind) =>
		FAULTS[kind].map(
			(act): Fault => ({
				kind,
				act,
				times: Infinity,
				when: (request) => drawOnce(kind, request) === act,
			}),
		),
	);
}
