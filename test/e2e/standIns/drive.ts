import { type Loopback, startLoopback } from '../server/loopback';

export interface Drive extends Loopback {
	/** What has been uploaded, by name. */
	uploads: Map<string, Buffer>;
}

/**
 * Two folders of pictures, by plain HTTP: n8n's Google Drive node has no setting for another
 * address, so an HTTP Request node stands in for it too.
 *
 * @param files of the folder with the photos, by name
 */
export async function startDrive(files: Record<string, Buffer>): Promise<Drive> {
	const uploads = new Map<string, Buffer>();
	const names = Object.keys(files);
	const server = await startLoopback(({ method, path, body }, response) => {
		const { pathname, searchParams } = new URL(path, 'http://127.0.0.1');
		if (pathname === '/files') {
			const list = names.map((name, index) => ({ id: String(index), name }));
			response.setHeader('content-type', 'application/json').end(JSON.stringify(list));
		} else if (method === 'PUT') {
			uploads.set(searchParams.get('name') ?? '', body);
			response.setHeader('content-type', 'application/json').end('{}');
		} else {
			const name = names[Number(pathname.slice('/files/'.length))] ?? '';
			response.setHeader('content-type', 'application/octet-stream').end(files[name]);
		}
	});
	return { ...server, uploads };
}
