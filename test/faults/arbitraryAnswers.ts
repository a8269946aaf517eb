import fc from 'fast-check';

/** What a server could put into any field: nothing, numbers, words, structures, and nearly valid values. */
const anything = (secret: string) =>
	fc.oneof(
		fc.constant(undefined),
		fc.jsonValue({ maxDepth: 2 }),
		fc.constantFrom(
			'',
			'0',
			'200',
			'success',
			secret,
			`The key ${secret} is wrong`,
			-1,
			0,
			1,
			1e308,
		),
		fc.constantFrom('__proto__', 'https://127.0.0.1/a?b#c', 'file:///etc/passwd', 'data:,x'),
	);

const mostly = <T, U>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<U>) =>
	fc.oneof({ weight: 5, arbitrary: usual }, { weight: 1, arbitrary: odd });

/** `data` of the API's responses: each field missing, valid or arbitrary. */
function data(secret: string, resultUrls: readonly string[]) {
	const odd = anything(secret);
	// Two fields are output unchanged, so they must not hold the key.
	const harmless = anything('a word');
	return fc.record({
		task_id: mostly(fc.uuid(), harmless),
		state: mostly(fc.oneof(fc.constant(1), fc.integer({ min: -20, max: 8 })), odd),
		state_detail: odd,
		err_message: odd,
		progress: odd,
		created_at: fc.oneof(fc.integer(), fc.double(), odd),
		processed_at: odd,
		completed_at: fc.oneof(fc.integer(), odd),
		time_elapsed: odd,
		file: mostly(fc.constantFrom(...resultUrls), harmless),
	});
}

/**
 * A response body: mostly the API's envelope, more or less valid, else any JSON or none.
 *
 * @param secret quoted in bodies, to check that it never reaches the output
 * @param resultUrls the usual values of the result field
 */
export function bodies(secret: string, resultUrls: readonly string[]): fc.Arbitrary<string> {
	const odd = anything(secret);
	const envelope = fc.record({
		status: mostly(fc.constant(200), fc.oneof(fc.integer({ min: 0, max: 999 }), odd)),
		message: odd,
		data: mostly(data(secret, resultUrls), odd),
	});
	const json = mostly(envelope, odd).map((value) => JSON.stringify(value) ?? '');
	const cut = fc.tuple(json, fc.nat(200)).map(([text, end]) => text.slice(0, end));
	return fc.oneof({ weight: 12, arbitrary: json }, cut, fc.string(), fc.string({ unit: 'binary' }));
}

/** The headers that the node reads, and some that it should ignore. */
export function headers(secret: string): fc.Arbitrary<Record<string, string>> {
	return fc.record(
		{
			'retry-after': fc.oneof(
				fc.constantFrom(
					'0',
					'1',
					'3600',
					'-5',
					'1e99',
					'soon',
					'Wed, 21 Oct 2065 07:28:00 GMT',
					'',
				),
				fc.integer().map(String),
			),
			location: fc.constantFrom('http://127.0.0.1:1/', '/', '', `/?key=${secret}`, 'file:///x'),
			'content-type': fc.constantFrom('application/json', 'text/html', 'image/png', 'nonsense'),
			'x-note': fc.constantFrom('', secret, 'a'),
		},
		{ requiredKeys: [] },
	);
}

/** Mostly 200, often a documented status, else any. */
export const statuses = fc.oneof(
	{ weight: 8, arbitrary: fc.constant(200) },
	{ weight: 3, arbitrary: fc.constantFrom(400, 401, 403, 404, 413, 429, 500) },
	{ weight: 1, arbitrary: fc.integer({ min: 200, max: 599 }) },
);
