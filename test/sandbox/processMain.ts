/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
// The child's side of process.ts.
import process from 'node:process';

import type { FromChild, FromParent, SandboxProcessOptions } from './process';
import { type Sandbox, startSandbox } from './server';

const send = (message: FromChild) => process.send?.(message);

function serve(sandbox: Sandbox): void {
	const { apiUrl, resultsUrl, apiKey } = sandbox;
	process.on('message', ({ id, ask }: FromParent) => {
		if (ask === 'reset') sandbox.reset();
		const log = ask === 'log' ? { requests: sandbox.requests, tasks: sandbox.tasks } : undefined;
		send({ type: 'answer', id, log });
	});
	// The parent has disconnected or ended.
	process.once('disconnect', () => {
		void sandbox.close().finally(() => process.exit(0));
	});
	send({ type: 'ready', apiUrl, resultsUrl, apiKey });
}

const options = JSON.parse(process.argv[2] ?? '{}') as SandboxProcessOptions;
startSandbox(options).then(serve, (error: unknown) => {
	send({ type: 'failed', reason: error instanceof Error ? error.message : String(error) });
	process.disconnect();
});
