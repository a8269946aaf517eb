const { resolve } = require('node:path');

const { N8N_ENGINE_DIR } = process.env;

/** @type {import('jest').Config} */
module.exports = {
	testEnvironment: 'node',
	roots: ['<rootDir>/test'],
	testMatch: ['**/*.test.ts'],
	// The engine tests run what is shipped, so dist/ is built before any test.
	globalSetup: '<rootDir>/test/build.js',
	setupFiles: ['<rootDir>/test/engine/errorRealm.ts'],
	// Types are checked once, by `npm run typecheck`; here TypeScript is only translated.
	transform: { '^.+\\.ts$': ['ts-jest', { diagnostics: false }] },
	// More than cores, because many tests wait.
	maxWorkers: 3,
	testSequencer: '<rootDir>/test/longestFirst.js',
	testTimeout: 30_000,
	// As in n8n, where a community node gets the n8n-workflow of the n8n that loads it.
	...(N8N_ENGINE_DIR && {
		moduleNameMapper: { '^n8n-workflow$': resolve(N8N_ENGINE_DIR, 'n8n-workflow') },
	}),
};
