import { type Sandbox, type SandboxOptions, startSandbox } from './server';
import { SandboxClient } from './client';

export const START = Date.UTC(2026, 0, 1);

/**
 * A sandbox for the tests of a file, whose tasks take ten seconds of a clock that stands still until it
 * is moved. Both begin anew with each test.
 */
export function useHeldSandbox(
	options: SandboxOptions,
	use: (sandbox: Sandbox, client: SandboxClient) => void,
): { at: number } {
	const clock = { at: START };
	let sandbox: Sandbox | undefined;
	beforeAll(async () => {
		sandbox = await startSandbox({
			inpaint: false,
			processingMs: 10_000,
			syncWaitMs: 0,
			now: () => clock.at,
			...options,
		});
		use(sandbox, new SandboxClient(sandbox));
	});
	beforeEach(() => {
		sandbox?.reset();
		clock.at = START;
	});
	afterAll(async () => await sandbox?.close());
	return clock;
}

/** A sandbox that answers at once and has no limit, new for each test. */
export function useSandbox(use: (sandbox: Sandbox, client: SandboxClient) => void): void {
	let sandbox: Sandbox | undefined;
	beforeEach(async () => {
		sandbox = await startSandbox({ inpaint: false, requestsPerSecond: 0, processingMs: 0 });
		use(sandbox, new SandboxClient(sandbox));
	});
	afterEach(async () => await sandbox?.close());
}
