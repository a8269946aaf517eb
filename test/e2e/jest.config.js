/** @type {import('jest').Config} */
module.exports = {
	rootDir: '../..',
	roots: ['<rootDir>/test/e2e'],
	modulePathIgnorePatterns: ['<rootDir>/test/e2e/output'],
	testEnvironment: 'node',
	// Not `*.test.ts`: `npm test` must not start servers.
	testMatch: ['**/*.e2e.ts'],
	globalSetup: '<rootDir>/test/e2e/setup/globalSetup.ts',
	transform: { '^.+\\.ts$': ['ts-jest', { diagnostics: false }] },
	maxWorkers: 1,
	// Longer than n8n may take to start, as hooks start it.
	testTimeout: 300_000,
	// A last resort: a server that was left open after a failure must not keep the run from ending.
	// The servers' processes end with it.
	forceExit: true,
	verbose: true,
};
