/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { inspect } from 'node:util';
import { describeError, errorOf, MAYBE_ACCEPTED } from './itemError';
import type { Run } from '../engine/runResult';
import { MADE_UP, picture, type Trial } from './trial';

export type Counted = 'create' | 'query' | 'download';

const PLURAL: Record<Counted, string> = {
	create: 'creates',
	query: 'queries',
	download: 'downloads',
};

/**
 * The requests of a trial as text: `1 create, 2 queries`.
 *
 * @param uncounted kinds that repeat until the deadline, so that their number depends on timing
 */
export function describeRequests({ requests }: Trial, uncounted: readonly Counted[] = []): string {
	const parts = (['create', 'query', 'download'] as const).flatMap((kind) => {
		const count = requests.filter((request) => request.kind === kind).length;
		if (count === 0) return [];
		if (count > 1 && uncounted.includes(kind)) return [`repeated ${PLURAL[kind]}`];
		return [`${count} ${count === 1 ? kind : PLURAL[kind]}`];
	});
	return parts.join(', ') || 'no request';
}

export const describeTasks = ({ tasks }: Trial) =>
	`${tasks.length} ${tasks.length === 1 ? 'task' : 'tasks'} at PicWish`;

/** The outcome of a run that continues on errors: each kind of item once, in order of appearance. */
export async function describeOutcome({ run }: Trial): Promise<string> {
	expect(run.status).toBe('success');
	const phrases: string[] = [];
	for (const [index, item] of (run.outputs[0] ?? []).entries()) {
		expect(item.pairedItem).toEqual({ item: index });
		const error = errorOf(item);
		phrases.push(error ? describeError(error) : await describePicture(run, index));
	}
	return [...new Set(phrases)].join('; ') || 'no item';
}

/** The sandbox returns its input, so a result must equal the item's own source. */
async function describePicture(run: Run, index: number): Promise<string> {
	const item = run.outputs[0]?.[index];
	const result = item?.binary?.data;
	if (!result) return `an item with status ${String(item?.json.status)}`;
	const source = run.input[index]?.binary?.data;
	const expected = source ? await run.bytes(source) : picture;
	return (await run.bytes(result)).equals(expected) ? 'the result' : 'another result';
}

/** The key went only to the API host and appears in nothing that n8n shows or saves. */
export function expectKeyKept({ run, requests }: Trial): void {
	const shown = inspect([run.saved, run.outputs, run.error, run.hints], {
		depth: Infinity,
		maxArrayLength: Infinity,
		maxStringLength: Infinity,
	});
	expect(shown).not.toContain(MADE_UP);
	const elsewhere = requests.filter(({ port }) => port === 'results');
	expect(inspect(elsewhere, { depth: Infinity })).not.toContain(MADE_UP);
}

/** Each task the sandbox created is reported to the user, or its create is reported as uncertain. */
export function expectAllTasksReported({ run, tasks }: Trial): void {
	const items = run.outputs[0] ?? [];
	const errors = items.flatMap((item) => errorOf(item) ?? []);
	const texts = [...errors.map(({ description }) => description), run.error?.description ?? ''];
	const reported = [
		...items.map(({ json }) => json.taskId),
		...errors.map(({ taskId }) => taskId),
		...texts,
	].join(' ');
	const missing = tasks.filter(({ taskId, state }) => state >= 0 && !reported.includes(taskId));
	const uncertain = texts.filter(
		(text) => text.includes(MAYBE_ACCEPTED) || text.includes('may have been charged'),
	);
	expect(missing.length).toBeLessThanOrEqual(uncertain.length);
}
