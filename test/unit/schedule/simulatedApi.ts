import type { ApiRequest, Http, NoReply, Reply } from '../../../nodes/PicWish/api/http';
import type { Clock } from '../../../nodes/PicWish/schedule/clock';

interface SimulatedRequest {
	at: number;
	kind: 'create' | 'poll';
	taskId?: string;
	status: number;
	/** Who sent it. */
	process: string;
}

/** The API's side of the wire on a held clock: a limit per second, and tasks that take their time. */
export class SimulatedApi {
	readonly requests: SimulatedRequest[] = [];
	private readonly doneAt = new Map<string, number>();
	private readonly createdAt = new Map<string, number>();
	inProgressAtMost = 0;

	constructor(
		private readonly clock: Clock,
		private readonly settings: {
			/** Accepted requests in any second. */
			limit: number;
			/** What counts against the limit; default all requests. */
			counts?: 'all' | 'creates';
			/** Processing time of the n-th task, ms; `path` tells its kind. */
			processingMs: (n: number, path: string) => number;
			/** Time from a request's arrival to its answer, ms. */
			latencyMs?: number;
			/** Time until a request arrives, ms; default none. */
			arrivesAfterMs?: () => number;
			/** Whether a request is refused with 429 although the limit is kept; default never. */
			refuses?: (kind: SimulatedRequest['kind']) => boolean;
		},
	) {}

	/** A task that was made before, and will be done so much later. */
	addTask(taskId: string, doneAfterMs: number): void {
		this.createdAt.set(taskId, this.clock.now());
		this.doneAt.set(taskId, this.clock.now() + doneAfterMs);
	}

	/** One process's way to it. */
	http(process = ''): Http {
		return {
			api: async (request) => {
				await this.clock.sleep(this.settings.arrivesAfterMs?.() ?? 0);
				return await this.answer(request, process);
			},
			open: async () => await Promise.reject(new Error('No results here')),
		};
	}

	count(kind: SimulatedRequest['kind'], status = 200): number {
		return this.requests.filter((one) => one.kind === kind && one.status === status).length;
	}

	private async answer(
		{ method, path, form }: ApiRequest,
		process: string,
	): Promise<Reply<unknown> | NoReply> {
		const now = this.clock.now();
		const kind = method === 'POST' ? 'create' : 'poll';
		const { limit, refuses, counts = 'all' } = this.settings;
		const isCounted = (one: { kind: string }) => counts === 'all' || one.kind === 'create';
		const lastSecond = this.requests.slice(
			this.requests.findLastIndex(({ at }) => at <= now - 1000) + 1,
		);
		const accepted = lastSecond.filter((one) => one.status === 200 && isCounted(one));
		const isOver = isCounted({ kind }) && accepted.length >= limit;
		const refused = isOver || refuses?.(kind) === true;
		const polled = kind === 'poll' ? (path.split('/').pop() ?? '') : undefined;
		const taskId = polled ?? `task-${this.doneAt.size}`;
		this.requests.push({
			at: now,
			kind,
			taskId: refused ? polled : taskId,
			status: refused ? 429 : 200,
			process,
		});
		const { latencyMs = 0 } = this.settings;
		if (refused) {
			await this.clock.sleep(latencyMs);
			return reply(429, {});
		}
		if (kind === 'poll') {
			await this.clock.sleep(latencyMs);
			return reply(200, this.report(taskId));
		}
		const took = this.settings.processingMs(this.doneAt.size, path);
		this.createdAt.set(taskId, now);
		this.doneAt.set(taskId, now + took);
		const open = [...this.doneAt.values()].filter((at) => at > now).length;
		this.inProgressAtMost = Math.max(this.inProgressAtMost, open);
		const sync = form?.get('sync') === '1';
		await this.clock.sleep(latencyMs + (sync ? took : 0));
		return reply(200, sync ? this.report(taskId) : { task_id: taskId });
	}

	private report(taskId: string): Record<string, unknown> {
		const doneAt = this.doneAt.get(taskId) ?? Infinity;
		const createdAt = this.createdAt.get(taskId) ?? 0;
		if (doneAt > this.clock.now()) return { task_id: taskId, state: 4, progress: 50 };
		return {
			task_id: taskId,
			state: 1,
			progress: 100,
			created_at: Math.floor(createdAt / 1000) + 1,
			completed_at: Math.floor(doneAt / 1000) + 1,
			time_elapsed: doneAt - createdAt,
			image: 'https://results.example/1.jpg',
			file: 'https://results.example/1.jpg',
		};
	}
}

function reply(status: number, data: Record<string, unknown>): Reply<unknown> {
	return { status, headers: {}, body: { status, data } };
}
