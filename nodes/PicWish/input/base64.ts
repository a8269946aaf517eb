// Base64 text → bytes, in chunks.

const CHUNK_BYTES = 64 * 1024;
/** Enough to detect line breaks, which come after 64 or 76 characters. */
const SAMPLE_CHARACTERS = 1024;

/** The number of decoded bytes. Plain base64, as n8n writes it, is not decoded for this. */
export function decodedLength(text: string): number {
	if (isPlain(text)) return Buffer.byteLength(text, 'base64');
	let bytes = 0;
	for (const chunk of decode(text, CHUNK_BYTES)) bytes += chunk.length;
	return bytes;
}

/** The decoded bytes. Line breaks and other foreign characters are skipped. */
export async function* decodeInChunks(
	text: string,
	chunkBytes = CHUNK_BYTES,
): AsyncGenerator<Uint8Array> {
	yield* decode(text, chunkBytes);
}

function isPlain(text: string): boolean {
	const sample = text.slice(0, SAMPLE_CHARACTERS) + text.slice(-SAMPLE_CHARACTERS);
	return text.length % 4 === 0 && /^[\w+/-]*={0,2}$/.test(sample);
}

function* decode(text: string, chunkBytes: number): Generator<Buffer> {
	// Four characters are three bytes: an incomplete group waits for the next slice.
	const characters = Math.ceil(chunkBytes / 3) * 4;
	let rest = '';
	for (let at = 0; at < text.length; at += characters) {
		const slice = text.slice(at, at + characters);
		const decoded = rest ? undefined : Buffer.from(slice, 'base64');
		if (decoded?.length === (slice.length / 4) * 3) {
			yield decoded;
			continue;
		}
		// The slice contains foreign characters or ends the text, or a rest is waiting.
		const piece = rest + slice.replace(/[^\w+/-]/g, '');
		const whole = piece.length - (piece.length % 4);
		rest = piece.slice(whole);
		yield Buffer.from(piece.slice(0, whole), 'base64');
	}
	if (rest) yield Buffer.from(rest, 'base64');
}
