// JPEGs that are stored turned: their orientation tag, changed while they pass by.

import type { ByteSource, NumberField, Picture } from './picture';
import { EXIF_PREFIX } from './tiff';

/** An APP1 segment that says nothing but an orientation; 36 bytes. */
const EXIF_SEGMENT = Buffer.concat([
	Buffer.from('ffe10022', 'hex'),
	EXIF_PREFIX,
	// A TIFF of one directory with one entry: tag 274, SHORT, one value.
	Buffer.from('4d4d002a00000008' + '0001' + '0112000300000001' + '00010000' + '00000000', 'hex'),
]);
const VALUE_AT = 29;
/** Behind SOI: of several Exif segments, readers take the first. */
const INSERT_AT = 2;

/**
 * The same picture in a file that says it is upright: as long, and the same but for the tag. Only a
 * JPEG can say so; other files stay as they are.
 */
export function uprightView(picture: Picture): Picture {
	const tags = picture.orientationTags ?? [];
	if (tags.length === 0) return picture;
	return {
		...picture,
		orientation: 1,
		async open() {
			const source = await picture.open();
			const orient = orienter(tags, 1);
			return Object.assign(changed(source, orient), { destroy: () => source.destroy?.() });
		},
	};
}

/**
 * Changes a JPEG, chunk by chunk, into one with this orientation. Without a tag, 36 bytes are added.
 *
 * @param tags where the file has its orientation
 * @returns to be called with each chunk, in order; does not change the chunk that it gets
 */
export function orienter(
	tags: readonly NumberField[],
	orientation: number,
): (chunk: Uint8Array) => Uint8Array {
	let at = 0;
	return (chunk) => {
		const from = at;
		at += chunk.length;
		if (tags.length > 0) return withTags(chunk, from, tags, orientation);
		if (from > INSERT_AT || at <= INSERT_AT) return chunk;
		const segment = Buffer.from(EXIF_SEGMENT);
		segment.writeUInt8(orientation, VALUE_AT);
		const split = INSERT_AT - from;
		return Buffer.concat([chunk.subarray(0, split), segment, chunk.subarray(split)]);
	};
}

async function* changed(
	source: ByteSource,
	change: (chunk: Uint8Array) => Uint8Array,
): AsyncGenerator<Uint8Array> {
	for await (const chunk of source) yield change(chunk);
}

function withTags(
	chunk: Uint8Array,
	from: number,
	tags: readonly NumberField[],
	orientation: number,
): Uint8Array {
	const touched = tags.filter(({ at, bytes }) => at < from + chunk.length && at + bytes > from);
	if (touched.length === 0) return chunk;
	const copy = Buffer.from(chunk);
	for (const { at, bytes, littleEndian } of touched) {
		for (let index = 0; index < bytes; index++) {
			const isLowest = index === (littleEndian ? 0 : bytes - 1);
			// Where the tag lies across two chunks, indexes outside of this one are ignored.
			copy[at + index - from] = isLowest ? orientation : 0;
		}
	}
	return copy;
}
