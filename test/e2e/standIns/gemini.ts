import { sampleSize, samples } from '../../sandbox/samples/samples';
import { type Loopback, startLoopback } from '../server/loopback';

export interface Gemini extends Loopback {
	/** What it answers from now on, as text of the model. */
	answerWith(text: string): void;
	/** What it was asked last. */
	asked(): string;
}

/** The note and the sticker of the untidy sample, in the words of the model. */
const foundByGemini = [
	'Here are the boxes:',
	'```json',
	JSON.stringify(
		samples.untidy.areas.map(({ x, y, width, height }, index) => ({
			box_2d: [
				perMille(y, sampleSize.height),
				perMille(x, sampleSize.width),
				perMille(y + height, sampleSize.height),
				perMille(x + width, sampleSize.width),
			],
			label: index === 0 ? 'note' : 'sticker',
		})),
	),
	'```',
].join('\n');

/** The part of the Gemini API that n8n's node uses to analyze an image: upload, then generate. */
export async function startGemini(): Promise<Gemini> {
	let text = foundByGemini;
	let asked = '';
	const server: Loopback = await startLoopback(({ path, body }, response) => {
		response.setHeader('content-type', 'application/json');
		if (path.startsWith('/upload/')) {
			response.setHeader('x-goog-upload-url', `${server.url}/files/photo`).end('{}');
			return;
		}
		if (path.startsWith('/files/')) {
			const file = { name: 'files/photo', uri: `${server.url}/files/photo` };
			response.end(JSON.stringify({ file: { ...file, mimeType: 'image/png', state: 'ACTIVE' } }));
			return;
		}
		asked = body.toString();
		const content = { parts: [{ text }], role: 'model' };
		response.end(JSON.stringify({ candidates: [{ content, finishReason: 'STOP', index: 0 }] }));
	});
	return {
		...server,
		answerWith: (other) => {
			text = other;
		},
		asked: () => asked,
	};
}

function perMille(value: number, of: number): number {
	return Math.round((value / of) * 1000);
}
