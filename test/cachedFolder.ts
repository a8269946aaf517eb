/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- test code, runs on a developer's machine */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';

/** What outlives a run, on this machine. */
export const cache = path.join(
	process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'),
	'n8n-nodes-picwish',
);

/**
 * A folder of the user's cache, filled once for each name. It appears in one move when all is done,
 * so what was interrupted is never taken for good, and two runs at once do not disturb each other.
 *
 * @param name says all that the content depends on
 * @param fill is given an empty folder
 * @returns the folder's path
 * @throws what `fill` throws
 */
export async function cachedFolder(
	name: string,
	fill: (folder: string) => Promise<void>,
): Promise<string> {
	const folder = path.join(cache, name);
	if (existsSync(folder)) return folder;

	await mkdir(cache, { recursive: true });
	const unfinished = await mkdtemp(`${folder}.unfinished-`);
	try {
		await fill(unfinished);
		// It fails when another run was faster; that one's result is as good.
		await rename(unfinished, folder).catch((error: unknown) => {
			if (!existsSync(folder)) throw new Error(`Cannot move ${unfinished}`, { cause: error });
		});
	} finally {
		await rm(unfinished, { recursive: true, force: true });
	}
	return folder;
}
