import type { LoggedRequest } from '../../sandbox/server';
import type { Execution } from '../server/executions';
import type { Contestant } from './contestants';

/** What was seen of one run of a contestant. */
export interface Run {
	contestant: Contestant;
	execution: Execution;
	requests: LoggedRequest[];
	/** Tasks that PicWish was given, and wants money for. */
	paidTasks: number;
}

export function found(run: Run | undefined): Run {
	if (!run) throw new Error('There was no such run');
	return run;
}

export function succeeded({ execution }: Pick<Run, 'execution'>): boolean {
	return execution.status === 'success';
}

export function endedBy429(run: Run): boolean {
	return !succeeded(run) && toApi(run.requests).some(({ status }) => status === 429);
}

export function toApi(requests: LoggedRequest[]): LoggedRequest[] {
	return requests.filter(({ port }) => port === 'api');
}
