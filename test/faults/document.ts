/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- test code, runs on a developer's machine */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const path = join(__dirname, '../../docs/reliability.md');

const { UPDATE_DOCS, JEST_WORKER_ID } = process.env;
if (UPDATE_DOCS === '1' && JEST_WORKER_ID !== '1') {
	throw new Error('Two workers would write docs/reliability.md over each other: add -i');
}

/** All sections, in the document's order. */
const SECTIONS = [
	'Creating a task: the connection',
	'Creating a task: the answer',
	'Waiting for a task',
	'Task states',
	'Downloading the result',
	'Downloads on a held clock',
	'Retry On Fail',
	'Loop Over Items',
	'Cancellation and stopping',
	'Items',
	'Binary data',
	'Many images, 15 % faults',
	'Arbitrary answers',
	'Arbitrary answers in n8n',
];

const HEAD = `# What goes wrong, what is promised, what was seen

Written by \`UPDATE_DOCS=1 npm run test:faults -- -i\` from what the runs showed; \`npm test\` compares it with what it sees.
The built node runs in n8n's own engine, against a stand-in for the PicWish API over real sockets. Unless a
line says otherwise, each fault was met twice, with *On Error* set to continue and to stop: the requests were
the same, the item's \`error\` and the thrown error said the same, every task was named to the user, the key went
to the API host alone, and one hint said how many images were unsuccessful and why.
`;

/**
 * Compares a section of docs/reliability.md with what was seen; with UPDATE_DOCS=1, writes it first.
 *
 * @param rows fault, promise, what was seen
 * @param note how it was seen, where the document's head does not say it
 */
export function checkSection(
	title: string,
	rows: Array<[fault: string, promise: string, seen: string]>,
	note?: string,
): void {
	if (!SECTIONS.includes(title)) throw new Error(`Add “${title}” to SECTIONS`);
	const lines = rows.map((cells) => `| ${cells.map(inCell).join(' | ')} |`);
	const table = ['| fault | promise | seen |', '|---|---|---|', ...lines].join('\n');
	const section = note ? `${note}\n\n${table}` : table;
	if (UPDATE_DOCS === '1') {
		const written = readSections().set(title, section);
		const texts = SECTIONS.map((name) => `## ${name}\n\n${written.get(name) ?? ''}\n`);
		writeFileSync(path, [HEAD, ...texts].join('\n'));
	}
	const sections = readSections();
	expect(sections.get(title)).toBe(section);
	expect([...sections.keys()].filter((name) => !SECTIONS.includes(name))).toEqual([]);
}

function readSections(): Map<string, string> {
	const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
	const [, ...parts] = text.split(/^## /m);
	return new Map(
		parts.map((part): [string, string] => {
			const [title = '', ...lines] = part.split('\n');
			return [title, lines.join('\n').trim()];
		}),
	);
}

const inCell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
