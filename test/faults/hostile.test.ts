/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { startEngine, type Engine } from '../engine/engine';
import { closeServer, openServer } from '../sandbox/localServer';
import { bodies, headers, statuses } from './arbitraryAnswers';
import { checkSection } from './document';
import { errorOf } from './itemError';
import { picture, pictureItem } from './trial';

const CASES = 240;
/** Concurrent runs. */
const AT_ONCE = 40;
const MAX_WAIT_S = 1;
/** All runs share one processor, so they end late; a run that ignores Max Wait ends even later. */
const GRACE_MS = 10_000;
const REQUESTS_PER_SECOND = 50;

/** One key's responses from a server that returns anything and quotes the key where it can. */
interface Case {
	key: string;
	answers: Array<{ status: number; headers: Record<string, string>; body: string }>;
	asked: number;
	/** Requests for the result that carried the key. */
	keysLeaked: number;
}

const casesByKey = new Map<string, Case>();
let baseUrl = '';

const server = createServer((request, response) => {
	request.resume();
	request.on('end', () => answer(request, response));
});

function answer({ url = '', headers: sent }: IncomingMessage, response: ServerResponse): void {
	const [, resultOf] = /^\/result\/(.+)$/.exec(url) ?? [];
	if (resultOf !== undefined) {
		const found = casesByKey.get(`made-up-key-${resultOf}-end`);
		if (found && JSON.stringify(sent).includes(found.key)) found.keysLeaked++;
		response.end(picture);
		return;
	}
	const found = casesByKey.get(String(sent['x-api-key']));
	const reply = found?.answers[found.asked++ % found.answers.length];
	response.writeHead(reply?.status ?? 500, reply?.headers).end(reply?.body);
}

/** Each has its own key, and so its own budget: a 429 for one must not slow down another. */
function makeCases(): Case[] {
	return Array.from({ length: CASES }, (_, index) => {
		const key = `made-up-key-${index}-end`;
		const reply = fc.record({
			status: statuses,
			headers: headers(key),
			body: bodies(key, [`${baseUrl}/result/${index}`]),
		});
		const [answers = []] = fc.sample(fc.array(reply, { minLength: 1, maxLength: 6 }), {
			numRuns: 1,
			seed: index,
		});
		return { key, answers, asked: 0, keysLeaked: 0 };
	});
}

let engine: Engine;
const seen: string[] = [];

beforeAll(async () => {
	engine = await startEngine();
	baseUrl = await openServer(server);
});

afterAll(async () => {
	await closeServer(server);
	await engine.close();
});

/** @returns the kind of outcome */
async function runCase({ key }: Case, index: number): Promise<string> {
	const run = await engine.run({
		items: [pictureItem()],
		parameters: {
			operation: 'removeWatermark',
			options: {
				maxWait: MAX_WAIT_S,
				requestMode: index % 2 === 0 ? 'sync' : 'async',
				// When off, the URL is output, which must not contain the key either.
				downloadResult: index % 3 > 0,
			},
		},
		credential: { apiKey: key, region: 'custom', baseUrl, requestsPerSecond: REQUESTS_PER_SECOND },
		node: { onError: index % 4 === 0 ? 'stopWorkflow' : 'continueRegularOutput' },
	});
	const shown = inspect([run.saved, run.outputs, run.error, run.hints], {
		depth: Infinity,
		maxArrayLength: Infinity,
		maxStringLength: Infinity,
	});
	expect(shown).not.toContain(key);
	expect(run.elapsedMs).toBeLessThan(MAX_WAIT_S * 1000 + GRACE_MS);
	if (run.status === 'error') {
		expect(run.error?.name).toMatch(/^Node(Api|Operation)Error$/);
		expect(run.error?.message).toMatch(/ \[item 0\]$/);
		return 'stopped';
	}
	expect(run.status).toBe('success');
	const [item] = run.outputs[0] ?? [];
	if (!item) throw new Error('The output has no item');
	return errorOf(item)?.code ?? 'a result';
}

test('a server that returns anything and quotes the key', async () => {
	const cases = makeCases();
	for (const each of cases) casesByKey.set(each.key, each);
	const waiting = [...cases.entries()];
	const outcomes = new Map<string, number>();
	const work = async () => {
		for (let next = waiting.shift(); next; next = waiting.shift()) {
			const outcome = await runCase(next[1], next[0]);
			outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, work));

	// Even a response that asks for an immediate retry gets no more requests than the credential allows.
	const mostAsked = Math.max(...cases.map(({ asked }) => asked));
	expect(mostAsked).toBeLessThanOrEqual(MAX_WAIT_S * REQUESTS_PER_SECOND);
	expect(cases.filter(({ keysLeaked }) => keysLeaked > 0)).toEqual([]);
	for (const kind of ['a result', 'stopped', 'TASK_FAILED', 'INVALID_RESPONSE', 'UNAUTHORIZED']) {
		expect([kind, outcomes.get(kind) ?? 0]).not.toEqual([kind, 0]);
	}
	seen.push(
		`${CASES} runs, each a result or a complete error; the key in none of them, nor sent to the result host`,
	);
}, 60_000);

test('docs/reliability.md matches what was observed', () => {
	expect(seen).toHaveLength(1);
	const promise =
		'only the node’s own errors; nothing hangs; the key appears in no output, error, hint or saved execution';
	checkSection(
		'Arbitrary responses in n8n',
		seen.map((text) => ['a server that returns anything and quotes the key', promise, text]),
		'In n8n’s engine, over real sockets.',
	);
});
