import { testFaults, type FaultRow } from './faultTable';
import { errorOf } from './itemError';
import type { Trial } from './trial';

/** PicWish's documented values of `data.state`, and whether the same task can succeed when retried. */
const DOCUMENTED: Array<[state: number, canHelp: boolean]> = [
	[-1, true],
	[-2, true],
	[-3, true],
	[-5, false],
	[-7, false],
	[-8, true],
	[-9, true],
	[-10, false],
	[-11, false],
	[-13, true],
	[-14, false],
	[-15, true],
	[-16, false],
	[-17, false],
];

/** The message up to the colon, after which PicWish's own reason follows. */
const meaning = ({ run }: Trial): string => {
	const [item] = run.outputs[0] ?? [];
	const { message = 'no message' } = (item && errorOf(item)) ?? {};
	expect(message).toContain(': the vendor’s reason');
	return `“${message.split(': the vendor’s reason')[0]}”`;
};

const MEANINGS: Record<number, string> = {
	[-1]: 'Processing failed',
	[-2]: 'The result could not be stored at PicWish',
	[-3]: 'PicWish could not download the file from the URL',
	[-5]: 'The image behind the URL is too large (more than 30 MB)',
	[-7]: 'The image file is damaged or in a format PicWish does not read',
	[-8]: 'PicWish gave up after 180 seconds of processing',
	[-9]: 'Processing failed inside PicWish',
	[-10]: 'PicWish refused the content of the image',
	[-11]: 'The result was empty',
	[-13]: 'PicWish canceled the task after a problem',
	[-14]: 'The content of the image does not meet the requirements',
	[-15]: 'PicWish had no capacity for the task',
	[-16]: 'An outside review refused the content of the image',
	[-17]: 'PicWish reported an invalid prompt',
	[-99]: 'Processing failed with a code that PicWish does not document (-99)',
};

const rows = [...DOCUMENTED, [-99, true] as const].map(
	([state, canHelp]): FaultRow => ({
		fault: `state ${state}`,
		promise: 'reported with its meaning, PicWish’s reason and the task ID',
		faults: [{ kind: 'create', act: { type: 'failTask', state, message: 'the vendor’s reason' } }],
		seen: [
			`1 create, 1 query; TASK_FAILED, state ${state}, with task ID`,
			`${canHelp ? 'retryable' : 'final'}; “${MEANINGS[state]}”`,
		].join(', '),
		shows: meaning,
	}),
);

testFaults('Task states', rows);
