/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { setTimeout as wait } from 'node:timers/promises';

import { paint } from '../contract/pictures';
import type { Sandbox } from './server';
import { type SandboxClient, soundParts } from './client';
import { useSandbox } from './useSandbox';

let sandbox: Sandbox;
let client: SandboxClient;

useSandbox((...opened) => {
	[sandbox, client] = opened;
});

const create = async () => await client.create('removeObjects', await soundParts('removeObjects'));

describe('which request a fault hits', () => {
	const refuse = (status: number) => ({ type: 'respond', status, body: '{}' }) as const;

	test('skip, times, task type and order', async () => {
		sandbox.addFault({ kind: 'create', taskType: 'removeWatermark', act: refuse(500) });
		sandbox.addFault({ kind: 'create', skip: 1, times: 2, act: refuse(501) });
		sandbox.addFault({ kind: 'create', skip: 3, times: Infinity, act: refuse(502) });
		const statuses: number[] = [];
		for (let i = 0; i < 6; i++) statuses.push((await create()).status);
		expect(statuses).toEqual([200, 501, 501, 200, 200, 502]);
		sandbox.clearFaults();
		expect((await create()).status).toBe(200);
	});

	test('when sees the fields of a create', async () => {
		sandbox.addFault({
			kind: 'create',
			when: ({ fields }) => fields.rectangles?.includes('"x":5') ?? false,
			act: refuse(503),
		});
		const other = await client.create('removeObjects', [
			['image_file', await paint('png', { width: 9, height: 9 })],
			['rectangles', '[{"x":1,"y":1,"width":2,"height":2}]'],
		]);
		expect([other.status, (await create()).status, (await create()).status]).toEqual([
			200, 503, 200,
		]);
	});

	test('requests without a valid key meet none', async () => {
		sandbox.addFault({ kind: 'query', act: refuse(500) });
		expect((await client.query('removeObjects', 'x', 'wrong')).status).toBe(401);
		expect((await client.query('removeObjects', 'x')).status).toBe(500);
	});

	test('an action that cannot happen to the kind is refused', () => {
		const act = { type: 'failTask', state: -1 } as const;
		expect(() => sandbox.addFault({ kind: 'query', act })).toThrow(/cannot happen/);
	});
});

test('an upload that the client gives up leaves no task', async () => {
	const abort = new AbortController();
	const body = new ReadableStream({
		start(controller) {
			controller.enqueue(
				Buffer.from(
					'--b\r\nContent-Disposition: form-data; name="image_file"; filename="a"\r\n\r\nAB',
				),
			);
		},
	});
	const request = fetch(`${sandbox.apiUrl}/api/tasks/visual/inpaint`, {
		method: 'POST',
		headers: { 'X-API-KEY': sandbox.apiKey, 'content-type': 'multipart/form-data; boundary=b' },
		body,
		duplex: 'half',
		signal: abort.signal,
	});
	const begun = () => sandbox.requests[0]?.partOrder.includes('image_file');
	while (!begun()) await wait(5);
	abort.abort();
	await expect(request).rejects.toThrow();
	while (sandbox.requests[0]?.endedAt === undefined) await wait(5);
	expect(sandbox.requests).toMatchObject([{ kind: 'create', aborted: true }]);
	expect(sandbox.requests[0]?.status).toBeUndefined();
	// By the time that a later upload has its task, one of the first would be there, too.
	const { data } = await create();
	expect(sandbox.tasks.map(({ taskId }) => taskId)).toEqual([data.task_id]);
});
