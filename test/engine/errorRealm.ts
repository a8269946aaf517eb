/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { runInThisContext } from 'node:vm';

/**
 * Jest gives each test file its own globals, but what Node itself throws (a refused connection, a bad
 * URL, an abort) has the process's classes: `error instanceof Error` would be false in tests and true
 * in n8n. This makes it true in both. Outside Jest it changes nothing.
 */
for (const name of ['Error', 'TypeError', 'RangeError', 'SyntaxError'] as const) {
	const own = { Error, TypeError, RangeError, SyntaxError }[name];
	const ofProcess: typeof own = runInThisContext(name);
	if (own === ofProcess) continue;
	Object.defineProperty(own, Symbol.hasInstance, {
		value(this: unknown, thrown: unknown): boolean {
			// A subclass inherits this function; only the class itself has a twin.
			if (this === own && thrown instanceof ofProcess) return true;
			return Function.prototype[Symbol.hasInstance].call(this, thrown);
		},
	});
}
