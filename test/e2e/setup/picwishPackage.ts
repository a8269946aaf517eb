/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { runCommand } from './command';

/** As n8n's `executeNpmCommand` callers pass them, packages/cli/src/modules/community-packages. */
const installArguments = [
	'install',
	'--audit=false',
	'--fund=false',
	'--bin-links=false',
	'--install-strategy=shallow',
	'--ignore-scripts=true',
	'--package-lock=false',
];

const strippedFields = new Set(['devDependencies', 'peerDependencies', 'optionalDependencies']);

/**
 * Packs a built package as `npm publish` would.
 *
 * @returns the tarball's path
 */
export async function packPackage(directory: string, destination: string): Promise<string> {
	await mkdir(destination, { recursive: true });
	const output = await runCommand(
		'npm',
		['pack', '--silent', '--ignore-scripts', '--pack-destination', destination],
		{ cwd: directory },
	);
	return path.join(destination, output.trim());
}

/**
 * Installs the tarball as n8n's "Install a community node" does, except that the tarball comes
 * from the disk instead of the registry: unpacked into `.n8n/nodes/node_modules`, without its
 * dev, peer and optional dependencies, and entered in `.n8n/nodes/package.json`.
 *
 * @param userFolder n8n's `N8N_USER_FOLDER`
 * @returns the folder of the installed package
 */
export async function installCommunityPackage(
	tarball: string,
	userFolder: string,
): Promise<string> {
	const nodesFolder = path.join(userFolder, '.n8n', 'nodes');
	const manifest = await readTarballManifest(tarball);
	const packageFolder = path.join(nodesFolder, 'node_modules', manifest.name);
	await rm(packageFolder, { recursive: true, force: true });
	await mkdir(packageFolder, { recursive: true });
	await runCommand('tar', ['-xzf', tarball, '-C', packageFolder, '--strip-components=1']);
	const kept = Object.entries(manifest).filter(([field]) => !strippedFields.has(field));
	await writeJson(path.join(packageFolder, 'package.json'), Object.fromEntries(kept));
	await runCommand('npm', installArguments, { cwd: packageFolder });
	await writeJson(path.join(nodesFolder, 'package.json'), {
		name: 'installed-nodes',
		private: true,
		dependencies: { [manifest.name]: manifest.version },
	});
	return packageFolder;
}

interface Manifest {
	name: string;
	version: string;
	[field: string]: unknown;
}

async function readTarballManifest(tarball: string): Promise<Manifest> {
	const text = await runCommand('tar', ['-xzOf', tarball, 'package/package.json']);
	const manifest: Manifest = JSON.parse(text);
	return manifest;
}

async function writeJson(file: string, content: unknown): Promise<void> {
	await writeFile(file, JSON.stringify(content, null, 2));
}
