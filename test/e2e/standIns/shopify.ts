import { type Loopback, startLoopback } from '../server/loopback';

/** A picture that was added to a product. */
export interface AddedPicture {
	product: string;
	src: string;
	position: number;
	alt: string;
	/** What Shopify found at `src`. */
	bytes: Buffer;
}

export interface Shopify extends Loopback {
	added: AddedPicture[];
}

/**
 * The products of a shop, as far as example 10 uses them: their list, and adding a picture by its address.
 *
 * @param pictures addresses of the pictures of the one product
 */
export async function startShopify(pictures: string[]): Promise<Shopify> {
	const added: AddedPicture[] = [];
	const server = await startLoopback(async ({ method, path, body, headers }, response) => {
		const answer = (status: number, content: unknown) => {
			response.writeHead(status, { 'content-type': 'application/json' });
			response.end(JSON.stringify(content));
		};
		const product = /^\/admin\/api\/[\d-]+\/products\/(\d+)\/images\.json$/.exec(path)?.[1];
		if (path === '/products') {
			const images = pictures.map((src, index) => ({
				id: 10 + index,
				product_id: 1,
				position: index + 1,
				alt: `Photo ${index + 1}`,
				src,
			}));
			answer(200, [{ id: 1, title: 'Mug', images }]);
		} else if (headers['x-shopify-access-token'] !== 'made-up-token') {
			answer(401, { errors: 'Invalid API key or access token' });
		} else if (method === 'POST' && product) {
			const { image }: { image: Omit<AddedPicture, 'product' | 'bytes'> } = JSON.parse(
				body.toString(),
			);
			const found = await fetch(image.src);
			added.push({ ...image, product, bytes: Buffer.from(await found.arrayBuffer()) });
			answer(200, { image: { id: 100 + added.length } });
		} else {
			answer(404, { errors: 'Not Found' });
		}
	});
	return { ...server, added };
}
