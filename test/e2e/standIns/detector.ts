import { samples } from '../../sandbox/samples/samples';
import { type Loopback, startLoopback } from '../server/loopback';

interface Found {
	class: string;
	confidence: number;
	/** From the middle of the box, as Roboflow counts. */
	x: number;
	y: number;
	width: number;
	height: number;
}

/** What it finds in the photos of example 2, by the article's number in the address. */
const found: Record<string, Found[]> = {
	'DESK-01': [
		...samples.untidy.areas.map((area) => box('sticker', 0.95, area)),
		box('sticker', 0.21, { x: 40, y: 700, width: 60, height: 60 }),
	],
	'MUG-07': [box('logo', 0.88, { x: 476, y: 391, width: 256, height: 128 })],
	'MUG-08': [],
};

/** Answers as the hosted models of Roboflow do. It does not look at the photo. */
export async function startDetector(): Promise<Loopback> {
	return await startLoopback(({ path }, response) => {
		const photo = new URL(path, 'http://127.0.0.1').searchParams.get('photo') ?? '';
		const answer = { predictions: found[photo] ?? [], image: { width: 1200, height: 800 } };
		response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
	});
}

function box(
	name: string,
	confidence: number,
	{ x, y, width, height }: { x: number; y: number; width: number; height: number },
): Found {
	return { class: name, confidence, x: x + width / 2, y: y + height / 2, width, height };
}
