import type { LoggedRequest } from './requestLog';
import type { TaskType } from './taskTypes';

export type FaultAction =
	/** Replaces the answer. For a create the body is read first, and no task is made. */
	| { type: 'respond'; status: number; headers?: Record<string, string>; body: string | Buffer }
	/** TCP reset as soon as the headers have arrived. */
	| { type: 'resetAtOnce' }
	/** Create: the whole body is read, no task is made, then TCP reset. */
	| { type: 'resetAfterUpload' }
	/** Handles the request (a create makes its task), then TCP reset instead of the answer. */
	| { type: 'loseAnswer' }
	/** Never answers. `readBody: false` also leaves the body unread, so a big upload stalls. */
	| { type: 'hang'; readBody?: boolean }
	/** Create: reads the body at most 64 kB at a time, pauses after each chunk, then answers normally. */
	| { type: 'readSlowly'; pauseMs: number }
	/** Replaces the answer: headers, then a byte now and then, forever. */
	| { type: 'drip' }
	/** Handles the request at once, answers `ms` later. */
	| { type: 'delay'; ms: number }
	/** Create: the task ends with this (negative) state when its processing time is over. */
	| { type: 'failTask'; state: number; message?: string }
	/** Changes the real JSON answer. */
	| { type: 'patch'; change: (body: unknown) => unknown }
	/** Download: announces the full length, sends `afterBytes` bytes, cuts the connection. */
	| { type: 'cut'; afterBytes: number }
	/** Download: replaces the answer. `length` is announced even if the body is shorter. */
	| {
			type: 'serve';
			status?: number;
			headers?: Record<string, string>;
			body: Buffer | (() => AsyncIterable<Uint8Array>);
			length?: number;
	  };

export interface Fault {
	kind: 'create' | 'query' | 'download';
	taskType?: TaskType;
	/** Lets this many matching requests pass first; default 0. */
	skip?: number;
	/** How many requests it affects after that; default 1; Infinity allowed. */
	times?: number;
	/**
	 * An extra condition. For a create it is evaluated after the body has been read, except for the
	 * actions that do not read it (`resetAtOnce`, `hang` with `readBody: false`): there `fields` and
	 * `files` are still empty.
	 */
	when?: (request: LoggedRequest) => boolean;
	act: FaultAction;
}

const actionsOf: Record<Fault['kind'], ReadonlyArray<FaultAction['type']>> = {
	create: [
		'respond',
		'resetAtOnce',
		'resetAfterUpload',
		'loseAnswer',
		'hang',
		'readSlowly',
		'drip',
		'delay',
		'failTask',
		'patch',
	],
	query: ['respond', 'resetAtOnce', 'loseAnswer', 'hang', 'drip', 'delay', 'patch'],
	download: ['respond', 'resetAtOnce', 'hang', 'delay', 'cut', 'serve'],
};

/** Whether the action leaves the body of a create unread. */
export const leavesBodyUnread = (act: FaultAction) =>
	act.type === 'resetAtOnce' || (act.type === 'hang' && act.readBody === false);

/** Pending faults. They affect only requests that pass the key check and the limit. */
export class FaultList {
	private pending: Array<{ fault: Fault; skip: number; times: number }> = [];

	/** @throws Error if the action makes no sense for this kind of request */
	add(fault: Fault): void {
		if (!actionsOf[fault.kind].includes(fault.act.type)) {
			throw new Error(`A fault of type ${fault.act.type} cannot happen to a ${fault.kind}`);
		}
		this.pending.push({ fault, skip: fault.skip ?? 0, times: fault.times ?? 1 });
	}

	clear(): void {
		this.pending = [];
	}

	/**
	 * Returns and consumes the first fault, in the order added, that is due for this request.
	 *
	 * @param readBody called before a condition that may need the body
	 */
	async take(
		request: LoggedRequest,
		readBody: () => Promise<unknown>,
	): Promise<FaultAction | undefined> {
		for (const entry of [...this.pending]) {
			const { fault } = entry;
			if (fault.kind !== request.kind) continue;
			if (fault.taskType !== undefined && fault.taskType !== request.taskType) continue;
			if (fault.when && !leavesBodyUnread(fault.act)) await readBody();
			// Checked after the wait: meanwhile another request may have consumed this fault.
			if (entry.times <= 0 || (fault.when && !fault.when(request))) continue;
			if (entry.skip > 0) {
				entry.skip -= 1;
				continue;
			}
			entry.times -= 1;
			return fault.act;
		}
		return undefined;
	}
}
