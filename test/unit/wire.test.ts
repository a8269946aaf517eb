import fc from 'fast-check';
import { readAnswer, readTask, refusal } from '../../nodes/PicWish/api/wire';
import { taskFields } from '../../nodes/PicWish/output';

describe('the envelope', () => {
	test.each<[string, unknown, unknown]>([
		['an object', { status: 200, data: { a: 1 } }, { status: 200, data: { a: 1 } }],
		['JSON text', '{"status":200,"data":{"a":1}}', { status: 200, data: { a: 1 } }],
		[
			'a status as text',
			{ status: '404', message: 'no' },
			{ status: 404, message: 'no', data: {} },
		],
		['no data', { status: 200 }, { status: 200, data: {} }],
		['data that is a list', { status: 200, data: [1] }, { status: 200, data: {} }],
		['data that is null', { status: 200, data: null }, { status: 200, data: {} }],
		['a message that is no text', { status: 400, message: { a: 1 } }, { status: 400, data: {} }],
	])('is read from %s', (_name, body, expected) => {
		expect(readAnswer(200, body)).toEqual(expected);
	});

	test.each([
		['HTML', '<html></html>'],
		['nothing', ''],
		['undefined', undefined],
		['null', null],
		['a list', [{ status: 200 }]],
		['a number', 200],
		['no status', { data: {} }],
		['a status that is no number', { status: 'ok' }],
		['broken JSON', '{"status":200'],
	])('is not found in %s', (_name, body) => {
		expect(readAnswer(200, body)).toEqual({ status: 200 });
	});
});

test.each([
	['both say yes', 200, { status: 200 }, 200],
	['the body says no under HTTP 200', 200, { status: 401 }, 401],
	['HTTP says no, whatever the body says', 500, { status: 200 }, 500],
	['HTTP says no without a body', 502, '<html>', 502],
	['HTTP says yes without a body', 200, '', 200],
])('%s', (_name, httpStatus, body, expected) => {
	expect(readAnswer(httpStatus, body).status).toBe(expected);
});

describe('a refusal', () => {
	test("carries meaning, the vendor's words, status and task", () => {
		const answer = readAnswer(404, { status: 404, message: 'gone' });
		const { details } = refusal(answer, 'task-1').error;
		expect(details).toMatchObject({
			code: 'NOT_FOUND',
			message: expect.stringMatching(/: gone$/),
			httpStatus: 404,
			taskId: 'task-1',
			retryable: false,
		});
	});

	test('does not quote "success"', () => {
		const answer = readAnswer(400, { status: 400, message: 'Success' });
		expect(refusal(answer).error.message).not.toMatch(/success/i);
	});
});

describe('a task', () => {
	/** As captured from the service: numbers, and no message. */
	const finished = {
		task_id: 'task-1',
		state: 1,
		state_detail: 'Complete',
		progress: 100,
		created_at: 1_700_000_000,
		processed_at: 1_700_000_001,
		completed_at: 1_700_000_004,
		time_elapsed: 2999.5,
		download_time: 12,
		return_type: 1,
		image: 'https://example.com/result.jpg?sig=a%2Bb',
	};
	const report = {
		taskId: 'task-1',
		status: 'completed',
		state: 1,
		progress: 100,
		createdAt: 1_700_000_000_000,
		processedAt: 1_700_000_001_000,
		completedAt: 1_700_000_004_000,
		elapsedMs: 2999.5,
		result: { url: 'https://example.com/result.jpg?sig=a%2Bb' },
	};

	test('that is finished', () => {
		expect(readTask('removeObjects', finished)).toEqual({ value: report });
	});

	test.each([
		['https://example.com/a.jpg?x=1', 'url'],
		['http://127.0.0.1/a', 'url'],
		['ftp://example.com/a', 'url'],
		['/9j/4AAQSkZJRgABAQ//', 'base64'],
		['iVBORw0KGgoAAA', 'base64'],
		['data:image/png;base64,iVBORw0KGgo=', 'base64'],
	])('whose result is %j has it as %s', (image, form) => {
		expect(readTask('removeObjects', { ...finished, image })).toMatchObject({
			value: { result: { [form]: image } },
		});
	});

	test('whose id is a number', () => {
		expect(readTask('removeObjects', { ...finished, task_id: 4711 })).toMatchObject({
			value: { taskId: '4711' },
		});
	});

	test('whose numbers are text, as the documentation says', () => {
		const asText = Object.fromEntries(
			Object.entries(finished).map(([name, value]) => [name, String(value)]),
		);
		expect(readTask('removeObjects', asText)).toEqual({ value: report });
	});

	test('whose result is in the field of the other kind is taken, as its type may be a guess', () => {
		expect(readTask('removeWatermark', finished)).toEqual({ value: report });
		const { image, ...others } = finished;
		expect(readTask('removeWatermark', { ...others, file: image })).toEqual({ value: report });
	});

	test.each([0, 2, 3, 4, 5, 6, 7, 1000])('in state %i is in work, and needs no more', (state) => {
		expect(readTask('removeObjects', { state }, 'known')).toEqual({
			value: {
				taskId: 'known',
				status: 'processing',
				state,
				progress: null,
				createdAt: null,
				processedAt: null,
				completedAt: null,
				elapsedMs: undefined,
				result: undefined,
			},
		});
	});

	test('in work has no result yet, even if there is an address', () => {
		const read = readTask('removeObjects', { ...finished, state: 4 });
		expect(read).toMatchObject({ value: { status: 'processing', result: undefined } });
	});

	test.each([
		[{ err_message: 'the reason', state_detail: 'Failed' }, /: the reason$/],
		[{ state_detail: 'the detail' }, /: the detail$/],
		[{}, /^Processing failed$/],
	])('that failed says why: %j', (words, expected) => {
		const read = readTask('removeObjects', { task_id: 'task-1', state: -1, ...words });
		expect(read).toMatchObject({
			failure: 'refused',
			error: {
				details: {
					code: 'TASK_FAILED',
					message: expect.stringMatching(expected),
					state: -1,
					taskId: 'task-1',
					httpStatus: 200,
				},
			},
		});
	});

	test.each([
		['no id', { state: 4 }],
		['no state', { task_id: 'task-1' }],
		['a state that is no number', { task_id: 'task-1', state: 'done' }],
		['a fraction as state', { task_id: 'task-1', state: 1.5 }],
		['no result', { task_id: 'task-1', state: 1 }],
		['an empty result', { task_id: 'task-1', state: 1, image: '' }],
		['a result that is no text', { task_id: 'task-1', state: 1, image: { url: 'x' } }],
	])('with %s cannot be read', (_name, data) => {
		const read = readTask('removeObjects', data);
		const details = { code: 'INVALID_RESPONSE', retryable: true };
		expect(read).toMatchObject({ failure: 'unreadable', error: { details } });
	});

	test.each([0, -5, 'never', null, 1e300, ''])('time %j has not come', (time) => {
		const read = readTask('removeObjects', { ...finished, completed_at: time });
		expect(read).toMatchObject({ value: { completedAt: null } });
	});

	test('whatever comes in: a report whose times are dates, or one of our errors', () => {
		const times = fc.oneof(fc.double(), fc.bigInt(), fc.string(), fc.constant(8.64e12));
		const data = fc.record(
			{
				task_id: fc.oneof(fc.string(), fc.anything()),
				state: fc.oneof(fc.integer({ min: -20, max: 9 }), fc.anything()),
				progress: fc.anything(),
				created_at: times,
				completed_at: times,
				image: fc.oneof(fc.webUrl(), fc.anything()),
			},
			{ requiredKeys: [] },
		);
		fc.assert(
			fc.property(data, (given) => {
				const read = readTask('removeObjects', given);
				if ('failure' in read) {
					expect(['TASK_FAILED', 'INVALID_RESPONSE']).toContain(read.error.details.code);
					return;
				}
				expect(() => taskFields({ report: read.value })).not.toThrow();
			}),
			{ numRuns: 1000 },
		);
	});
});

test('results are kept for an hour from the creation on', () => {
	expect(taskFields({ submittedAt: 1000 }).resultExpiresAt).toBe('1970-01-01T01:00:01.000Z');
	expect(taskFields({ submittedAt: null }).resultExpiresAt).toBeNull();
});
