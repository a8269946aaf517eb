/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { ICredentialType, INodeTypeDescription } from 'n8n-workflow';

import { startTestServer, type TestServer } from './server/testServer';

/** What n8n's editor is told about a node type. */
type ListedNode = INodeTypeDescription & {
	iconUrl?: { light: string; dark: string };
	communityNodePackageVersion?: string;
};

describe('The packed package, installed as n8n installs community packages', () => {
	let server: TestServer;
	let nodes: ListedNode[];
	let credentials: ICredentialType[];

	beforeAll(async () => {
		server = await startTestServer('node-list');
		nodes = await server.session.json('/types/nodes.json');
		credentials = await server.session.json('/types/credentials.json');
	});

	afterAll(async () => await server?.close());

	const listed = (name: string) => nodes.find((node) => node.name === `n8n-nodes-picwish.${name}`);

	test('holds what n8n loads, without dependencies of any kind', async () => {
		const { packageFolder } = server.userFolder;
		const manifest: Record<string, unknown> = JSON.parse(
			await readFile(path.join(packageFolder, 'package.json'), 'utf8'),
		);
		expect(manifest.dependencies ?? {}).toEqual({});
		expect(manifest).not.toHaveProperty('devDependencies');
		expect(manifest).not.toHaveProperty('peerDependencies');
		const allowed = new Set(['LICENSE', 'README.md', 'dist', 'index.js', 'package.json']);
		expect((await readdir(packageFolder)).filter((name) => !allowed.has(name))).toEqual([]);
	});

	test('appears in the node list with its version', async () => {
		const node = listed('picWish');
		expect(node).toMatchObject({ displayName: 'PicWish', inputs: ['main'], outputs: ['main'] });
		expect(node?.communityNodePackageVersion).toMatch(/^\d+\.\d+\.\d+$/);
	});

	test('has its codex: categories and the words people search for', () => {
		expect(listed('picWish')?.codex?.categories).toEqual(
			expect.arrayContaining(['Marketing', 'Miscellaneous']),
		);
		expect(listed('picWish')?.codex?.alias).toEqual(expect.arrayContaining(['Watermark Remover']));
	});

	test('has an icon for the light and for the dark theme', async () => {
		const { light, dark } = listed('picWish')?.iconUrl ?? { light: '', dark: '' };
		expect(light).not.toBe(dark);
		for (const url of [light, dark]) {
			const svg = (await server.session.bytes(`/${url}`)).toString();
			expect(svg).toMatch(/^<svg /);
		}
	});

	test('can be a tool of an AI agent', () => {
		expect(listed('picWishTool')).toMatchObject({
			displayName: 'PicWish Tool',
			inputs: [],
			outputs: ['ai_tool'],
		});
	});

	test('brings its credential, usable in the HTTP Request node too', () => {
		const credential = credentials.find(({ name }) => name === 'picWishApi');
		expect(credential).toMatchObject({
			displayName: 'PicWish API',
			supportedNodes: expect.arrayContaining(['n8n-nodes-picwish.picWish']),
			httpRequestNode: { name: 'PicWish' },
		});
		expect(credential).toHaveProperty('iconUrl.light');
		expect(credential).toHaveProperty('iconUrl.dark');
	});
});
