import { type Loopback, startLoopback } from '../server/loopback';

/** What has been added to the media library. */
export interface Upload {
	contentType: string;
	disposition: string;
	bytes: Buffer;
	/** Title and alternative text, as far as they have been set. */
	texts: Record<string, unknown>;
}

export interface WordPress extends Loopback {
	uploads: Upload[];
}

/**
 * The media library of a WordPress site, as far as example 9 uses it.
 *
 * @param pictures addresses of what is in it
 */
export async function startWordPress(pictures: string[]): Promise<WordPress> {
	const uploads: Upload[] = [];
	const media = '/wp-json/wp/v2/media';
	const server = await startLoopback(({ method, path, body, contentType, headers }, response) => {
		const answer = (status: number, content: unknown) => {
			response.writeHead(status, { 'content-type': 'application/json' });
			response.end(JSON.stringify(content));
		};
		const id = Number(path.slice(media.length + 1));
		if (headers.authorization !== `Basic ${btoa('editor:application-password')}`) {
			answer(401, { code: 'rest_not_logged_in' });
		} else if (method === 'GET' && path.startsWith(`${media}?`)) {
			answer(
				200,
				pictures.map((url, index) => ({
					id: index + 1,
					source_url: url,
					title: { rendered: `Picture ${index + 1}` },
					alt_text: `What picture ${index + 1} shows`,
				})),
			);
		} else if (method === 'POST' && path === media) {
			const disposition = headers['content-disposition'] ?? '';
			uploads.push({ contentType, disposition, bytes: body, texts: {} });
			answer(201, { id: 100 + uploads.length });
		} else if (method === 'POST' && uploads[id - 101]) {
			Object.assign(uploads[id - 101]?.texts ?? {}, JSON.parse(body.toString()));
			answer(200, { id });
		} else {
			answer(404, { code: 'rest_no_route' });
		}
	});
	return { ...server, uploads };
}
