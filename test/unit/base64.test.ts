import fc from 'fast-check';
import { decodedLength, decodeInChunks } from '../../nodes/PicWish/input/base64';

async function decoded(text: string, chunkBytes?: number): Promise<Buffer[]> {
	const chunks: Buffer[] = [];
	for await (const chunk of decodeInChunks(text, chunkBytes)) chunks.push(Buffer.from(chunk));
	return chunks;
}

test('any bytes, in pieces of any length', async () => {
	const pieceBytes = fc.integer({ min: 1, max: 500 });
	await fc.assert(
		fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), pieceBytes, async (bytes, length) => {
			const text = Buffer.from(bytes).toString('base64');
			const chunks = await decoded(text, length);
			expect(Buffer.concat(chunks)).toEqual(Buffer.from(bytes));
			expect(decodedLength(text)).toBe(bytes.length);
			for (const chunk of chunks) expect(chunk.length).toBeLessThanOrEqual(length + 2);
		}),
	);
});

const bytes = Buffer.from(Array.from({ length: 1001 }, (_, i) => i % 256));
const text = bytes.toString('base64');

test.each([
	['line breaks', text.replace(/.{76}/g, '$&\r\n')],
	['the alphabet for addresses', bytes.toString('base64url')],
	['no padding', text.replace(/=+$/, '')],
	['blanks around', ` ${text}\n`],
])('a text with %s, as Node itself decodes it', async (_name, written) => {
	expect(Buffer.concat(await decoded(written, 100))).toEqual(bytes);
	expect(decodedLength(written)).toBe(bytes.length);
});

test('an empty text', async () => {
	expect(Buffer.concat(await decoded(''))).toHaveLength(0);
	expect(decodedLength('')).toBe(0);
});
