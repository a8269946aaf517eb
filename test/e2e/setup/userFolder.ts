/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { tarballFolder } from './output';
import { installCommunityPackage } from './picwishPackage';

export interface UserFolder {
	path: string;
	/** Where n8n has put the package under test. */
	packageFolder: string;
	remove(): Promise<void>;
}

/** A fresh folder for one server, with the packed package installed and nothing else. */
export async function createUserFolder(): Promise<UserFolder> {
	const folder = await mkdtemp(path.join(tmpdir(), 'picwish-e2e-'));
	return {
		path: folder,
		packageFolder: await installCommunityPackage(await packedTarball(), folder),
		remove: async () => await rm(folder, { recursive: true, force: true }),
	};
}

async function packedTarball(): Promise<string> {
	const [tarball, ...others] = await readdir(tarballFolder);
	if (!tarball || others.length > 0) throw new Error(`${tarballFolder} should hold one tarball`);
	return path.join(tarballFolder, tarball);
}
