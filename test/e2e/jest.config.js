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
	testTimeout: 120_000,
	verbose: true,
};
