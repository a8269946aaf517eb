import { smallPng } from './pictures';
import { errorOf, quickWatermark, useBench, withPicture } from './setup';

/** What is read once for all items: where it is not usable, none of them goes out as if it were done. */

const bench = useBench();
const items = ['first', 'second', 'third'].map((name) => ({
	json: { name },
	...withPicture(smallPng, `${name}.png`),
}));

interface Unusable {
	what: string;
	field: string;
	credential?: Record<string, string | number>;
	options?: Record<string, unknown>;
}

const unusable: Unusable[] = [
	{ what: 'an address that is none', field: 'Base URL', credential: { baseUrl: 'nowhere' } },
	{ what: 'a limit of 0', field: 'Requests per Second', credential: { requestsPerSecond: 0 } },
	{ what: 'no key', field: 'API Key', credential: { apiKey: ' ' } },
	{ what: 'a key copied with its dots', field: 'API Key', credential: { apiKey: 'ab••••cd' } },
	{ what: 'a key with a hidden space', field: 'API Key', credential: { apiKey: 'abcd\u200b' } },
	{
		what: 'a key of two lines',
		field: 'API Key',
		credential: { apiKey: 'ab\ncd' },
	},
	{ what: '-1', field: 'Max Concurrent Tasks', options: { maxConcurrentTasks: -1 } },
];

async function run(
	{ credential, options }: Omit<Unusable, 'what' | 'field'>,
	onError: 'stopWorkflow' | 'continueRegularOutput' | 'continueErrorOutput',
) {
	const parameters = { ...quickWatermark, options: { ...quickWatermark.options, ...options } };
	return await bench.run(parameters, items, {
		credential: { ...bench.credential, ...credential },
		node: { onError },
	});
}

test.each(unusable)('$field, $what: the run stops', async ({ field, ...given }) => {
	const { error } = await run(given, 'stopWorkflow');

	expect(error).toMatchObject({
		name: 'NodeOperationError',
		message: expect.stringMatching(`^${field}: `),
		itemIndex: 0,
	});
	expect(bench.sandbox.requests).toHaveLength(0);
});

test.each(unusable)('$field, $what: each item says so', async ({ field, ...given }) => {
	const { outputs } = await run(given, 'continueRegularOutput');

	expect(outputs[0]?.map((item) => errorOf(item).code)).toEqual(items.map(() => 'INVALID_INPUT'));
	expect(outputs[0]?.map(({ pairedItem }) => pairedItem)).toEqual([
		{ item: 0 },
		{ item: 1 },
		{ item: 2 },
	]);
	for (const item of outputs[0] ?? []) expect(errorOf(item).message).toMatch(`${field}: `);
	expect(bench.sandbox.requests).toHaveLength(0);
});

test('each item leaves by the error output', async () => {
	const { outputs } = await run({ credential: { baseUrl: 'nowhere' } }, 'continueErrorOutput');

	expect(outputs[0] ?? []).toEqual([]);
	expect(outputs[1]).toHaveLength(items.length);
});

test('an option that cannot be read is told by each item', async () => {
	const options = { fileName: '={{ $("Nowhere").first().json.name }}' };
	const { outputs } = await run({ options }, 'continueRegularOutput');

	expect(outputs[0]?.map((item) => errorOf(item).code)).toEqual(items.map(() => 'INVALID_INPUT'));
	expect(bench.sandbox.requests).toHaveLength(0);
});

test('a space or line break inside the key is called so', async () => {
	const { error } = await run({ credential: { apiKey: 'ab\ncd' } }, 'stopWorkflow');

	expect(error?.message).toMatch(/^API Key: a space or line break is inside the key/);
});
