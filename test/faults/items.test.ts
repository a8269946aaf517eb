import { testFaults, type FaultRow } from './faultTable';
import { errorOf } from './itemError';
import { pictureItem, type Trial } from './trial';

const NOT_SENT = 'no request; INVALID_INPUT, final';

/** The messages of the failed items. */
const failures = ({ run }: Trial): string =>
	(run.outputs[0] ?? [])
		.flatMap((item) => errorOf(item) ?? [])
		.map(({ message }) => `“${message}”`)
		.join(', ');

const rows: FaultRow[] = [
	{
		fault: 'an item without the binary field',
		promise: 'a clear error before anything is sent',
		items: [{ json: {} }],
		seen: `${NOT_SENT}; “Input Binary Field: the item has no binary field "data" [item 0]”`,
		shows: failures,
	},
	{
		fault: 'item 1 of 3 without the binary field, On Error: continue',
		promise: 'only that item fails',
		items: [pictureItem(), { json: {} }, pictureItem()],
		seen: `2 creates, 2 queries, 2 downloads; the result; INVALID_INPUT, final; “Input Binary Field: the item has no binary field "data" [item 1]”`,
		shows: failures,
		stopsEarlier: true,
	},
	{
		fault: 'an empty file',
		promise: 'a clear error before anything is sent',
		items: [pictureItem('empty.jpg', Buffer.alloc(0))],
		seen: NOT_SENT,
	},
	{
		fault: 'the same image in two items',
		promise: 'two items, two tasks, two results',
		items: [pictureItem(), pictureItem()],
		seen: '2 creates, 2 queries, 2 downloads; the result; 2 different tasks',
		shows: ({ run }) => {
			const taskIds = (run.outputs[0] ?? []).map(({ json }) => json.taskId);
			return `${new Set(taskIds).size} different tasks`;
		},
	},
	{
		fault: 'no items',
		promise: 'nothing happens',
		items: [],
		seen: 'no request; no item',
	},
	{
		fault: 'expressions that differ per item',
		promise: 'each item has its own parameters',
		items: [true, false].map((wait) => ({ ...pictureItem(), json: { wait } })),
		options: { waitForCompletion: '={{ $json.wait }}' },
		seen: '2 creates, 1 query, 1 download; the result; an item with status submitted',
	},
	{
		fault: 'an expression with an invalid value for item 1 of 2, On Error: continue',
		promise: 'only that item fails',
		items: ['async', 'perhaps'].map((mode) => ({ ...pictureItem(), json: { mode } })),
		options: { requestMode: '={{ $json.mode }}' },
		seen: '1 create, 1 query, 1 download; the result; INVALID_INPUT, final',
		stopsEarlier: true,
	},
];

testFaults('Items', rows);
