/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- test code, runs on a developer's machine */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MUTANTS } from '../mutants/table';

const ROOT = join(__dirname, '../..');

test('each mutant changes one place of a file that is there, and names tests that are there', () => {
	const lost = MUTANTS.filter(({ file, from, to, tests }) => {
		const code = readFileSync(join(ROOT, 'nodes/PicWish', file), 'utf8');
		const testFiles = tests.map((path) => join(ROOT, path.replace(/#.*/, '')));
		return code.split(from).length !== 2 || from === to || !testFiles.every(existsSync);
	});

	expect(lost).toEqual([]);
});
