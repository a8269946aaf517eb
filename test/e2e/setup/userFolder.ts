/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { openAll } from './opened';
import { tarballFolder } from './output';
import { installCommunityPackage } from './picwishPackage';

export interface UserFolder {
	path: string;
	/** Where n8n has put the package under test. */
	packageFolder: string;
	remove(): Promise<void>;
}

/**
 * A fresh folder for one server, with the packed package installed and nothing else.
 *
 * @param tarballs the folder in which the package lies; default: that of the end-to-end tests
 */
export async function createUserFolder(tarballs = tarballFolder): Promise<UserFolder> {
	return await openAll(async (opened) => {
		const folder = await mkdtemp(path.join(tmpdir(), 'picwish-e2e-'));
		opened.onClose(async () => await rm(folder, { recursive: true, force: true }));
		return {
			path: folder,
			packageFolder: await installCommunityPackage(await packedTarball(tarballs), folder),
			remove: async () => await opened.close(),
		};
	});
}

async function packedTarball(folder: string): Promise<string> {
	const [tarball, ...others] = await readdir(folder);
	if (!tarball || others.length > 0) throw new Error(`${folder} should hold one tarball`);
	return path.join(folder, tarball);
}
