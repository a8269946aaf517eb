import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
	analyzePackage,
	SOURCE_FILE_PATTERNS,
} from '@n8n/scan-community-package/scanner/scanner.mjs';

/** All that is published: what n8n loads, and what npm always adds. */
const SHIPPED = [
	'LICENSE',
	'README.md',
	'dist/credentials/PicWishApi.credentials.js',
	'dist/nodes/PicWish/PicWish.node.js',
	'dist/nodes/PicWish/PicWish.node.json',
	'dist/nodes/PicWish/picwish.dark.svg',
	'dist/nodes/PicWish/picwish.svg',
	'index.js',
	'package.json',
];
const MOST_BYTES = 100_000;

/**
 * What n8n's package scanner does before a community node is verified, without the network: its analysis
 * of the source, and of the tarball as npm would publish it. Before that, what is in the tarball.
 */
const folder = mkdtempSync(join(tmpdir(), 'picwish-scan-'));
let found = 0;
try {
	const args = ['pack', '--json', '--silent', '--pack-destination', folder];
	const [{ filename, files, size }] = JSON.parse(execFileSync('npm', args));
	found += reportTarball(
		files.map(({ path }) => path),
		size,
	);
	execFileSync('tar', ['-xzf', join(folder, filename), '-C', folder]);
	// The same two calls, with the same patterns, as the scanner makes for a published package.
	found += report('source', await analyzePackage(process.cwd(), SOURCE_FILE_PATTERNS));
	found += report(
		'tarball',
		await analyzePackage(join(folder, 'package'), ['**/*.js', 'package.json']),
	);
} finally {
	rmSync(folder, { recursive: true });
}
process.exitCode = found === 0 ? 0 : 1;

function reportTarball(paths, bytes) {
	const problems = [
		...paths.filter((path) => !SHIPPED.includes(path)).map((path) => `${path} is in it`),
		...SHIPPED.filter((path) => !paths.includes(path)).map((path) => `${path} is not in it`),
		...(bytes > MOST_BYTES ? [`it has ${bytes} bytes; at most ${MOST_BYTES} are meant`] : []),
	];
	console.log(`In the tarball, ${bytes} bytes: ${paths.join(', ')}`);
	for (const problem of problems)
		console.log(`The tarball is not as test/scan.mjs says: ${problem}`);
	return problems.length;
}

function report(what, { passed, message, details = '' }) {
	console.log(passed ? `${what}: no findings` : `${what}: ${message}\n${details}`);
	return passed ? 0 : 1;
}
