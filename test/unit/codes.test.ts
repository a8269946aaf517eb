import {
	failedStateMeaning,
	httpMeaning,
	proxyMeaning,
	taskStatus,
} from '../../nodes/PicWish/api/codes';

/** PicWish documentation, "HTTP response status codes", without 200. */
const documentedStatuses = [400, 401, 404, 413, 429, 500];
/** PicWish documentation, "Task status codes (data.state)": below 0. */
const documentedFailures = [-17, -16, -15, -14, -13, -11, -10, -9, -8, -7, -5, -3, -2, -1];
/** The same, from 0 on, without 1. */
const documentedProcessing = [0, 2, 3, 4, 5, 6];

test.each(documentedStatuses)('HTTP status %i has a meaning and a next step', (status) => {
	const { code, meaning, hint } = httpMeaning(status);

	expect(code).not.toBe('INVALID_RESPONSE');
	expect(meaning).not.toContain(String(status));
	expect(hint.length).toBeGreaterThan(10);
});

test('each documented HTTP status has a code of its own', () => {
	expect(documentedStatuses.map((status) => httpMeaning(status).code)).toEqual([
		'INVALID_INPUT',
		'UNAUTHORIZED',
		'NOT_FOUND',
		'FILE_TOO_LARGE',
		'RATE_LIMITED',
		'SERVER_ERROR',
	]);
});

test.each([
	[402, 'UNAUTHORIZED', false],
	[403, 'UNAUTHORIZED', false],
	[408, 'SERVER_ERROR', true],
	[422, 'INVALID_INPUT', false],
	[405, 'INVALID_INPUT', false],
	[499, 'INVALID_INPUT', false],
	[502, 'SERVER_ERROR', true],
	[503, 'SERVER_ERROR', true],
	[599, 'SERVER_ERROR', true],
	[302, 'INVALID_RESPONSE', false],
	[0, 'INVALID_RESPONSE', false],
	[-1, 'INVALID_RESPONSE', false],
	[700, 'INVALID_RESPONSE', false],
])('status %i, which is not documented, is %s', (status, code, retryable) => {
	expect(httpMeaning(status)).toMatchObject({ code, retryable });
});

test.each([400, 401, 402, 403, 404, 405, 407, 409, 415, 422, 451])(
	'a page with status %i is not the word of PicWish',
	(status) => {
		const { code, meaning } = proxyMeaning(status);

		expect(code).toBe('INVALID_RESPONSE');
		expect(meaning).toMatch(new RegExp(`proxy.*${status}`));
	},
);

test.each([
	[408, 'SERVER_ERROR'],
	[413, 'FILE_TOO_LARGE'],
	[429, 'RATE_LIMITED'],
	[502, 'SERVER_ERROR'],
])('a page with status %i means the same as in the JSON of the API', (status, code) => {
	expect(proxyMeaning(status).code).toBe(code);
});

test('only what can pass is worth another try', () => {
	expect(documentedStatuses.filter((status) => httpMeaning(status).retryable)).toEqual([429, 500]);
	expect(documentedFailures.filter((state) => failedStateMeaning(state).retryable)).toEqual([
		-15, -13, -9, -8, -3, -2, -1,
	]);
});

test('401 names all three causes that it has', () => {
	const { hint } = httpMeaning(401);
	expect(hint).toMatch(/key/);
	expect(hint).toMatch(/enabled/);
	expect(hint).toMatch(/credits/);
});

test.each(documentedFailures)('state %i has a meaning and a next step of its own', (state) => {
	const { code, meaning, hint } = failedStateMeaning(state);

	expect(code).toBe('TASK_FAILED');
	expect(meaning.length).toBeGreaterThan(10);
	expect(meaning).not.toContain('does not document');
	expect(hint.length).toBeGreaterThan(10);
	expect(taskStatus(state)).toBe('failed');
});

test('no two states read the same', () => {
	const meanings = documentedFailures.map((state) => failedStateMeaning(state).meaning);
	expect(new Set(meanings).size).toBe(documentedFailures.length);
});

test('a state that is not documented gets an honest text with its number', () => {
	expect(failedStateMeaning(-42)).toMatchObject({
		code: 'TASK_FAILED',
		meaning: expect.stringMatching(/not document.*-42/),
	});
	expect(taskStatus(-42)).toBe('failed');
});

test.each([...documentedProcessing, 7, 100])('state %i is still in work', (state) => {
	expect(taskStatus(state)).toBe('processing');
});

test('state 1 is done', () => {
	expect(taskStatus(1)).toBe('completed');
});
