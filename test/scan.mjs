import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
	analyzePackage,
	SOURCE_FILE_PATTERNS,
} from '@n8n/scan-community-package/scanner/scanner.mjs';

/**
 * What n8n's package scanner does before a community node is verified, without the network: its analysis
 * of the source, and of the tarball as npm would publish it.
 */
const folder = mkdtempSync(join(tmpdir(), 'picwish-scan-'));
let found = 0;
try {
	const tarball = execFileSync('npm', ['pack', '--silent', '--pack-destination', folder]);
	execFileSync('tar', ['-xzf', join(folder, tarball.toString().trim()), '-C', folder]);
	const shipped = join(folder, 'package');
	console.log(`In the tarball: ${readdirSync(shipped, { recursive: true }).join(', ')}`);
	// The same two calls, with the same patterns, as the scanner makes for a published package.
	found += report('source', await analyzePackage(process.cwd(), SOURCE_FILE_PATTERNS));
	found += report('tarball', await analyzePackage(shipped, ['**/*.js', 'package.json']));
} finally {
	rmSync(folder, { recursive: true });
}
process.exitCode = found === 0 ? 0 : 1;

function report(what, { passed, message, details = '' }) {
	console.log(passed ? `${what}: no findings` : `${what}: ${message}\n${details}`);
	return passed ? 0 : 1;
}
